import { isCalendarDate, type CalendarDate } from '../../person/calendar-date.js';
import type { PregAddress, PregPerson } from '../../person/preg-person.js';
import { isProtected } from '../../person/protection.js';

/** The person as they were some time ago, told by a register that has not heard of what happened since. */

/** The name before the one that the person has now; undefined for a person without surname. */
export function beforeNameChange(person: PregPerson): PregPerson | undefined {
  if (person.sn === null) return undefined;
  return { ...person, sn: `GAMMEL${person.sn}`, dateName: earlier(person.dateName) };
}

/** The home before the present one; undefined where it is not known since when somebody lives where. */
export function beforeMove(person: PregPerson): PregPerson | undefined {
  const [current, ...others] = person.addresses;
  if (current?.streetName === undefined || current.streetName === null) return undefined;
  const since = earlier(current.dateAdrFrom);
  if (since === null || isProtected(current.postalType)) return undefined;
  const houseNumber = current.houseNumber === 1 ? 2 : 1;
  const home: PregAddress = {
    ...current,
    streetName: 'GAMLEVEIEN',
    streetNumber: null,
    houseNumber,
    houseLetter: null,
    apartmentNumber: null,
    postalAddress: `GAMLEVEIEN ${houseNumber}`,
    dateAdrFrom: since,
  };
  return { ...person, addresses: [home, ...others] };
}

/** PREG's codes of residents, emigrants and the dead (preg-xml-filematch-hl7v2 4.1). */
const RESIDENT = 1;
const EMIGRATED = 3;
const DEAD = 5;

/** Alive, or still in the country; undefined for everybody else. */
export function beforeChangeOfStatus(person: PregPerson): PregPerson | undefined {
  if (person.regStatus !== DEAD && person.regStatus !== EMIGRATED) return undefined;
  return {
    ...person,
    regStatus: RESIDENT,
    dateStatus: earlier(person.dateStatus),
    statusCountryCode: null,
    deceased: false,
    dateOfDeath: null,
  };
}

/** Code list 4.3 of preg-xml-filematch-hl7v2. */
const UNMARRIED = 1;

/** Not married yet; undefined for who never was, or where it is not known since when. */
export function beforeMarriage(person: PregPerson): PregPerson | undefined {
  const { maritalStatus, dateMaritalStatus } = person;
  if (maritalStatus === null || maritalStatus <= UNMARRIED || dateMaritalStatus === null) return undefined;
  return {
    ...person,
    maritalStatus: UNMARRIED,
    dateMaritalStatus: earlier(dateMaritalStatus),
    spouseNIN: null,
  };
}

/** The person without the numbers that gave way; undefined where none did. */
export function withoutSupersededNumbers(person: PregPerson): PregPerson | undefined {
  // The record of a number that gave way cannot do without the number that took its place.
  if (person.newNIN !== null || person.supersededNINs.length === 0) return undefined;
  return { ...person, oldNIN: null, supersededNINs: [], datesSuperseded: [] };
}

/** The first of the month, three years before. */
function earlier(day: CalendarDate | null): CalendarDate | null {
  if (day === null) return null;
  const before = `${String(Number(day.slice(0, 4)) - 3).padStart(4, '0')}-${day.slice(5, 7)}-01`;
  return isCalendarDate(before) ? before : null;
}
