import { norwegianTime } from './norwegian-time.js';

/** Dates without a time: the register's dates are days in Norway, never instants. */

declare const calendarDate: unique symbol;

/** A day as `YYYY-MM-DD`. */
export type CalendarDate = string & { readonly [calendarDate]: true };

/** Whether the text is a day that exists in the Gregorian calendar, written `YYYY-MM-DD`. */
export function isCalendarDate(text: string): text is CalendarDate {
  // Every month has its first four weeks.
  if (/^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])$/.test(text)) return true;
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const day = Number(text.slice(8));
  return day >= 1 && day <= daysIn(Number(text.slice(0, 4)), Number(text.slice(5, 7)));
}

/** Days of a month in the Gregorian calendar; 0 for a month that there is not. */
function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  if (month < 1 || month > 12) return 0;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/**
 * The day in the first ten characters of a date-time. Time and zone are dropped, never converted:
 * upstream writes dates in the clothing of date-times (persontjenesten-api 8).
 */
export function dayOf(dateTime: string): CalendarDate | undefined {
  const text = dateTime.slice(0, 10);
  return isCalendarDate(text) ? text : undefined;
}

/** The day it is in Norway at an instant. */
export function dayInNorway(instant: Date): CalendarDate {
  const day = norwegianTime(instant).slice(0, 10);
  if (!isCalendarDate(day)) throw new RangeError(`no calendar day for ${String(instant.getTime())}`);
  return day;
}

/** The instant at which a day begins in Norway. */
export function startInNorway(day: CalendarDate): Date {
  const inUtc = Date.parse(`${day}T00:00:00Z`);
  // Clocks are changed at 01:00 UTC, so that what holds in the evening before still holds at midnight.
  const evening = inUtc - 3 * 3_600_000;
  return new Date(inUtc - (Date.parse(`${norwegianTime(new Date(evening))}Z`) - evening));
}

/** Whether a date comes after a day whatever is not known of it: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
export function isCertainlyAfter(date: string, day: CalendarDate): boolean {
  return date > day.slice(0, date.length);
}

/** Full years from one day to another, as birthdays count: born on 29 February turns a year older on 1 March. */
export function fullYearsBetween(from: CalendarDate, to: CalendarDate): number {
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4));
  return to.slice(5) < from.slice(5) ? years - 1 : years;
}
