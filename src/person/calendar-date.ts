/** Dates without a time: the register's dates are days in Norway, never instants. */

declare const calendarDate: unique symbol;

/** A day as `YYYY-MM-DD`. */
export type CalendarDate = string & { readonly [calendarDate]: true };

/** Whether the text is a day that exists in the Gregorian calendar, written `YYYY-MM-DD`. */
export function isCalendarDate(text: string): text is CalendarDate {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/**
 * The day in the first ten characters of a date-time. Time and zone are dropped, never converted:
 * upstream writes dates in the clothing of date-times (persontjenesten-api 8).
 */
export function dayOf(dateTime: string): CalendarDate | undefined {
  const text = dateTime.slice(0, 10);
  return isCalendarDate(text) ? text : undefined;
}

const osloDay = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Oslo', dateStyle: 'short' });

/** The day it is in Norway at an instant. */
export function dayInNorway(instant: Date): CalendarDate {
  const day = osloDay.format(instant);
  if (!isCalendarDate(day)) throw new RangeError(`no calendar day for ${String(instant.getTime())}`);
  return day;
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
