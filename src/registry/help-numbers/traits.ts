import type { HelpNumberRecord } from '../../person/help-number-record.js';
import type { DayRange, SearchQuery } from '../search.js';
import { nameBeginnings, soughtText, wordsOf } from '../folding.js';

/**
 * What people are found by before their records are opened: the beginnings of their names, year of birth and post code.
 * No municipality: it is told by number or by name, and a number may be sought of which the name was told. Traits narrow
 * a search down and never decide it: whom they let through is compared in full.
 */
export type Trait = string;

/** Everybody who has one of the traits of each list. */
export type TraitQuery = readonly (readonly Trait[])[];

/** A range of years wider than this is not worth narrowing by. */
const MOST_YEARS = 10;

/** The traits of a record, each once. */
export function traitsOf({ name, birth, addresses }: HelpNumberRecord): readonly Trait[] {
  const words = [name.given, name.middle, name.family].flatMap((part) => nameBeginnings(part ?? ''));
  return [
    ...new Set([
      ...words.flatMap((word) => [beginning(word, 2), beginning(word, 3)]),
      birth === null ? undefined : year(birth),
      ...addresses.map(({ postalCode }) => (postalCode === null ? undefined : `postal:${postalCode}`)),
    ]),
  ].filter((trait) => trait !== undefined);
}

/** The traits that everybody has whom a search fits; an empty list where none narrows it down. */
export function traitsSought({ name, birth, address }: SearchQuery): TraitQuery {
  const words = [name?.given, name?.middle, name?.family, name?.full].flatMap((part) =>
    wordsOf(soughtText(part ?? '')),
  );
  const criteria = [
    ...words.map((word) => [beginning(word, 3) ?? beginning(word, 2)]),
    birth === undefined ? [] : yearsOf(birth),
    [address?.postalCode === undefined ? undefined : `postal:${address.postalCode}`],
  ];
  return criteria
    .map((traits) => traits.filter((trait) => trait !== undefined))
    .filter((traits) => traits.length > 0);
}

function beginning(word: string, length: number): Trait | undefined {
  const letters = Array.from(word);
  return letters.length < length ? undefined : `name:${letters.slice(0, length).join('')}`;
}

function year(date: string): Trait {
  return `year:${date.slice(0, 4)}`;
}

function yearsOf({ from, to }: DayRange): readonly Trait[] {
  if (from === undefined || to === undefined) return [];
  const [first, last] = [Number(from.slice(0, 4)), Number(to.slice(0, 4))];
  if (last - first >= MOST_YEARS) return [];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    year(String(first + index).padStart(4, '0')),
  );
}
