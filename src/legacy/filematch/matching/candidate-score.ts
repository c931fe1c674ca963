import type { PregPerson } from '../../../person/preg-person.js';
import type { InputRow } from '../record.js';
import { foldedWords, Likeness, likenessOf } from './name-likeness.js';

/**
 * How well a person who was found by a search fits a row, from 0 to 100 (docs/filematch.md "Scoring"):
 *
 * | | |
 * |---|---|
 * | birth date not the same day | 0 |
 * | names | the mean of the likeness of surname and of given name (name-likeness.ts) |
 * | surname in the row is the register's middle name, or the other way round | the surname's likeness is 60 |
 * | given name and surname swapped | the same the other way round, less 10, where that is more |
 * | no given name on one of the sides | three quarters of the surname's likeness, and never strong |
 * | sex told on both sides and not the same | less 20 |
 * | middle name told on both sides, and none of its words anywhere in the other name | less 20 |
 *
 * Addresses do not count: a search must not tell by who is found where somebody lives (Safety S2).
 */
export interface Score {
  readonly points: number;
  /** Whether it may be counted as strong. */
  readonly mayBeStrong: boolean;
}

/** Less for names in the wrong fields. */
const SWAPPED = 10;
/** Less for what contradicts. */
const CONTRADICTED = 20;
/** What of a surname's likeness is left that stands alone. */
const ALONE = 0.75;

/** The score of a candidate. @param sex `M` or `K`, empty where the register does not tell */
export function scoreOf(row: InputRow, person: PregPerson, sex: string): Score {
  if (row.dateOfBirth === null || row.dateOfBirth !== person.dateOfBirth) {
    return { points: 0, mayBeStrong: false };
  }
  const hasGivenNames = [row.givenName, person.givenName].every((name) => foldedWords(name ?? '').length > 0);
  const names = hasGivenNames ? nameScore(row, person) : surnameLikeness(row, person) * ALONE;
  const points = names - contradictions(row, person, sex) * CONTRADICTED;
  return { points: Math.max(0, Math.floor(points)), mayBeStrong: hasGivenNames };
}

function nameScore(row: InputRow, person: PregPerson): number {
  const told =
    (surnameLikeness(row, person) + likenessOf(row.givenName, person.givenName ?? '', 'given')) / 2;
  const [surname, given] = [
    likenessOf(row.givenName, person.sn ?? '', 'surname'),
    likenessOf(row.surname, person.givenName ?? '', 'given'),
  ];
  return Math.max(told, (surname + given) / 2 - SWAPPED);
}

/** A surname that gave way to another by marriage often stays as middle name. */
function surnameLikeness(row: InputRow, { sn, middleName }: PregPerson): number {
  const likeness = likenessOf(row.surname, sn ?? '', 'surname');
  const moved = [
    likenessOf(row.surname, middleName ?? '', 'surname'),
    likenessOf(row.middleName, sn ?? '', 'surname'),
  ].some((level) => level >= Likeness.Folded);
  return moved ? Math.max(likeness, Likeness.Alike) : likeness;
}

function contradictions(row: InputRow, person: PregPerson, sex: string): number {
  const told = row.sex.toUpperCase();
  return Number(told !== '' && sex !== '' && told !== sex) + Number(middleNamesContradict(row, person));
}

/** Local registers have a second given name or a second surname there, so that any place in the other name will do. */
function middleNamesContradict(row: InputRow, { givenName, middleName, sn }: PregPerson): boolean {
  const [told, known] = [foldedWords(row.middleName), foldedWords(middleName ?? '')];
  if (told.length === 0 || known.length === 0) return false;
  const registered = foldedWords([givenName, middleName, sn].join(' '));
  const written = foldedWords([row.givenName, row.middleName, row.surname].join(' '));
  return !told.some((word) => standsIn(word, registered)) && !known.some((word) => standsIn(word, written));
}

/** An initial stands in every name that begins with it. */
function standsIn(word: string, name: readonly string[]): boolean {
  return name.some((other) => other === word || (word.length === 1 && other.startsWith(word)));
}
