import type { Countries } from '../../../mapping/countries.js';
import { isNationalId, kindOf, NationalIdKind, type NationalId } from '../../../person/national-id.js';
import type { MailingAddress, PregAddress, PregPerson } from '../../../person/preg-person.js';
import { NORWAY } from '../../search.js';

/** Registration status of the dead, and of a number that gave way (code list 4.1). */
const DEAD = 5;
export const SUPERSEDED = 6;

/**
 * A person with what the contract has no member for, as PREG's own clients told it from the others (contract 1.5): other
 * protocols have fields for it.
 */
export function completedPerson(person: PregPerson, countries: Countries): PregPerson {
  const { nin, oldNIN, regStatus, dateStatus } = person;
  return {
    ...person,
    gender: genderIn(nin),
    deceased: deceasedBy(regStatus),
    dateOfDeath: regStatus === DEAD ? dateStatus : null,
    supersededNINs: oldNIN !== null && isNationalId(oldNIN) && oldNIN !== nin ? [oldNIN] : [],
    addresses: person.addresses.map((address) => completedAddress(address, countries)),
  };
}

/** The ninth digit is even for women. Help numbers and DUF numbers have no meaning. */
function genderIn(nin: NationalId): 'F' | 'M' | null {
  const kind = kindOf(nin);
  const tells = kind === NationalIdKind.NationalIdentityNumber || kind === NationalIdKind.DNumber;
  if (!tells) return null;
  return Number(nin.charAt(8)) % 2 === 0 ? 'F' : 'M';
}

/** The status of a number that gave way is that of the number, not of the person (Safety S7). */
function deceasedBy(regStatus: number | null): boolean | null {
  return regStatus === null || regStatus === SUPERSEDED ? null : regStatus === DEAD;
}

function completedAddress(address: PregAddress, countries: Countries): PregAddress {
  const { postalAddress, streetName, postalCode, postalPlace, municipality, st, cadastralNumber } = address;
  const street = [postalAddress, streetName, postalCode, postalPlace, municipality, st, cadastralNumber];
  const hasStreet = street.some((part) => part !== null);
  return {
    ...address,
    source: hasStreet ? 'residential' : null,
    countryCode: hasStreet ? NORWAY : null,
    mailing: mailingOf(address, countries),
  };
}

function mailingOf(
  { addressLine1, addressLine2, addressLine3, country }: PregAddress,
  countries: Countries,
): MailingAddress | null {
  const lines = [addressLine1, addressLine2, addressLine3].filter((line) => line !== null);
  if (lines.length === 0) return null;
  const alpha3 = country === null ? NORWAY : countries.byName(country)?.alpha3;
  const isAbroad = alpha3 !== NORWAY;
  const place = isAbroad ? null : /^(?<code>\d{4}) (?<place>.+)$/.exec(lines.at(-1) ?? '');
  return {
    lines: place === null ? lines : lines.slice(0, -1),
    postalCode: place?.groups?.['code'] ?? null,
    postalPlace: place?.groups?.['place'] ?? null,
    countryCode: isAbroad ? (alpha3 ?? null) : null,
    isForeignStay: false,
  };
}
