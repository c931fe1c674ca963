import { foldedWord, nameWords, soundOf } from './folded-name.js';
import { isSameText } from './same-text.js';

/**
 * How alike two names are, from 0 to 100. One level for each kind of likeness, the highest that holds:
 *
 * | level | |
 * |---|---|
 * | 100 | the same as 2.6 compares text |
 * | 97 | the same when folded: `ØSTBY` and `OESTBY`, `ANDRÉ` and `ANDRE` |
 * | 95 | the same words in another order: `ANNE KARI` and `KARI ANNE` |
 * | 90 | all words of one stand in the other, or initials of the rest: `KARI` and `KARI ANNE`, `KARI A.` and `KARI ANNE` |
 * | 60 | every word of one sounds or looks like one of the other: `CHRISTIAN` and `KRISTIAN`; for given names also initials alone |
 * | 40 | surnames alone: a word in common, and others on both sides |
 * | 0 | anything else, and where one of them is blank |
 */
export const Likeness = {
  Same: 100,
  Folded: 97,
  OtherOrder: 95,
  Part: 90,
  Alike: 60,
  Shared: 40,
  None: 0,
} as const;
export type Likeness = (typeof Likeness)[keyof typeof Likeness];

/** What kind of name is compared. */
export type NameKind = 'given' | 'surname';

/** How alike two names of one kind are. Symmetric. */
export function likenessOf(one: string, other: string, kind: NameKind): Likeness {
  const [first, second] = [foldedWords(one), foldedWords(other)];
  if (first.length === 0 || second.length === 0) return Likeness.None;
  if (isSameText(one, other)) return Likeness.Same;
  if (first.join(' ') === second.join(' ')) return Likeness.Folded;
  if (first.toSorted().join(' ') === second.toSorted().join(' ')) return Likeness.OtherOrder;
  const [shorter, longer] = byLength(first, second);
  const pairs = pairsOf(shorter, longer);
  const equal = pairs.filter((pair) => pair === 'equal').length;
  const isPaired = pairs.every((pair) => pair !== 'none');
  if (isPaired && equal > 0 && !pairs.includes('alike')) return Likeness.Part;
  if (isPaired && (kind === 'given' || !pairs.includes('initial'))) return Likeness.Alike;
  return kind === 'surname' && equal > 0 ? Likeness.Shared : Likeness.None;
}

/** The words of a name as they are scored. */
export function foldedWords(name: string): readonly string[] {
  return nameWords(name)
    .map(foldedWord)
    .filter((word) => word !== '');
}

/** The one of fewer words first; of equally many an order that does not depend on which came first. */
function byLength(
  one: readonly string[],
  other: readonly string[],
): readonly [readonly string[], readonly string[]] {
  const isFirst = one.length === other.length ? one.join(' ') < other.join(' ') : one.length < other.length;
  return isFirst ? [one, other] : [other, one];
}

type Pair = 'equal' | 'initial' | 'alike' | 'none';

/** What each word of the shorter name has in the longer one, where every word serves once. */
function pairsOf(shorter: readonly string[], longer: readonly string[]): readonly Pair[] {
  const left = [...longer];
  const take = (isPartner: (word: string) => boolean): boolean => {
    const index = left.findIndex(isPartner);
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  };
  // Equal words find each other before one of them is taken for an initial or a variant of another.
  const isEqual = shorter.map((word) => take((partner) => partner === word));
  return shorter.map((word, index): Pair => {
    if (isEqual[index] === true) return 'equal';
    if (take((partner) => isInitial(word, partner) || isInitial(partner, word))) return 'initial';
    return take((partner) => areAlike(word, partner)) ? 'alike' : 'none';
  });
}

function isInitial(letter: string, word: string): boolean {
  return letter.length === 1 && word.length > 1 && word.startsWith(letter);
}

/** So much of the longer word has to be right. */
const LEAST_RIGHT = 0.75;

function areAlike(one: string, other: string): boolean {
  if (soundOf(one) === soundOf(other)) return true;
  const longest = Math.max(one.length, other.length);
  return 1 - slips(one, other) / longest >= LEAST_RIGHT;
}

/** How many slips of the pen lie between two words: a letter more, less, other, or two neighbours in the wrong order. */
function slips(one: string, other: string): number {
  let before: readonly number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isEqual = one[row - 1] === other[column - 1];
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current.push(
        Math.min(
          at(last, column) + 1,
          at(current, column - 1) + 1,
          at(last, column - 1) + (isEqual ? 0 : 1),
          isSwapped && row > 1 && column > 1 ? at(before, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = last;
    last = current;
  }
  return at(last, other.length);
}

function at(numbers: readonly number[], index: number): number {
  return numbers[index] ?? Number.POSITIVE_INFINITY;
}
