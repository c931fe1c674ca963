/** How a blank text is written: as nil, which every type has, or as an empty element (contract 1.7, Q10). */
export type BlankStringAs = 'nil' | 'empty';

/** Turns blank texts into what the writer takes; numbers, days and lists that are blank are nil in any case. */
export function blankText(as: BlankStringAs): (text: string | null) => string | null {
  const blank = as === 'nil' ? null : '';
  return (text) => text ?? blank;
}
