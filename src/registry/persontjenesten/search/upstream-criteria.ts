/** Which criterion goes where: what each of upstream's two kinds of search can express (persontjenesten-api 6). */
import { isCalendarDate } from '../../../person/calendar-date.js';
import type { DayRange } from '../../search.js';
import type { SearchRules } from '../api-version.js';
import type { FormField } from '../client.js';
import { isPerhapsAbroad, type CheckedCriteria, type CriterionName } from './checked-criteria.js';

/** What is sent, and what is left to be judged by the documents that come back. */
export interface UpstreamCriteria {
  readonly fields: readonly FormField[];
  readonly left: ReadonlySet<string>;
}

/** The fields that express a criterion; `partly` when they let too many people through. */
interface Expression {
  readonly fields: readonly FormField[];
  readonly partly?: boolean;
}
type Expressions = Partial<Record<CriterionName, Expression | undefined>>;

/** Upstream looks at so many words of a full name, and not at those that follow. */
const WORDS_OF_FULL_NAME = 3;
/** The shortest that a match list and a count take. */
const LEAST_OF_NAME = 3;
const LEAST_OF_STREET = 5;

/** For `search/person`; undefined for a birth interval that is neither a day nor a month nor a year. */
export function directCriteria(criteria: CheckedCriteria): UpstreamCriteria | undefined {
  const birth = criteria.birth === undefined ? undefined : periodOf(criteria.birth);
  if (criteria.birth !== undefined && birth === undefined) return undefined;
  return upstreamCriteria(criteria, {
    ...names(criteria, 1),
    birth: field('BirthDate', birth),
    gender: gender(criteria),
    ...norwegianAddress(criteria, {
      street: field('StreetAddress', criteria.street),
      postalCode: field('PostalCode', criteria.postalCode),
      postalPlace: field('CityName', criteria.postalPlace),
      municipality: field('MunicipalityNumber', criteria.municipality),
    }),
  });
}

/** For `search/paged-match-list` and `search/match-count`. */
export function listedCriteria(criteria: CheckedCriteria, { deathDates }: SearchRules): UpstreamCriteria {
  return upstreamCriteria(criteria, {
    ...names(criteria, LEAST_OF_NAME),
    birth: days('Birth', criteria.birth),
    gender: gender(criteria),
    ...norwegianAddress(criteria, {
      street: field('StreetAddress', longEnough(criteria.street, LEAST_OF_STREET)),
      postalCode: field('PostalCode', criteria.postalCode),
      municipality: field('MunicipalityNumber', criteria.municipality),
    }),
    // The living cannot be listed by status: people without any are not known to be dead.
    deceased: field('PersonStatuses', criteria.deceased === true ? 'Deceased' : undefined),
    death: deathDates ? days('Death', criteria.death) : undefined,
  });
}

function upstreamCriteria(criteria: CheckedCriteria, expressions: Expressions): UpstreamCriteria {
  const expressed = new Map(Object.entries(expressions));
  const given = Object.entries(criteria).filter(([, value]) => value !== undefined);
  const left = given
    .map(([name]) => name)
    .filter((name) => {
      const expression = expressed.get(name);
      return expression === undefined || expression.partly === true;
    });
  return {
    fields: [...expressed.values()].flatMap((expression) => expression?.fields ?? []),
    left: new Set(left),
  };
}

/** Upstream looks for these in Norwegian addresses alone, so that it would leave out whoever may live abroad. */
function norwegianAddress(criteria: CheckedCriteria, expressions: Expressions): Expressions {
  return isPerhapsAbroad(criteria) ? {} : expressions;
}

function names({ given, middle, family, full }: CheckedCriteria, least: number): Expressions {
  return {
    given: field('GivenName', longEnough(given, least)),
    middle: field('MiddleName', longEnough(middle, least)),
    family: field('FamilyName', longEnough(family, least)),
    full: fullName(longEnough(full, least)),
  };
}

function fullName(full: string | undefined): Expression | undefined {
  const expression = field('FullName', full);
  // Whether a double name is one word or two is not told, so the fewest are counted upon.
  const words = full?.split(/[ \-']+/) ?? [];
  return expression === undefined || words.length <= WORDS_OF_FULL_NAME
    ? expression
    : { ...expression, partly: true };
}

function gender({ gender: sought }: CheckedCriteria): Expression | undefined {
  return field('Gender', sought === undefined ? undefined : sought === 'F' ? 'Female' : 'Male');
}

function longEnough(text: string | undefined, least: number): string | undefined {
  return text === undefined || text.length < least ? undefined : text;
}

function field(name: string, value: string | undefined): Expression | undefined {
  return value === undefined ? undefined : { fields: [[name, value]] };
}

/** The two ends of a range, as upstream takes them: a month or a year as such, which people without a day may fit. */
function days(what: 'Birth' | 'Death', range: DayRange | undefined): Expression | undefined {
  if (range === undefined) return undefined;
  const period = periodOf(range);
  const { from, to } = period === undefined ? range : { from: period, to: period };
  const ends = [field(`${what}DateFrom`, from), field(`${what}DateTo`, to)];
  return { fields: ends.flatMap((end) => end?.fields ?? []) };
}

/** A range that is a day, a month or a year, as `YYYY-MM-DD`, `YYYY-MM` or `YYYY`. */
function periodOf({ from, to }: DayRange): string | undefined {
  if (from === undefined || to === undefined) return undefined;
  if (from === to) return from;
  const [year, month] = [from.slice(0, 4), from.slice(0, 7)];
  if (from === `${year}-01-01` && to === `${year}-12-31`) return year;
  return from === `${month}-01` && to === lastDayOf(month) ? month : undefined;
}

function lastDayOf(month: string): string | undefined {
  return ['31', '30', '29', '28'].map((day) => `${month}-${day}`).find(isCalendarDate);
}
