import type { CalendarDate } from '../../../person/calendar-date.js';

/** A day as HL7 writes it, `yyyyMMdd`; undefined for a blank. */
export function hl7Day(day: CalendarDate | null): string | undefined {
  return day?.replaceAll('-', '');
}
