/**
 * Names as they are sought and scored. Folding brings together what the same person's name may be written like, and with it
 * the names of different people: it finds candidates and is never what tells that two people are one (Safety S9).
 */

/** Letters that stand for others besides the accents that fall away. */
const letters: ReadonlyMap<string, string> = new Map([
  ['Æ', 'AE'],
  ['Ä', 'AE'],
  ['Ǽ', 'AE'],
  ['Ø', 'OE'],
  ['Ö', 'OE'],
  ['Œ', 'OE'],
  ['Å', 'AA'],
  ['Đ', 'D'],
  ['Ð', 'D'],
  ['Ŋ', 'N'],
  ['Ŧ', 'T'],
  ['Ł', 'L'],
  ['Þ', 'TH'],
  ['ẞ', 'SS'],
]);

/** The words of a name, in upper case and without anything that is no letter but apostrophes inside; a hyphen parts two words. */
export function nameWords(name: string): readonly string[] {
  return name
    .normalize('NFC')
    .toUpperCase()
    .normalize('NFC')
    .replaceAll(/[’`´]/gu, "'")
    .split(/[^\p{L}\p{M}']+/u)
    .map((word) => word.replaceAll(/^'+|'+$/g, ''))
    .filter((word) => word !== '');
}

/** The word in letters from A to Z, as far as it has such. */
export function foldedWord(word: string): string {
  if (/^[A-Z]*$/.test(word)) return word;
  return Array.from(word.normalize('NFC'), foldedLetter).join('').replaceAll("'", '');
}

function foldedLetter(letter: string): string {
  const bare = letter.normalize('NFD').replaceAll(/\p{M}/gu, '');
  return letters.get(letter) ?? letters.get(bare) ?? bare;
}

/** Ways to write one sound, from the longest on. */
const sounds: readonly (readonly [RegExp, string])[] = [
  [/PH/g, 'F'],
  [/CH|CK|[CQ]/g, 'K'],
  [/TH/g, 'T'],
  [/X/g, 'KS'],
  [/W/g, 'V'],
  [/Z/g, 'S'],
  [/(.)\1+/gu, '$1'],
];

/** What a folded word sounds like, roughly: `CHRISTIAN` as `KRISTIAN`, `MATHIAS` as `MATTIAS`. */
export function soundOf(folded: string): string {
  return sounds.reduce((word, [written, sound]) => word.replaceAll(written, sound), folded);
}

/**
 * Other spellings that 2.6 takes for the same: `AA` for every `Å` or the other way round. Without those that change nothing.
 */
export function sameSpellings(words: readonly string[]): readonly (readonly string[])[] {
  return others(words, [(word) => word.replaceAll('AA', 'Å'), (word) => word.replaceAll('Å', 'AA')]);
}

/** Spellings by which a name may be kept that has letters beyond A to Z, or that may have lost them. */
export function foldedSpellings(words: readonly string[]): readonly (readonly string[])[] {
  return others(words, [foldedWord, unfoldedWord]);
}

/** The Norwegian letters that pairs of others may stand for. */
function unfoldedWord(word: string): string {
  return word.replaceAll('AA', 'Å').replaceAll(/AE|Ä/g, 'Æ').replaceAll(/OE|Ö/g, 'Ø');
}

function others(
  words: readonly string[],
  ways: readonly ((word: string) => string)[],
): readonly (readonly string[])[] {
  const told = words.join(' ');
  const spellings = new Map(
    ways.map((way) => words.map(way)).map((spelling) => [spelling.join(' '), spelling]),
  );
  spellings.delete(told);
  return [...spellings.values()];
}
