import { lettersIn } from '../../../registry/folding.js';
import type { InputRow } from '../record.js';
import { foldedSpellings, nameWords, sameSpellings } from './folded-name.js';

/**
 * The names by which the register is searched for the person of a row, beside the birth date: words that may stand in any part
 * of the name and in any order, so that swapped and transposed names, double names and hyphens need no question of their own.
 */
export interface SearchQuestions {
  /** The name as 2.6 reads it, in each spelling that is the same there. All of them are asked. */
  readonly asTold: readonly string[];
  /**
   * Asked one after another until somebody is found who counts: the whole name in other letters; the first given name with
   * each end of a longer surname; the surname alone, in all spellings.
   */
  readonly further: readonly string[];
}

/** Upstream's rule for all names together (persontjenesten-api 6.1); a shorter one is refused. */
const LEAST_LETTERS = 3;

/** The questions for a row, each once. `asTold` is empty where the row has no letters to search by. */
export function searchQuestions({
  surname,
  givenName,
}: Pick<InputRow, 'surname' | 'givenName'>): SearchQuestions {
  const [given, family] = [nameWords(givenName), nameWords(surname)];
  const whole = [...given, ...family];
  const asTold = texts([whole, ...sameSpellings(whole)]);
  const further = texts([
    ...foldedSpellings(whole),
    ...shortened(given, family),
    family,
    ...sameSpellings(family),
    ...foldedSpellings(family),
  ]);
  return {
    asTold,
    further: further.filter((name) => !asTold.includes(name) && lettersIn(name) >= LEAST_LETTERS),
  };
}

function texts(names: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(names.map((words) => words.join(' ')))].filter((name) => name !== '');
}

/** Of names of several words, the ones that are least often left out. */
function shortened(
  [given, ...givenToo]: readonly string[],
  [family, ...familyToo]: readonly string[],
): readonly (readonly string[])[] {
  if (given === undefined || family === undefined || givenToo.length + familyToo.length === 0) return [];
  return [family, familyToo.at(-1) ?? family].map((word) => [given, word]);
}
