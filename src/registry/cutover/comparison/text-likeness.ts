import { singleBlanks } from '../../folding.js';
import { foldedText, type Spellings } from './text-forms.js';

/**
 * Whether one text is the beginning of the other, about as long as there was room for: blanks at the cut fall away.
 * @param length in characters
 */
export function isCut(length: number, { letters }: Spellings): (one: string, other: string) => boolean {
  return (one, other) => {
    const [short, long] = [one, other].map(singleBlanks).toSorted((a, b) => a.length - b.length);
    if (short === undefined || long === undefined) return false;
    const fills = short.length >= length - 1 && short.length <= length;
    return fills && foldedText(long, letters).startsWith(foldedText(short, letters));
  };
}

/**
 * Whether each word of one is the other's, or the beginning of it; both folded. Each may have abbreviated words.
 * @param initialsOnly whether nothing but the first letter stands for a word
 */
export function isAbbreviated(one: string, other: string, initialsOnly = false): boolean {
  const [words, others] = [one.split(' '), other.split(' ')];
  return (
    words.length === others.length &&
    words.every((word, index) => {
      const partner = others[index] ?? '';
      return word === partner || isShort(word, partner, initialsOnly) || isShort(partner, word, initialsOnly);
    })
  );
}

/** Numbers are not abbreviated. */
function isShort(word: string, full: string, initialsOnly: boolean): boolean {
  return /^[A-Z]+$/.test(word) && full.startsWith(word) && (!initialsOnly || word.length === 1);
}

/** What stands for a letter that a charset lacks. */
const LOST = /[?\u00bf\ufffd]/u;

/** Whether one text is the other with marks, or nothing, where the other has letters beyond ASCII. */
export function isWrittenWithout({ letters }: Spellings): (one: string, other: string) => boolean {
  return (one, other) => fits(one, other, letters) || fits(other, one, letters);
}

function fits(poor: string, rich: string, letters: Spellings['letters']): boolean {
  const [marked, full] = [
    singleBlanks(poor).toUpperCase(),
    singleBlanks(rich).normalize('NFC').toUpperCase(),
  ];
  if (marked.length > 200 || full.length > 200) return false;
  return fitsFrom(Array.from(marked), Array.from(full), letters);
}

/** One pass suffices: a letter beyond ASCII stands in the poor text as itself, as a mark, or not at all. */
function fitsFrom(poor: readonly string[], rich: readonly string[], letters: Spellings['letters']): boolean {
  let place = 0;
  for (const letter of rich) {
    const written = poor[place] ?? '';
    const isSame = written !== '' && foldedText(written, letters) === foldedText(letter, letters);
    const isLost = /[^\x20-\x7e]/u.test(letter);
    if (isSame || (isLost && written.search(LOST) === 0)) place += 1;
    else if (!isLost) return false;
  }
  return place === poor.length;
}
