import type { Countries } from '../../../mapping/countries.js';
import { blankAddress } from '../../../person/blank-address.js';
import type { NationalId } from '../../../person/national-id.js';
import type { MailingAddress, PregAddress } from '../../../person/preg-person.js';
import { NORWAY } from '../../search.js';
import type { XmlElement } from '../../../xml/element.js';
import { all, attribute, codes, first, words } from './hl7-element.js';

/** Uses of an address that somebody lives or stays at (preg-hl7v3 3.4), as our fields tell of it. */
const residences: ReadonlyMap<string, PregAddress['source']> = new Map([
  ['HP', 'residential'],
  ['TMP', 'present'],
  ['WP', 'present'],
]);
/** A home abroad, which the register tells as a way to reach the person. */
const HOME_ABROAD = 'H';

/** What hides an address, by whatever sign there is. */
export function isHidden(address: XmlElement): boolean {
  return codes(address, 'use').includes('CONF') || attribute(address, 'nullFlavor') === 'MSK';
}

/** The addresses of a person: a residence, and the address for mail that follows it. Former ones are left out. */
export function toldAddresses(
  elements: readonly XmlElement[],
  owner: NationalId,
  countries: Countries,
): readonly PregAddress[] {
  const addresses: PregAddress[] = [];
  for (const element of elements.filter((one) => isNow(one) && hasParts(one))) {
    const source = sourceOf(element);
    if (source !== undefined) {
      addresses.push({ ...blankAddress, nin: owner, source, ...residenceOf(element, countries) });
      continue;
    }
    const mailing = mailingOf(element, countries);
    const last = addresses.at(-1);
    if (last?.mailing === null) addresses.splice(-1, 1, { ...last, mailing });
    else addresses.push({ ...blankAddress, nin: owner, mailing });
  }
  return addresses;
}

function isNow(address: XmlElement): boolean {
  return all(address, 'useablePeriod').every((period) => first(period, 'high') === undefined);
}

function hasParts(address: XmlElement): boolean {
  return address.children.some((part) => words(part) !== undefined);
}

/** Undefined for an address that mail goes to. One of no use is where somebody lives: there is but one. */
function sourceOf(address: XmlElement): PregAddress['source'] | undefined {
  const uses = codes(address, 'use');
  if (uses.length === 0) return 'residential';
  return uses.map((use) => residences.get(use)).find((source) => source !== undefined);
}

function residenceOf(address: XmlElement, countries: Countries): Partial<PregAddress> {
  const part = (name: string): string | null => words(first(address, name)) ?? null;
  const county = part('county');
  const isNumber = county !== null && /^\d{4}$/.test(county);
  const house = /^(?<number>\d{1,9})\s*(?<letter>\p{L})?$/u.exec(part('houseNumber') ?? '')?.groups;
  return {
    postalAddress: linesIn(address).join(', ') || null,
    postalCode: part('postalCode'),
    postalPlace: part('city'),
    st: isNumber ? county : null,
    municipality: isNumber ? null : county,
    streetName: part('streetName'),
    houseNumber: house?.['number'] === undefined ? null : Number(house['number']),
    houseLetter: part('buildingNumberSuffix') ?? house?.['letter'] ?? null,
    apartmentNumber: part('unitID'),
    coAddress: part('careOf'),
    countryCode: countryIn(address, countries),
  };
}

function mailingOf(address: XmlElement, countries: Countries): MailingAddress {
  const country = countryIn(address, countries);
  return {
    lines: linesIn(address),
    postalCode: words(first(address, 'postalCode')) ?? null,
    postalPlace: words(first(address, 'city')) ?? null,
    countryCode: country === NORWAY ? null : country,
    isForeignStay: codes(address, 'use').includes(HOME_ABROAD),
  };
}

function linesIn(address: XmlElement): readonly string[] {
  return address.children
    .filter(({ localName }) => ['streetAddressLine', 'deliveryAddressLine'].includes(localName))
    .map(words)
    .filter((line) => line !== undefined);
}

function countryIn(address: XmlElement, countries: Countries): string | null {
  const told = words(first(address, 'country'));
  if (told === undefined) return null;
  const code = told.toUpperCase();
  const country = countries.byAlpha3(code) ?? countries.byAlpha2(code) ?? countries.byName(told);
  return country === undefined || country.alpha3 === '' ? null : country.alpha3;
}
