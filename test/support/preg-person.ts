import { blankAddress } from '../../src/person/blank-address.js';
import { blankPerson } from '../../src/person/blank-person.js';
import { isCalendarDate, type CalendarDate } from '../../src/person/calendar-date.js';
import type { PregAddress, PregPerson } from '../../src/person/preg-person.js';
import { syntheticNumber } from './synthetic-number.js';

/** A text that is known to be a day. */
export function dayIn(text: string): CalendarDate {
  if (!isCalendarDate(text)) throw new RangeError('not a day');
  return text;
}

/** A person of whom nothing but the number is known, and what is known besides. */
export function pregPerson(known: Partial<PregPerson> = {}): PregPerson {
  return {
    ...blankPerson,
    nin: syntheticNumber(),
    ...known,
  };
}

/** An address of which nothing is known, and what is known besides. */
export function pregAddress(known: Partial<PregAddress> = {}): PregAddress {
  return {
    ...blankAddress,
    nin: syntheticNumber(),
    ...known,
  };
}
