/** What the versions of Persontjenesten ask and take differently, as data (persontjenesten-api 2, 4, 5 and 6). */
import { NationalIdKind } from '../../person/national-id.js';
import type { Access } from '../person-registry.js';

/** One version, as far as its callers have to know which it is. */
export interface ApiVersion {
  readonly number: 2 | 3;
  /** Where the operations of each view are, without a slash at the end. */
  readonly routes: Readonly<Record<Access, string>>;
  /** The scope that goes with each view. */
  readonly scopes: Readonly<Record<Access, string>>;
  /** Headers of every call, with lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Kinds of number that `bulk-by-nin` takes; whoever is asked for by another is asked for alone. */
  readonly inBulk: ReadonlySet<NationalIdKind>;
  /** Whether a page of events can be asked for by its length, which is the longest there is otherwise. */
  readonly maxLimit: boolean;
  readonly search: SearchRules;
}

/** What a search may hold. The patterns are upstream's, for texts with single blanks; the first character is no blank. */
export interface SearchRules {
  readonly name: RegExp;
  readonly street: RegExp;
  /** Whether a postal code is enough besides a name. */
  readonly postalCodeSuffices: boolean;
  /** Whether match lists and counts go by the day of death. */
  readonly deathDates: boolean;
}

const AUDIENCE = 'nhn:hgd-persontjenesten-api';

const version2: ApiVersion = {
  number: 2,
  routes: { full: '/api/legal-basis', restricted: '/api/no-legal-basis' },
  scopes: { full: `${AUDIENCE}/read-with-legal-basis`, restricted: `${AUDIENCE}/read-no-legal-basis` },
  // Whoever names none is answered by the newest version.
  headers: { 'api-version': '2' },
  inBulk: new Set([NationalIdKind.NationalIdentityNumber, NationalIdKind.DNumber]),
  maxLimit: false,
  search: {
    // The pattern itself takes a hyphen first, which no name begins with.
    name: /^(?!.*[\u{10000}-\u{10FFFF}])\p{L}[\p{L} -]*$/u,
    street: /^(?!.*[\u{10000}-\u{10FFFF}])[\p{L}\p{N}][\p{L} \p{N}]*$/u,
    postalCodeSuffices: false,
    deathDates: false,
  },
};

const version3: ApiVersion = {
  number: 3,
  routes: { full: '/api/v3/full-access', restricted: '/api/v3/restricted-access' },
  scopes: { full: `${AUDIENCE}/full-access`, restricted: `${AUDIENCE}/restricted-access` },
  headers: {},
  inBulk: new Set(Object.values(NationalIdKind)),
  maxLimit: true,
  search: {
    // Letters beyond the first plane are two characters each to upstream, and neither is a letter there.
    name: /^(?!.*[\u{10000}-\u{10FFFF}])\p{L}+[\p{L} \-']*$/u,
    street: /^(?!.*[\u{10000}-\u{10FFFF}])[\p{L}\p{N}]+[\p{L} \p{N}\-.',/]*$/u,
    postalCodeSuffices: true,
    deathDates: true,
  },
};

/** The versions that the adapter speaks, by `persontjenesten.version`. */
export const apiVersions: Readonly<Record<ApiVersion['number'], ApiVersion>> = { 2: version2, 3: version3 };
