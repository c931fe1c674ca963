import { InvalidQuery } from '../errors/errors.js';
import { kindOf, NationalIdKind } from '../person/national-id.js';
import type { PregAddress, PregPerson } from '../person/preg-person.js';
import { protectionOf } from '../person/protection.js';
import { soughtText } from './folding.js';
import { mayBeAbroad, NORWAY, type SearchQuery, type SoughtAddress } from './search.js';
import { fitsCriteria, type ToldPlace } from './told-person.js';

/**
 * Whether a person who was found by number fits the other criteria too. A protected person fits no criterion of an
 * address (Safety S2). For criteria that {@link requireComparable} lets through.
 * @throws InvalidQuery where the record cannot tell: a refused question is never "nobody" (Safety S3)
 */
export function personFits(person: PregPerson, query: SearchQuery): boolean {
  const { givenName, middleName, sn, dateOfBirth, gender, deceased, dateOfDeath } = person;
  const isProtected = protectionOf(person) !== null;
  const addresses = isProtected ? [] : person.addresses.filter(({ currentAddress }) => currentAddress);
  const told = {
    name: { given: givenName, middle: middleName, family: sn },
    birth: dateOfBirth,
    gender,
    places: addresses.flatMap((address) => placesOf(address, person)),
    deceased,
    dateOfDeath,
  };
  if (fitsCriteria(told, query)) return true;
  const { address: sought, ...others } = query;
  if (sought !== undefined && mayBeUntold(addresses, sought) && fitsCriteria(told, others)) {
    throw new InvalidQuery('addressKind', 'cannot be told of a person whose mail goes elsewhere');
  }
  return false;
}

/**
 * Sees to it that a person's record can tell whether the criteria fit (Safety S3).
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

/** The record tells of a home abroad only where no postal address takes its place. */
function mayBeUntold(addresses: readonly PregAddress[], sought: SoughtAddress): boolean {
  return (
    sought.kind === 'home' &&
    mayBeAbroad(sought) &&
    addresses.some(({ mailing }) => mailing !== null && !mailing.isForeignStay)
  );
}

function placesOf(address: PregAddress, person: PregPerson): readonly ToldPlace[] {
  return [...streetPlaces(address, person), ...mailingPlaces(address)];
}

function streetPlaces(address: PregAddress, { nin }: PregPerson): readonly ToldPlace[] {
  if (address.source === null) return [];
  // Of those who have nothing but a help number no register knows a residence, so where they stay is where they live.
  const isHome = address.source === 'residential' || kindOf(nin) === NationalIdKind.HelpNumber;
  return [
    {
      kinds: isHome ? ['residential', 'home'] : [],
      lines: address.postalAddress === null ? [] : [address.postalAddress],
      postalCode: address.postalCode,
      postalPlace: address.postalPlace,
      municipality: address.st,
      municipalityName: address.municipality,
      // A hospital that tells of a stay without a country means Norway.
      country: address.countryCode ?? (address.country === null ? NORWAY : null),
    },
  ];
}

function mailingPlaces({ mailing }: PregAddress): readonly ToldPlace[] {
  if (mailing === null) return [];
  const { lines, postalCode, postalPlace, countryCode, isForeignStay } = mailing;
  return [
    {
      kinds: isForeignStay ? ['home'] : [],
      lines,
      postalCode,
      postalPlace,
      municipality: null,
      municipalityName: null,
      country: countryCode,
    },
  ];
}
