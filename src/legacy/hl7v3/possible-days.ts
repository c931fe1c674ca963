import { isCertainlyAfter, type CalendarDate } from '../../person/calendar-date.js';
import type { HelpNumberRecord } from '../../person/help-number-record.js';
import type { Findings } from './findings.js';

/**
 * Refuses days that cannot be: a birth or death to come, a death before the birth. Of a date that is known in part, only
 * what is so whatever its rest is.
 * @param today in Norway
 */
export function refuseImpossibleDays(
  { birth, dateOfDeath }: Pick<Partial<HelpNumberRecord>, 'birth' | 'dateOfDeath'>,
  today: CalendarDate,
  findings: Findings,
): void {
  if (isAfter(birth, today)) findings.refuse('SYN102', 'The birthTime is a day to come.');
  if (isAfter(dateOfDeath, today)) findings.refuse('SYN102', 'The deceasedTime is a day to come.');
  if (typeof dateOfDeath === 'string' && isAfter(birth, dateOfDeath)) {
    findings.refuse('SYN102', 'The deceasedTime is before the birthTime.');
  }
}

function isAfter(date: string | null | undefined, day: CalendarDate): boolean {
  return typeof date === 'string' && isCertainlyAfter(date, day);
}
