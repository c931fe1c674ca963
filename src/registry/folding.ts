/** Text as names are compared: one case, one form of each letter, single blanks. Nothing that tells two names apart. */
export function folded(text: string): string {
  return text.normalize('NFC').toLocaleUpperCase('nb').replaceAll(/\s+/gu, ' ').trim();
}

/** The words of a text, folded. */
export function wordsOf(text: string): readonly string[] {
  return folded(text)
    .split(' ')
    .filter((word) => word !== '');
}

/** Text to be matched from its beginning, folded; a trailing `*` says no more than that ("Decided" 9). */
export function soughtText(text: string): string {
  return folded(text.replace(/\*+\s*$/u, ''));
}
