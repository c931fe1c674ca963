/**
 * How Filematch compares texts (preg-xml-filematch-hl7v2 2.6): upper case, single blanks and none around, `AA` is `Å`, a
 * hyphen is a blank. Everything else tells two texts apart: `Ø` is not `OE`, `É` is not `E`. The change mask and the guard
 * against wrong persons compare so and in no other way; what folds more is for finding people (folded-name.ts).
 */

/** The form that two texts have in common when they are the same. */
export function comparable(text: string): string {
  return (
    text
      .normalize('NFC')
      .toUpperCase()
      // A letter that has no upper case of its own comes apart.
      .normalize('NFC')
      .replace(/[-\u2010\u2011\s]+/gu, ' ')
      .trim()
      .replaceAll('AA', 'Å')
  );
}

/** Whether two texts are the same. */
export function isSameText(one: string, other: string): boolean {
  return one === other || comparable(one) === comparable(other);
}

/** The words of a text in the form that is compared. */
export function comparableWords(text: string): readonly string[] {
  return comparable(text)
    .split(' ')
    .filter((word) => word !== '');
}
