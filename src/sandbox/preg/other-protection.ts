import { blankAddress } from '../../person/blank-address.js';
import type { PregPerson } from '../../person/preg-person.js';
import { ProtectedPostalType, protectionOf } from '../../person/protection.js';

/** The street that nobody may be told of: whatever shows it has let a protected address out. */
export const SECRET_STREET = 'HEMMELIGVEIEN';

/** Somebody whose address the old register hides; undefined for who is hidden already, and for people without any. */
export function protectedInPreg(person: PregPerson): PregPerson | undefined {
  if (person.addresses.length === 0 || protectionOf(person) !== null) return undefined;
  const masked = {
    ...blankAddress,
    nin: person.nin,
    postalType: ProtectedPostalType.Confidential,
    postalAddress: 'Sperret adr. fortrolig',
  };
  return { ...person, addresses: [masked], dateRegistered: null };
}

/** Somebody whose address the old register shows though it is hidden today; undefined for everybody else. */
export function openInPreg(person: PregPerson): PregPerson | undefined {
  if (protectionOf(person) === null) return undefined;
  const home = {
    ...blankAddress,
    nin: person.nin,
    postalType: 0,
    source: 'residential',
    streetName: SECRET_STREET,
    houseNumber: 13,
    postalAddress: `${SECRET_STREET} 13`,
    postalCode: '0001',
    postalPlace: 'OSLO',
    st: '0301',
    municipality: 'OSLO',
    countryCode: 'NOR',
  } as const;
  return { ...person, addresses: [home] };
}
