import { isCalendarDate } from '../../person/calendar-date.js';
import type { PregPerson } from '../../person/preg-person.js';

/** What no rule can explain: one of the registers is wrong. */

/** Another day of the same month; undefined for people without a birth date. */
export function bornOnAnotherDay(person: PregPerson): PregPerson | undefined {
  const { dateOfBirth } = person;
  if (dateOfBirth === null) return undefined;
  const day = Number(dateOfBirth.slice(8)) === 15 ? '16' : '15';
  const other = dateOfBirth.slice(0, 8) + day;
  return isCalendarDate(other) ? { ...person, dateOfBirth: other } : undefined;
}

/** The mother in the father's place; undefined where one of them is not told. */
export function withParentsSwapped(person: PregPerson): PregPerson | undefined {
  const { mothersNIN, fathersNIN } = person;
  if (mothersNIN === null || fathersNIN === null) return undefined;
  return { ...person, mothersNIN: fathersNIN, fathersNIN: mothersNIN };
}

/** The same street in another municipality; undefined where none is told. */
export function inAnotherMunicipality(person: PregPerson): PregPerson | undefined {
  const [current, ...others] = person.addresses;
  if (current?.st === undefined || current.st === null) return undefined;
  const elsewhere = current.st === '4601' ? '5001' : '4601';
  return { ...person, addresses: [{ ...current, st: elsewhere }, ...others] };
}
