import type { Countries } from '../../mapping/countries.js';
import type { HelpNumberRecord, RecordedAddress, RecordedName } from '../../person/help-number-record.js';
import type { DayRange, SearchQuery, SoughtAddress, SoughtName } from '../search.js';
import { folded, soughtText, wordsOf } from '../folding.js';
import { countryOf } from './preg-person-of.js';
import { nameBeginnings } from './traits.js';

/**
 * Whether the criteria fit a record: all of them, by the rules of the new register's search (persontjenesten-api 6):
 * text from its beginning, codes and days exactly. What was not told fits no criterion, but for `deceased`: nobody is
 * dead of whom nobody told it.
 */
export function fits(record: HelpNumberRecord, query: SearchQuery, countries: Countries): boolean {
  const { name, birth, gender, address, deceased, death } = query;
  return (
    (name === undefined || fitsName(record.name, name)) &&
    (birth === undefined || fitsRange(record.birth, birth)) &&
    (gender === undefined || record.gender === gender) &&
    (address === undefined || record.addresses.some((told) => fitsAddress(told, address, countries))) &&
    (deceased === undefined || (record.deceased ?? record.dateOfDeath !== null) === deceased) &&
    (death === undefined || fitsRange(record.dateOfDeath, death))
  );
}

function fitsName(told: RecordedName, { given, middle, family, full }: SoughtName): boolean {
  const beginnings = [told.given, told.middle, told.family].flatMap((part) => nameBeginnings(part ?? ''));
  return (
    beginsWith(told.given, given) &&
    beginsWith(told.middle, middle) &&
    beginsWith(told.family, family) &&
    (full === undefined ||
      wordsOf(soughtText(full)).every((sought) => beginnings.some((word) => word.startsWith(sought))))
  );
}

function beginsWith(told: string | null, sought: string | undefined): boolean {
  if (sought === undefined) return true;
  return told !== null && folded(told).startsWith(soughtText(sought));
}

function equals(told: string | null, sought: string | undefined): boolean {
  return sought === undefined || told === sought;
}

/** A date that is known in part fits when it lies in the range whatever the rest of it is. */
function fitsRange(told: string | null, { from, to }: DayRange): boolean {
  if (told === null) return false;
  const earliest = told + '-01-01'.slice(told.length - 4);
  // No month has a day 99: texts compare as days do.
  const latest = told + '-99-99'.slice(told.length - 4);
  return (from === undefined || earliest >= from) && (to === undefined || latest <= endOf(to, told));
}

/** The end of a range, written so that the last day of a month or year counts as its end for a date without day. */
function endOf(to: string, told: string): string {
  if (told.length === 10) return to;
  const lastOfYear = to.endsWith('-12-31');
  if (told.length === 4) return lastOfYear ? `${to.slice(0, 4)}-99-99` : to;
  const lastDay = new Date(Date.UTC(Number(to.slice(0, 4)), Number(to.slice(5, 7)), 0)).getUTCDate();
  return Number(to.slice(8)) === lastDay ? `${to.slice(0, 7)}-99` : to;
}

function fitsAddress(told: RecordedAddress, sought: SoughtAddress, countries: Countries): boolean {
  const { street, country, kind } = sought;
  return (
    // Nobody resides in Norway who has no number but this one: a stay is what the register calls a present address.
    (kind === undefined || (kind === 'present' && told.kind === 'stay')) &&
    (street === undefined || told.lines.some((line) => isInStreet(line, street))) &&
    equals(told.postalCode, sought.postalCode) &&
    beginsWith(told.postalPlace, sought.postalPlace) &&
    equals(told.municipality, sought.municipality) &&
    beginsWith(told.municipality, sought.municipalityName) &&
    (country === undefined ||
      (told.country !== null && countryOf(told.country, countries)?.alpha3 === country))
  );
}

/** `Storgata 1 b` and `storgata 1B` are one address. */
function isInStreet(line: string, street: string): boolean {
  const [told, sought] = [folded(line), soughtText(street)].map((text) => text.replaceAll(/\s/gu, ''));
  return told !== undefined && sought !== undefined && told.startsWith(sought);
}
