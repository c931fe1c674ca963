import { foldName, foldStreet } from '../population/search-entry.js';
import type { SearchCriteria } from '../population/search-index.js';
import { fieldOf, valuesOf } from './form.js';
import { badParameter, Problem } from './problem.js';

/** What a search of one version may hold. The patterns are the API's, read as the whole value. */
export interface SearchRules {
  readonly name: RegExp;
  readonly street: RegExp;
  /** Whether a postal code is enough besides a name. */
  readonly postalCodeSuffices: boolean;
  /** Whether match lists go by the day of death; where they do not, the fields are not looked at. */
  readonly deathDates: boolean;
}

/** What a text field may hold: so many characters of the pattern. */
interface FieldRule {
  readonly least: number;
  readonly most: number;
  readonly pattern: RegExp;
}

/** The API's own pattern lets more through; what is no date cannot be searched for. */
const DATE = /^[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?$/;
const FOUR_DIGITS: FieldRule = { least: 4, most: 4, pattern: /^[0-9]{4}$/ };
const DATE_RULE: FieldRule = { least: 1, most: 10, pattern: DATE };
const GENDERS = ['Female', 'Male'];
const STATUSES = [
  'Resident',
  'Emigrated',
  'Disappeared',
  'Deceased',
  'Discontinued',
  'RegisteredAtBirth',
  'Temporary',
  'Inactive',
  'NotResident',
  'Active',
];
/** Only so many words of a full name are looked at (persontjenesten-api 6.1). */
const WORDS_OF_FULL_NAME = 3;
const NAME_FIELDS = ['FullName', 'GivenName', 'MiddleName', 'FamilyName'];

/** The shortest name and street that a search takes; they differ between the two kinds of search. */
interface Shortest {
  readonly name: number;
  readonly street: number;
}

/** Criteria of `search/person` (6.1). Throws Problem 400 for a bad value and for too few criteria. */
export function personSearchCriteria(form: URLSearchParams, rules: SearchRules): SearchCriteria {
  const read = reader(form);
  const criteria = defined({
    ...sharedCriteria(form, { name: 1, street: 1 }, rules),
    birthDate: read('BirthDate', DATE_RULE),
    cityName: fold(read('CityName', { least: 1, most: 100, pattern: rules.name })),
  });
  requireEnough(form, criteria, rules);
  return criteria;
}

/** Criteria of `search/paged-match-list` and `search/match-count` (6.2), all of them optional. Throws Problem 400. */
export function matchListCriteria(form: URLSearchParams, rules: SearchRules): SearchCriteria {
  const read = reader(form);
  const statuses = valuesOf(form, 'PersonStatuses');
  if (!statuses.every((status) => STATUSES.includes(status))) {
    throw badParameter('PersonStatuses', 'A value is not one of the known ones.');
  }
  return defined({
    ...sharedCriteria(form, { name: 3, street: 5 }, rules),
    basicStatisticalUnit: read('BasicStatisticalUnit', { least: 8, most: 8, pattern: /^[0-9]{8}$/ }),
    birthDateFrom: read('BirthDateFrom', DATE_RULE),
    birthDateTo: read('BirthDateTo', DATE_RULE),
    ...(rules.deathDates
      ? { deathDateFrom: read('DeathDateFrom', DATE_RULE), deathDateTo: read('DeathDateTo', DATE_RULE) }
      : {}),
    statuses: statuses.length === 0 ? undefined : statuses,
  });
}

/** Which page of a match list is asked for. */
export interface Page {
  readonly size: number;
  readonly offset: number;
}

/** Throws Problem 400 for a size outside of 1 … 10 000 or a negative offset. */
export function pageAsked(form: URLSearchParams): Page {
  return {
    size: wholeNumber(form, 'PageSize', 1, 10_000) ?? 1000,
    offset: wholeNumber(form, 'IndexOffset', 0, 2_147_483_647) ?? 0,
  };
}

type Read = (name: string, rule: FieldRule) => string | undefined;

function reader(form: URLSearchParams): Read {
  return (name, { least, most, pattern }) => {
    const value = fieldOf(form, name);
    if (value === undefined) return undefined;
    if (value.length < least || value.length > most) {
      throw badParameter(name, `The length is to be ${least} to ${most}.`);
    }
    if (!pattern.test(value)) throw badParameter(name, 'The value does not fit the pattern.');
    return value;
  };
}

function sharedCriteria(form: URLSearchParams, least: Shortest, rules: SearchRules): Partial<Criteria> {
  const read = reader(form);
  const name = (field: string, most: number): string | undefined =>
    fold(read(field, { least: least.name, most, pattern: rules.name }));
  const street = read('StreetAddress', { least: least.street, most: 200, pattern: rules.street });
  const gender = fieldOf(form, 'Gender');
  if (gender !== undefined && !GENDERS.includes(gender)) {
    throw badParameter('Gender', 'The value is not one of the known ones.');
  }
  return {
    fullName: name('FullName', 600)?.split(' ').slice(0, WORDS_OF_FULL_NAME),
    givenName: name('GivenName', 200),
    middleName: name('MiddleName', 200),
    familyName: name('FamilyName', 200),
    street: street === undefined ? undefined : foldStreet(street),
    gender,
    postalCode: read('PostalCode', FOUR_DIGITS),
    municipalityNumber: read('MunicipalityNumber', FOUR_DIGITS),
  };
}

function fold(value: string | undefined): string | undefined {
  return value === undefined ? undefined : foldName(value);
}

function lettersIn(text: string): number {
  return text.match(/\p{L}/gu)?.length ?? 0;
}

/** The three rules for a search that gives documents (6.1). */
function requireEnough(
  form: URLSearchParams,
  criteria: SearchCriteria,
  { postalCodeSuffices }: SearchRules,
): void {
  const names = NAME_FIELDS.flatMap((name) => fieldOf(form, name) ?? []);
  const letters = names.reduce((sum, name) => sum + lettersIn(name), 0);
  if (letters < 3) throw new Problem(400, 'At least three letters of names are required.');
  const { birthDate, municipalityNumber, postalCode, street } = criteria;
  const others = [birthDate, municipalityNumber, ...(postalCodeSuffices ? [postalCode] : [])].some(
    (criterion) => criterion !== undefined,
  );
  if (!others && lettersIn(street ?? '') < 3) {
    throw new Problem(
      400,
      `BirthDate, MunicipalityNumber${postalCodeSuffices ? ', PostalCode' : ''} or a StreetAddress of three letters is required.`,
    );
  }
}

function wholeNumber(form: URLSearchParams, name: string, least: number, most: number): number | undefined {
  const value = fieldOf(form, name);
  if (value === undefined) return undefined;
  const number = /^[0-9]{1,10}$/.test(value) ? Number(value) : NaN;
  if (!(number >= least && number <= most))
    throw badParameter(name, `A whole number of ${least} to ${most}.`);
  return number;
}

type Criteria = { -readonly [Key in keyof SearchCriteria]: SearchCriteria[Key] | undefined };

/** Without the criteria that were not given. */
function defined(criteria: Partial<Criteria>): SearchCriteria {
  const given: SearchCriteria = {};
  return Object.assign(
    given,
    Object.fromEntries(Object.entries(criteria).filter(([, value]) => value !== undefined)),
  );
}
