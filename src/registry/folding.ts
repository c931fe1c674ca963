/** Text as names and places are compared: one case, one form of each letter, single blanks. Nothing that tells two apart. */
export function folded(text: string): string {
  return singleBlanks(text).toLocaleUpperCase('nb');
}

/** As {@link folded}, and without blanks: `Storgata 1 b` and `storgata 1B` are one address. */
export function foldedStreet(text: string): string {
  return folded(text).replaceAll(' ', '');
}

/** Single blanks inside and none around; letters composed, as upstream's patterns want them. */
export function singleBlanks(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
}

/** The words of a text, folded. */
export function wordsOf(text: string): readonly string[] {
  return folded(text)
    .split(' ')
    .filter((word) => word !== '');
}

/** The words of a name by which it can be found: a double name counts as a whole and by its halves. */
export function nameBeginnings(name: string): readonly string[] {
  return wordsOf(name).flatMap((word) => [word, ...word.split('-').slice(1)]);
}

/** Text to be matched from its beginning; a trailing `*` says no more than that ("Decided" 9). */
export function soughtText(text: string): string {
  return text.replace(/\*+\s*$/u, '');
}

/** How many letters there are. */
export function lettersIn(text: string): number {
  return text.match(/\p{L}/gu)?.length ?? 0;
}
