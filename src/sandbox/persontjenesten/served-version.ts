/** The versions that are served beside one another, by what they do differently (persontjenesten-api 2). */
import type { EventDocument } from '../events/event-feed.js';
import { PERSONTJENESTEN_SCOPES, PERSONTJENESTEN_V2_SCOPES } from '../helseid/scopes.js';
import type { PersonDocument } from '../population/person-document.js';
import type { EventRules } from './event-query.js';
import type { View } from './person-view.js';
import { badParameter } from './problem.js';
import type { SearchRules } from './search-criteria.js';
import { eventInVersion2, personInVersion2 } from './version-2-shape.js';

/** One version. */
export interface ServedVersion {
  readonly number: 2 | 3;
  /** Where the routes of each view are. */
  readonly routes: Readonly<Record<View['access'], string>>;
  readonly scopes: Readonly<Record<View['access'], string>>;
  /** What the header `api-version` may say; undefined where the address tells the version. */
  readonly versionHeader: readonly string[] | undefined;
  /** What a number has to look like for `bulk-by-nin`. */
  readonly bulkNumber: RegExp;
  readonly search: SearchRules;
  /** Whether there is `search/match-list`, and paging of `search/match-count` that changes nothing. */
  readonly hasMatchList: boolean;
  readonly events: EventRules & {
    /** Whether a page without events is 404. */
    readonly emptyIsNotFound: boolean;
  };
  readonly texts: { readonly noPerson: string; readonly noEvent: string };
  /** How an answer is written that was made from a document. */
  readonly person: (answer: PersonDocument, whole: PersonDocument) => PersonDocument;
  readonly event: (event: EventDocument) => EventDocument;
}

const version2: ServedVersion = {
  number: 2,
  routes: { full: '/api/legal-basis', restricted: '/api/no-legal-basis' },
  scopes: PERSONTJENESTEN_V2_SCOPES,
  versionHeader: ['2', '2.0'],
  // National identity numbers and D-numbers: neither help numbers nor DUF numbers.
  bulkNumber: /^[0-7][0-9]{10}$/,
  search: {
    name: /^[\p{L}\s-]+$/u,
    street: /^[\p{L}\s\p{N}]+$/u,
    postalCodeSuffices: false,
    deathDates: false,
  },
  hasMatchList: true,
  events: { maxLimit: false, typesBetweenCommas: false, emptyIsNotFound: true },
  texts: { noPerson: 'Person not found', noEvent: 'Event not found' },
  person: personInVersion2,
  event: eventInVersion2,
};

const version3: ServedVersion = {
  number: 3,
  routes: { full: '/api/v3/full-access', restricted: '/api/v3/restricted-access' },
  scopes: PERSONTJENESTEN_SCOPES,
  versionHeader: undefined,
  bulkNumber: /^/,
  search: {
    name: /^\s*\p{L}+[\p{L}\s\-']*$/u,
    street: /^\s*[\p{L}\p{N}]+[\p{L}\s\p{N}\-.',/]*$/u,
    postalCodeSuffices: true,
    deathDates: true,
  },
  hasMatchList: false,
  events: { maxLimit: true, typesBetweenCommas: true, emptyIsNotFound: false },
  texts: { noPerson: 'No person found', noEvent: 'No event found' },
  person: (answer) => answer,
  event: (event) => event,
};

/** Throws Problem 400 for a number of a kind that the version does not take in bulk. */
export function requireBulkNumbers(nins: readonly string[], { bulkNumber }: ServedVersion): void {
  if (!nins.every((nin) => bulkNumber.test(nin))) {
    throw badParameter('nins', 'A number is of a kind that cannot be asked for in bulk.');
  }
}

/** Both versions. */
export const servedVersions = { 2: version2, 3: version3 } as const;
