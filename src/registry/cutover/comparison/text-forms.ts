import { singleBlanks } from '../../folding.js';

/** Spellings that mean the same, out of mappings/comparison.yaml; everything folded. */
export interface Spellings {
  /** What a letter is written as by those who lack it, by the letter in upper case. */
  readonly letters: ReadonlyMap<string, string>;
  /** The same, with the second spelling of letters that have two. */
  readonly otherLetters: ReadonlyMap<string, string>;
  /** The full word by what stands for it as a word of its own. */
  readonly words: ReadonlyMap<string, string>;
  /** The full ending by what stands for it at the end of a word, the longest first. */
  readonly endings: Endings;
  /** The same for words that end in a point. */
  readonly pointedEndings: Endings;
}

type Endings = readonly (readonly [ending: string, full: string])[];

/** So much of a word has to stand before what is taken for its ending. */
const SHORTEST_STEM = 2;

/** Text without what is no more than a way of writing it: case, blanks, accents, hyphens, points, letters written as others. */
export function foldedText(text: string, letters: Spellings['letters']): string {
  if (/^[A-Z0-9 ]*$/.test(text)) return singleBlanks(text);
  // Upper case may bring letters that come apart.
  const upper = Array.from(text.normalize('NFC').toUpperCase().normalize('NFC'));
  const plain = upper.map((letter) => letters.get(letter) ?? plainLetter(letter, letters)).join('');
  return singleBlanks(plain.replaceAll(/['’`´.]/gu, '').replaceAll(/[\p{Pd},;/]/gu, ' '));
}

function plainLetter(letter: string, letters: Spellings['letters']): string {
  const bare = letter.normalize('NFD').replaceAll(/\p{M}/gu, '');
  return letters.get(bare) ?? bare;
}

/** As {@link foldedText}, with abbreviated words in full, and without a blank between the number and the letter of a house. */
export function foldedStreet(text: string, spellings: Spellings): string {
  const written = text.match(/[^\s.]+\.?/gu) ?? [];
  const words = written.flatMap((word) =>
    foldedText(word, spellings.letters)
      .split(' ')
      .map((folded) => ({ folded, isPointed: word.endsWith('.') })),
  );
  return words.reduce((street, { folded, isPointed }) => {
    if (/^[A-Z]$/.test(folded) && /(?:^| )[0-9]+$/.test(street)) return street + folded;
    return `${street} ${fullWord(folded, isPointed, spellings)}`.trim();
  }, '');
}

function fullWord(word: string, isPointed: boolean, spellings: Spellings): string {
  const full = spellings.words.get(word);
  if (full !== undefined) return full;
  const endings = isPointed ? spellings.pointedEndings : spellings.endings;
  const found = endings.find(
    ([ending]) => word.endsWith(ending) && word.length >= ending.length + SHORTEST_STEM,
  );
  return found === undefined ? word : word.slice(0, -found[0].length) + found[1];
}

/** As {@link foldedStreet}, without what says that the name of somebody else follows. */
export function foldedCareOf(text: string, spellings: Spellings): string {
  return foldedStreet(text.replace(/^\s*(?:c\s*\/\s*o\b|v\s*\/|att?n?[.:])/iu, ''), spellings);
}
