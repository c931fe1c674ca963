import type { CalendarDate } from '../person/calendar-date.js';
import type { Lineage } from '../person/lineage.js';
import type { PregPerson } from '../person/preg-person.js';

/** What is known of the people sought. Every criterion given has to hold; none may be ignored (Safety S3). */
export interface SearchQuery {
  /** Name as written; each part is matched from its beginning. */
  readonly name?: SoughtName | undefined;
  readonly birth?: DayRange | undefined;
  readonly gender?: 'F' | 'M' | undefined;
  readonly address?: SoughtAddress | undefined;
  readonly deceased?: boolean | undefined;
  readonly death?: DayRange | undefined;
  /** Whether people known by a help number alone count, upstream's and the adapter's own ("Decided" 11). */
  readonly withHelpNumbers: boolean;
  /** The most hits that can be used; the total tells how many there are. */
  readonly limit: number;
}

/** Names sought, in the register's three parts or as one text. */
export interface SoughtName {
  readonly given?: string | undefined;
  readonly middle?: string | undefined;
  readonly family?: string | undefined;
  /** Words that may stand in any part. */
  readonly full?: string | undefined;
}

/** Days from one to another, both included; an open end is absent, but never both. */
export interface DayRange {
  readonly from?: CalendarDate | undefined;
  readonly to?: CalendarDate | undefined;
}

/** Where the people sought live. */
export interface SoughtAddress {
  /** Street name, house number and letter in one text, matched from its beginning. */
  readonly street?: string | undefined;
  /** Four digits. */
  readonly postalCode?: string | undefined;
  readonly postalPlace?: string | undefined;
  /** Four digits. */
  readonly municipality?: string | undefined;
  readonly municipalityName?: string | undefined;
  /** ISO 3166-1 alpha-3. */
  readonly country?: string | undefined;
  /**
   * Which of a person's addresses is meant; absent means any. `residential` is that of the register, `present` a stay
   * elsewhere, `home` the residential one or a home abroad.
   */
  readonly kind?: 'residential' | 'present' | 'home' | undefined;
}

/** The one country whose addresses upstream searches by more than the country. */
export const NORWAY = 'NOR';

/** Whether an address abroad may be meant: the country says so, or it is a home and nothing about it is Norwegian. */
export function mayBeAbroad(sought: SoughtAddress): boolean {
  if (sought.country !== undefined) return sought.country !== NORWAY;
  const { kind, postalCode, municipality, municipalityName } = sought;
  return kind === 'home' && [postalCode, municipality, municipalityName].every((part) => part === undefined);
}

/** Whether an address is searched by, and so whether protected people have to be left out (Safety S2). */
export function isByAddress({ address }: SearchQuery): boolean {
  return Object.values(address ?? {}).some((part) => part !== undefined);
}

/** One person found. */
export interface SearchHit {
  readonly person: PregPerson;
  readonly lineage: Lineage;
}

/**
 * The people found: the first of them in the order of {@link bySearchOrder}, at most `limit`, and how many there are
 * in all (Safety S4). Protected people are in neither when an address was searched by (Safety S2).
 */
export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  readonly total: number;
}

const norwegian = new Intl.Collator('nb');

/** The order of hits: by surname, given and middle name in Norwegian order, birth date, number. Total: no two are equal. */
export function bySearchOrder(a: PregPerson, b: PregPerson): number {
  return (
    norwegian.compare(a.sn ?? '', b.sn ?? '') ||
    norwegian.compare(a.givenName ?? '', b.givenName ?? '') ||
    norwegian.compare(a.middleName ?? '', b.middleName ?? '') ||
    compareText(a.dateOfBirth ?? '', b.dateOfBirth ?? '') ||
    compareText(a.nin, b.nin)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
