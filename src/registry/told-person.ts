import { folded, foldedStreet, nameBeginnings, soughtText, wordsOf } from './folding.js';
import { NORWAY, type DayRange, type SearchQuery, type SoughtAddress, type SoughtName } from './search.js';

/** What is known of a person, in the terms that a search compares; null is what is not known. */
export interface ToldPerson {
  readonly name: ToldName;
  /** A day, or as much of it as is known: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
  readonly birth: string | null;
  readonly gender: 'F' | 'M' | null;
  readonly places: readonly ToldPlace[];
  readonly deceased: boolean | null;
  readonly dateOfDeath: string | null;
}

/** A name in the register's three parts. */
export interface ToldName {
  readonly given: string | null;
  readonly middle: string | null;
  readonly family: string | null;
}

/** An address; what is not known of it is null. */
export interface ToldPlace {
  /** The kinds of address that it is found as; by no kind it is found whatever it is. */
  readonly kinds: readonly SoughtAddress['kind'][];
  /** Each of the lines that a street may be sought by. */
  readonly lines: readonly string[];
  readonly postalCode: string | null;
  readonly postalPlace: string | null;
  /** Municipality number, four digits. */
  readonly municipality: string | null;
  /** The municipality's name, or its names: `Kárášjohka - Karasjok`. */
  readonly municipalityName: string | null;
  /** ISO 3166-1 alpha-3. */
  readonly country: string | null;
}

/**
 * Whether all criteria fit, by the rules of the new register's search (persontjenesten-api 6): text from its beginning,
 * codes and days exactly. What is not known fits no criterion, but for `deceased`: nobody is dead of whom nobody told it.
 */
export function fitsCriteria(
  told: ToldPerson,
  { name, birth, gender, address, deceased, death }: Omit<SearchQuery, 'withHelpNumbers' | 'limit'>,
): boolean {
  return (
    (name === undefined || fitsName(told.name, name)) &&
    (birth === undefined || fitsRange(told.birth, birth)) &&
    (gender === undefined || told.gender === gender) &&
    // One and the same address has to fit all that is sought of one.
    (address === undefined || told.places.some((place) => fitsPlace(place, address))) &&
    (deceased === undefined || (told.deceased ?? told.dateOfDeath !== null) === deceased) &&
    (death === undefined || fitsRange(told.dateOfDeath, death))
  );
}

/** Whether a name begins with the parts that are sought, and has the words that may stand anywhere. */
export function fitsName(told: ToldName, { given, middle, family, full }: SoughtName): boolean {
  const beginnings = [told.given, told.middle, told.family].flatMap((part) => nameBeginnings(part ?? ''));
  return (
    begins(told.given, given) &&
    begins(told.middle, middle) &&
    begins(told.family, family) &&
    wordsOf(soughtText(full ?? '')).every((sought) => beginnings.some((word) => word.startsWith(sought)))
  );
}

/** Whether an address fits all that is sought of one. */
export function fitsPlace(told: ToldPlace, sought: SoughtAddress): boolean {
  const { street } = sought;
  return (
    (sought.kind === undefined || told.kinds.includes(sought.kind)) &&
    (street === undefined || told.lines.some((line) => isInStreet(line, street))) &&
    equals(told.postalCode, sought.postalCode) &&
    begins(told.postalPlace, sought.postalPlace) &&
    fitsMunicipality(told, sought) &&
    equals(told.country, sought.country)
  );
}

/**
 * A number cannot be compared with a name, and one person too many is better than a "nobody" that is wrong. A region
 * abroad is no Norwegian municipality of whatever number.
 */
function fitsMunicipality(told: ToldPlace, { municipality, municipalityName }: SoughtAddress): boolean {
  const names = told.municipalityName === null ? [] : namesIn(told.municipalityName);
  const isNamedAlone = told.municipality === null && names.length > 0 && !isAbroad(told);
  const isNumberedAlone = told.municipality !== null && names.length === 0;
  return (
    (isNamedAlone || equals(told.municipality, municipality)) &&
    (isNumberedAlone ||
      municipalityName === undefined ||
      names.some((name) => begins(name, municipalityName)))
  );
}

function namesIn(names: string): readonly string[] {
  return [names, ...names.split(/ [-–] /)];
}

function isAbroad({ country }: ToldPlace): boolean {
  return country !== null && country !== NORWAY;
}

function begins(told: string | null, sought: string | undefined): boolean {
  return sought === undefined || (told !== null && folded(told).startsWith(folded(soughtText(sought))));
}

function equals(told: string | null, sought: string | undefined): boolean {
  return sought === undefined || told === sought;
}

function isInStreet(line: string, street: string): boolean {
  return foldedStreet(line).startsWith(foldedStreet(soughtText(street)));
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
