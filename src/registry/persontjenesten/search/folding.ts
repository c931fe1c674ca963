/** Text as the new register compares it: neither case nor blanks nor how letters are composed matter; accents do. */
export function folded(text: string): string {
  return singleBlanks(text).toLowerCase();
}

/** As {@link folded}, and without blanks: `Storgata 1 b` and `storgata 1B` are one address. */
export function foldedStreet(text: string): string {
  return folded(text).replaceAll(' ', '');
}

/** Single blanks inside and none around; letters composed, as upstream's patterns want them. */
export function singleBlanks(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
}

/** How many letters there are. */
export function lettersIn(text: string): number {
  return text.match(/\p{L}/gu)?.length ?? 0;
}
