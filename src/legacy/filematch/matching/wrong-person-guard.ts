import type { PregPerson } from '../../../person/preg-person.js';
import type { InputRow } from '../record.js';
import { comparableWords } from './same-text.js';

/**
 * The guard of status 60 (Safety S9): a number that was mistyped may well be somebody else's. It fires when
 *
 * - surname and birth date are both told on both sides, and both disagree; or
 * - the birth date is not told on one of the sides, and surname and given name are told on both and both disagree.
 *
 * Dates disagree when they are not the same day. Names disagree unless all words of one of them stand in the other, as 2.6
 * compares text: `AASE` agrees with `Åse`, `KARI` with `ANNE-KARI`, `HANSEN` with `BERG HANSEN`, since names are shortened,
 * added to by marriage and written with and without a hyphen. That two double names share a word is no agreement: `BERG
 * HANSEN` and `HANSEN LIE` disagree. Nothing is folded here, and what the register holds in another field does not count.
 *
 * A field that the client's profile hides is not told, so that status 60 says nothing of it.
 */
export function isProbablyAnother(row: InputRow, person: PregPerson): boolean {
  if (!namesDisagree(row.surname, person.sn)) return false;
  if (row.dateOfBirth !== null && person.dateOfBirth !== null) return row.dateOfBirth !== person.dateOfBirth;
  return namesDisagree(row.givenName, person.givenName);
}

function namesDisagree(told: string, known: string | null): boolean {
  if (told === known) return false;
  const [one, other] = [comparableWords(told), comparableWords(known ?? '')];
  if (one.length === 0 || other.length === 0) return false;
  return !stand(one, other) && !stand(other, one);
}

function stand(words: readonly string[], among: readonly string[]): boolean {
  return words.every((word) => among.includes(word));
}
