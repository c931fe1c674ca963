import { InvalidQuery } from '../../../errors/errors.js';
import type { Countries } from '../../../mapping/countries.js';
import { lettersIn, singleBlanks } from '../../folding.js';
import { mayBeAbroad, type DayRange, type SearchQuery, type SoughtAddress } from '../../search.js';
import type { SearchRules } from '../api-version.js';

/**
 * What is sought, held to the new register's rules (persontjenesten-api 6.1) and ready to be sent: single blanks, no
 * wildcard. Everything that is given has to hold.
 */
export interface CheckedCriteria {
  readonly given: string | undefined;
  readonly middle: string | undefined;
  readonly family: string | undefined;
  readonly full: string | undefined;
  readonly birth: DayRange | undefined;
  readonly gender: 'F' | 'M' | undefined;
  readonly street: string | undefined;
  readonly postalCode: string | undefined;
  readonly postalPlace: string | undefined;
  readonly municipality: string | undefined;
  readonly municipalityName: string | undefined;
  /** ISO 3166-1 alpha-3. */
  readonly country: string | undefined;
  readonly addressKind: SoughtAddress['kind'];
  readonly deceased: boolean | undefined;
  readonly death: DayRange | undefined;
}

/** One of the criteria. */
export type CriterionName = keyof CheckedCriteria;

/** The criteria that tell of addresses (Safety S2). */
export const addressCriteria = [
  'street',
  'postalCode',
  'postalPlace',
  'municipality',
  'municipalityName',
  'country',
  'addressKind',
] as const satisfies readonly CriterionName[];

/** What a text may be: so many characters, as .NET counts them, of a pattern. */
interface TextRule {
  readonly most: number;
  readonly pattern: RegExp;
}

/** Never sent: any text that holds something will do. */
const municipalityName: TextRule = { most: 200, pattern: /\p{L}/u };

/** The letters that all names together have to have, and a street alone that is to be the second criterion. */
const LEAST_LETTERS = 3;

/**
 * Holds a query to the rules. @throws InvalidQuery naming the criterion: what upstream would refuse, and what it would
 * misunderstand (Safety S3)
 */
export function checkedCriteria(
  query: SearchQuery,
  countries: Countries,
  rules: SearchRules,
): CheckedCriteria {
  const { name = {}, address = {} } = query;
  const namePart: TextRule = { most: 200, pattern: rules.name };
  const criteria: CheckedCriteria = {
    given: text('name', name.given, namePart),
    middle: text('name', name.middle, namePart),
    family: text('name', name.family, namePart),
    full: text('name', name.full, { most: 600, pattern: rules.name }),
    birth: range('birth', query.birth),
    gender: query.gender,
    street: text('street', address.street, { most: 200, pattern: rules.street }),
    postalCode: fourDigits('postalCode', address.postalCode),
    postalPlace: text('postalPlace', address.postalPlace, { most: 100, pattern: rules.name }),
    municipality: fourDigits('municipality', address.municipality),
    municipalityName: text('municipalityName', address.municipalityName, municipalityName),
    country: country(address.country, countries),
    addressKind: address.kind,
    deceased: query.deceased,
    death: range('death', query.death),
  };
  mustHaveNoMunicipalityAbroad(criteria);
  mustBeEnough(criteria, rules);
  return criteria;
}

/** Whether an address was searched by, and so whether protected people have to be left out (Safety S2). */
export function isByAddress(criteria: CheckedCriteria): boolean {
  return addressCriteria.some((name) => criteria[name] !== undefined);
}

/** The criteria of an address, as the waist puts them. */
export function soughtAddressOf(criteria: CheckedCriteria): SoughtAddress {
  const { street, postalCode, postalPlace, municipality, municipalityName, country, addressKind } = criteria;
  return { street, postalCode, postalPlace, municipality, municipalityName, country, kind: addressKind };
}

/** Whether an address abroad may be meant, which upstream would not find: it searches Norwegian addresses alone. */
export function isPerhapsAbroad(criteria: CheckedCriteria): boolean {
  return mayBeAbroad(soughtAddressOf(criteria));
}

/** The new search matches beginnings, so a `*` at the end says nothing more; any other cannot be served ("Decided" 9). */
function text(criterion: string, given: string | undefined, { most, pattern }: TextRule): string | undefined {
  if (given === undefined) return undefined;
  const sought = singleBlanks(given).replace(/\*$/, '').trimEnd();
  if (sought === '') throw new InvalidQuery(criterion, 'holds nothing to search for');
  if (/[*?%_]/.test(sought)) {
    throw new InvalidQuery(criterion, 'the only wildcard that can be served is one * at the end');
  }
  if (sought.length > most) throw new InvalidQuery(criterion, `longer than ${most} characters`);
  if (!pattern.test(sought))
    throw new InvalidQuery(criterion, 'holds characters that cannot be searched for');
  return sought;
}

function fourDigits(criterion: string, given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const digits = given.trim();
  if (!/^[0-9]{4}$/.test(digits)) throw new InvalidQuery(criterion, 'has to be four digits');
  return digits;
}

function range(criterion: string, given: DayRange | undefined): DayRange | undefined {
  if (given === undefined) return undefined;
  const { from, to } = given;
  if (from === undefined && to === undefined) throw new InvalidQuery(criterion, 'names no day');
  if (from !== undefined && to !== undefined && from > to) {
    throw new InvalidQuery(criterion, 'the interval ends before it begins');
  }
  return given;
}

function country(given: string | undefined, countries: Countries): string | undefined {
  if (given === undefined) return undefined;
  const known = countries.byAlpha3(given);
  if (known === undefined) throw new InvalidQuery('country', 'not a known country');
  return known.alpha3;
}

/** The three rules for a search (persontjenesten-api 6.1, "Decided" 9). */
function mustBeEnough(criteria: CheckedCriteria, { postalCodeSuffices }: SearchRules): void {
  const names = [criteria.given, criteria.middle, criteria.family, criteria.full];
  if (lettersIn(names.join('')) < LEAST_LETTERS) {
    throw new InvalidQuery('name', `at least ${LEAST_LETTERS} letters of names are needed`);
  }
  const { birth, municipality, postalCode, street } = criteria;
  if (birth !== undefined) return;
  if (isPerhapsAbroad(criteria)) {
    throw new InvalidQuery(
      'secondCriterion',
      'a birth date is needed besides the name where the address may be abroad',
    );
  }
  if (municipality !== undefined || lettersIn(street ?? '') >= LEAST_LETTERS) return;
  if (postalCode !== undefined && postalCodeSuffices) return;
  const choice = ['birth date', 'municipality number', ...(postalCodeSuffices ? ['postal code'] : [])].join(
    ', ',
  );
  throw new InvalidQuery(
    'secondCriterion',
    `a ${choice} or street of ${LEAST_LETTERS} letters is needed besides the name`,
  );
}

/** Nobody would be found, and nobody would know why. */
function mustHaveNoMunicipalityAbroad(criteria: CheckedCriteria): void {
  if (!isPerhapsAbroad(criteria)) return;
  if (criteria.municipality === undefined && criteria.municipalityName === undefined) return;
  throw new InvalidQuery('country', 'an address abroad has no municipality to be searched for');
}
