import { isCalendarDate, type CalendarDate } from '../../person/calendar-date.js';

/** What a timestamp (TS) says of a date: as much of it as is known, and whether it tells a time of day as well. */
export interface TimestampDate {
  /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
  readonly date: string;
  readonly hasTime: boolean;
}

const timestamp =
  /^([0-9]{4})(?:([0-9]{2})(?:([0-9]{2})([0-9]{2}(?:[0-9]{2}(?:[0-9]{2}(?:\.[0-9]{1,4})?)?)?)?)?)?([+-][0-9]{1,4})?$/;

/** Reads `yyyy[MM[dd[HH…]]]`; undefined for what is no timestamp, or no date of the calendar. The zone is not heeded. */
export function dateInTimestamp(value: string): TimestampDate | undefined {
  const [, year, month, day, time, zone] = timestamp.exec(value) ?? [];
  if (year === undefined) return undefined;
  // A zone belongs to a time.
  if (zone !== undefined && time === undefined) return undefined;
  const date = [year, month, day].filter((part) => part !== undefined).join('-');
  const firstDay = [year, month ?? '01', day ?? '01'].join('-');
  return isCalendarDate(firstDay) && year !== '0000' ? { date, hasTime: time !== undefined } : undefined;
}

/** A date of which the day is known. */
export function wholeDay({ date }: TimestampDate): CalendarDate | undefined {
  return isCalendarDate(date) ? date : undefined;
}

/** The days that a timestamp may mean. */
export interface TimestampDays {
  readonly first: CalendarDate;
  readonly last: CalendarDate;
  readonly hasTime: boolean;
}

/** The first and the last day of `yyyy[MM[dd[HH…]]]`; undefined for what is no timestamp, or no date of the calendar. */
export function daysOfTimestamp(value: string): TimestampDays | undefined {
  const told = dateInTimestamp(value);
  if (told === undefined) return undefined;
  const [year = '', month, day] = told.date.split('-');
  const lastMonth = month ?? '12';
  // The day before the first of the next month.
  const lastDay = day ?? String(new Date(Date.UTC(Number(year), Number(lastMonth), 0)).getUTCDate());
  const first = `${year}-${month ?? '01'}-${day ?? '01'}`;
  const last = `${year}-${lastMonth}-${lastDay}`;
  return isCalendarDate(first) && isCalendarDate(last) ? { first, last, hasTime: told.hasTime } : undefined;
}
