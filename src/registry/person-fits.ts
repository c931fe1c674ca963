import { InvalidQuery } from '../errors/errors.js';
import type { CalendarDate } from '../person/calendar-date.js';
import type { PregAddress, PregPerson } from '../person/preg-person.js';
import { protectionOf } from '../person/protection.js';
import { folded, soughtText, wordsOf } from './folding.js';
import type { DayRange, SearchQuery, SoughtAddress, SoughtName } from './search.js';

/**
 * Whether a person who was found by number fits the other criteria too, by the rules of the new register's search
 * (persontjenesten-api 6): text from its beginning, codes and days exactly. A protected person fits no criterion of an
 * address (Safety S2). For criteria that {@link requireComparable} lets through.
 */
export function personFits(
  person: PregPerson,
  { name, birth, gender, address, deceased, death }: SearchQuery,
): boolean {
  return (
    (name === undefined || fitsName(person, name)) &&
    (birth === undefined || fitsDays(person.dateOfBirth, birth)) &&
    (gender === undefined || person.gender === gender) &&
    (address === undefined || fitsAnyAddress(person, address)) &&
    // Nobody is dead of whom nobody told it.
    (deceased === undefined || (person.deceased ?? person.dateOfDeath !== null) === deceased) &&
    (death === undefined || fitsDays(person.dateOfDeath, death))
  );
}

/**
 * Sees to it that a person's record can tell whether the criteria fit: a refused question is never "nobody" (Safety S3).
 * @throws InvalidQuery
 */
export function requireComparable({ name, address }: Pick<SearchQuery, 'name' | 'address'>): void {
  if (Object.values(name ?? {}).some(hasWildcard)) {
    throw new InvalidQuery('name', 'has a wildcard that is not at the end');
  }
  if ([address?.street, address?.postalPlace, address?.municipalityName].some(hasWildcard)) {
    throw new InvalidQuery('address', 'has a wildcard that is not at the end');
  }
  if (address?.kind === 'present') {
    // The record tells of the home alone where there is one, so that a stay elsewhere would look like none.
    throw new InvalidQuery('addressKind', 'cannot be sought for a person who is sought by number');
  }
}

function hasWildcard(text: string | undefined): boolean {
  return /[*?%]/.test(soughtText(text ?? ''));
}

function fitsName(
  { givenName, middleName, sn }: PregPerson,
  { given, middle, family, full }: SoughtName,
): boolean {
  const words = [givenName, middleName, sn].flatMap((part) => wordsOf(part ?? ''));
  // A double name counts as a whole and by its halves.
  const beginnings = [...words, ...words.flatMap((word) => word.split('-').slice(1))];
  return (
    begins(givenName, given) &&
    begins(middleName, middle) &&
    begins(sn, family) &&
    wordsOf(soughtText(full ?? '')).every((sought) => beginnings.some((word) => word.startsWith(sought)))
  );
}

function fitsDays(day: CalendarDate | null, { from, to }: DayRange): boolean {
  return day !== null && (from === undefined || day >= from) && (to === undefined || day <= to);
}

function fitsAnyAddress(person: PregPerson, sought: SoughtAddress): boolean {
  return (
    protectionOf(person) === null &&
    person.addresses.some((address) => address.currentAddress && fitsAddress(address, sought))
  );
}

function fitsAddress(address: PregAddress, sought: SoughtAddress): boolean {
  return (
    (sought.kind === undefined || address.source === sought.kind) &&
    begins(withoutBlanks(address.postalAddress), withoutBlanks(sought.street)) &&
    equals(address.postalCode, sought.postalCode) &&
    begins(address.postalPlace, sought.postalPlace) &&
    equals(address.st, sought.municipality) &&
    begins(address.municipality, sought.municipalityName) &&
    equals(address.countryCode, sought.country)
  );
}

function begins(told: string | null, sought: string | undefined): boolean {
  return sought === undefined || (told !== null && folded(told).startsWith(soughtText(sought)));
}

/** `Storgata 1 b` and `storgata 1B` are one address. */
function withoutBlanks<Text extends string | null | undefined>(text: Text): Text | string {
  return typeof text === 'string' ? text.replaceAll(/\s/gu, '') : text;
}

function equals(told: string | null, sought: string | undefined): boolean {
  return sought === undefined || told === sought;
}
