import { isCalendarDate, type CalendarDate } from '../../person/calendar-date.js';
import { parseDateTime } from '../../xml/date-time.js';

/** A date-time of a request: the day that it means in Norway, and the instant. */
export interface NorwegianTime {
  readonly day: CalendarDate;
  readonly instant: Date;
}

const FORM =
  /^(?<day>\d{4}-\d{2}-\d{2})(?:T(?<time>\d{2}:\d{2}:\d{2})(?<fraction>\.\d+)?)?(?<zone>Z|[+-]\d{2}:\d{2})?$/;
const HOUR = 3_600_000;

/**
 * Reads an `xs:dateTime` or `xs:date`, white space around it already gone; undefined when it is none, or there is no such
 * day. Without a zone it is the time in Norway. With Norway's zone, summer or winter, the day is the one that is written:
 * .NET on Windows puts midsummer at +02:00 in years that had no summer time, and means that day nevertheless. With
 * another zone it is converted. An hour that occurs twice is the second, one that is left out is read in winter time.
 */
export function parseNorwegianTime(text: string): NorwegianTime | undefined {
  const { day, time = '00:00:00', fraction = '', zone } = FORM.exec(text)?.groups ?? {};
  if (day === undefined || !isCalendarDate(day)) return undefined;
  // Digits beyond the millisecond decide nothing.
  const written = `${day}T${time}${fraction.slice(0, 4)}`;
  const milliseconds = parseDateTime(`${written}${zone ?? 'Z'}`);
  if (milliseconds === undefined) return undefined;
  if (zone === undefined) return { day, instant: new Date(milliseconds - offsetOfLocal(milliseconds)) };
  const instant = new Date(milliseconds);
  if (zone === '+01:00' || zone === '+02:00') return { day, instant };
  const local = new Date(milliseconds + offsetAt(milliseconds)).toISOString().slice(0, 10);
  return isCalendarDate(local) ? { day: local, instant } : undefined;
}

/**
 * Milliseconds that Norway is ahead of UTC, by the rule in force since 1996. It is applied to all years, as Windows
 * does, whose day is the one that matters for dates of birth.
 */
function offsetAt(instant: number): number {
  const year = new Date(instant).getUTCFullYear();
  return instant >= lastSundayOf(year, 2) && instant < lastSundayOf(year, 9) ? 2 * HOUR : HOUR;
}

/** The same for a time on Norwegian clocks, written as if it were UTC. */
function offsetOfLocal(local: number): number {
  const inSummer = offsetAt(local - 2 * HOUR) === 2 * HOUR;
  return inSummer && offsetAt(local - HOUR) === 2 * HOUR ? 2 * HOUR : HOUR;
}

/** One o'clock UTC on the last Sunday of a month with 31 days, when clocks change. Months count from 0. */
function lastSundayOf(year: number, month: number): number {
  const last = new Date(0);
  last.setUTCFullYear(year, month, 31);
  last.setUTCHours(1, 0, 0, 0);
  return last.getTime() - last.getUTCDay() * 24 * HOUR;
}
