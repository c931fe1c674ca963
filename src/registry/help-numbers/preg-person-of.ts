import type { Countries, Country } from '../../mapping/countries.js';
import type { Fill } from '../../mapping/information-parts.js';
import { addressLinesOf } from '../../mapping/mailing-address.js';
import { targets } from '../../mapping/targets.js';
import { upperCaseOf } from '../../mapping/transforms/plain.js';
import { blankAddress } from '../../person/blank-address.js';
import { blankPerson } from '../../person/blank-person.js';
import { isCalendarDate } from '../../person/calendar-date.js';
import type { HelpNumberRecord, RecordedAddress } from '../../person/help-number-record.js';
import type { FieldOrigin, Lineage } from '../../person/lineage.js';
import type { NationalId } from '../../person/national-id.js';
import type { MailingAddress, PregAddress, PregPerson } from '../../person/preg-person.js';
import type { SearchHit } from '../search.js';

/** What the translation depends on besides the record. */
export interface HelpNumberMapping {
  readonly countries: Countries;
  /** Citizenships are blank for everybody unless it is `rich` ("Decided" 5). */
  readonly fill: Fill;
}

/** A person in PREG's terms, and the rows whose value was too long for the old field (Safety S11). */
export interface MappedHelpNumber extends SearchHit {
  readonly cut: readonly string[];
}

const SOURCE = 'help-number register';
/** PREG's code of an ordinary address (code list 4.2). */
const ORDINARY = 0;

/**
 * What a hospital told of a person → PregPerson, names and places in upper case ("Decided" 6). A date of birth that is
 * not a whole day stays in the record alone, since PREG's field is a day. Pure.
 */
export function pregPersonOf(
  record: HelpNumberRecord,
  nin: NationalId,
  superseded: readonly NationalId[],
  mapping: HelpNumberMapping,
): MappedHelpNumber {
  const { name, birth } = record;
  const addresses = record.addresses.map((address) => addressOf(address, nin, mapping.countries));
  const person: PregPerson = {
    ...blankPerson,
    ...citizenshipsOf(record, mapping),
    nin,
    supersededNINs: superseded,
    givenName: upper(name.given),
    middleName: upper(name.middle),
    sn: upper(name.family),
    dateOfBirth: birth !== null && isCalendarDate(birth) ? birth : null,
    gender: record.gender,
    deceased: record.deceased,
    dateOfDeath: record.dateOfDeath,
    addresses,
    telecoms: record.telecoms,
    foreignIds: record.foreignIds,
  };
  const isCut = addresses.some(({ mailing }) => mailing !== null && addressLinesOf(mailing).cut);
  return { person, lineage: lineageOf(person), cut: isCut ? ['addresses.addressLine1'] : [] };
}

function citizenshipsOf(
  { citizenships }: HelpNumberRecord,
  { countries, fill }: HelpNumberMapping,
): Partial<PregPerson> {
  if (fill === 'faithful') return {};
  const first = countries.byAlpha3(citizenships.find((code) => code === 'NOR') ?? citizenships[0] ?? '');
  return {
    citizenships,
    citizenship: first === undefined ? null : upperCaseOf(first.name),
    citizenshipCode: first?.citizenshipCode ?? null,
  };
}

function addressOf(address: RecordedAddress, nin: NationalId, countries: Countries): PregAddress {
  const country = address.country === null ? undefined : countryOf(address.country, countries);
  const base: PregAddress = {
    ...blankAddress,
    nin,
    postalType: ORDINARY,
    country: upper(country?.name ?? address.country),
  };
  return address.kind === 'stay'
    ? { ...base, ...stayOf(address, country) }
    : { ...base, ...mailOf(address, country) };
}

function stayOf(address: RecordedAddress, country: Country | undefined): Partial<PregAddress> {
  const municipality = municipalityOf(address);
  return {
    source: 'present',
    postalAddress: linesOf(address).join(', ') || null,
    coAddress: upper(address.careOf),
    postalCode: address.postalCode,
    postalPlace: upper(address.postalPlace),
    st: municipality.number,
    municipality: municipality.name,
    countryCode: country?.alpha3 ?? null,
  };
}

function mailOf(address: RecordedAddress, country: Country | undefined): Partial<PregAddress> {
  const careOf = upper(address.careOf);
  const extra = [
    municipalityOf(address).name,
    // A country that the table does not know would be lost where only codes are shown.
    country === undefined ? upper(address.country) : null,
  ].filter((line) => line !== null);
  const mailing: MailingAddress = {
    lines: [...(careOf === null ? [] : [`C/O ${careOf}`]), ...linesOf(address), ...extra],
    postalCode: address.postalCode,
    postalPlace: upper(address.postalPlace),
    countryCode: country === undefined || country.alpha3 === 'NOR' ? null : country.alpha3,
    isForeignStay: address.kind === 'home-abroad',
  };
  const [addressLine1 = null, addressLine2 = null, addressLine3 = null] = addressLinesOf(mailing).lines;
  return { mailing, addressLine1, addressLine2, addressLine3 };
}

function linesOf({ lines }: RecordedAddress): readonly string[] {
  return lines.map((line) => upperCaseOf(line.trim())).filter((line) => line !== '');
}

function municipalityOf({ municipality }: RecordedAddress): {
  readonly number: string | null;
  readonly name: string | null;
} {
  const isNumber = municipality !== null && /^[0-9]{4}$/.test(municipality);
  return isNumber ? { number: municipality, name: null } : { number: null, name: upper(municipality) };
}

/** The country that a code or a Norwegian name means. */
export function countryOf(told: string, countries: Countries): Country | undefined {
  const code = upperCaseOf(told.trim());
  return countries.byAlpha3(code) ?? countries.byAlpha2(code) ?? countries.byName(code);
}

function upper(text: string | null): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : upperCaseOf(trimmed);
}

function lineageOf(person: PregPerson): Lineage {
  const { addresses, ...fields } = person;
  const lineage = new Map<string, FieldOrigin>();
  for (const [name, value] of Object.entries(fields)) lineage.set(name, originOf(name, value));
  for (const [index, address] of addresses.entries()) {
    for (const [name, value] of Object.entries(address)) {
      const row = `addresses.${name}`;
      if (targets.has(row)) lineage.set(`addresses[${index}].${name}`, originOf(row, value));
    }
  }
  return lineage;
}

function originOf(row: string, value: unknown): FieldOrigin {
  const isBlank = value === null || (Array.isArray(value) && value.length === 0);
  return isBlank ? { row, sources: [], blank: 'not told' } : { row, sources: [SOURCE] };
}
