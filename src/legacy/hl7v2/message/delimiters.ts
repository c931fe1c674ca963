import { RefusedMessage } from '../refused-message.js';

/** The five characters that a message is divided by, as its MSH-1 and MSH-2 say. */
export interface Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  /** Empty where the message has no escape sequences. */
  readonly escape: string;
  /** Empty where the message has no subcomponents. */
  readonly subcomponent: string;
}

/** What nearly everybody uses, and what is written here. */
export const standardDelimiters: Delimiters = {
  field: '|',
  component: '^',
  repetition: '~',
  escape: '\\',
  subcomponent: '&',
};

/** MSH-2 as it is written here. */
export const ENCODING_CHARACTERS = '^~\\&';

/** What may delimit: neither letters nor digits, and not the quote that HL7's null is made of. */
const usable = /^[!#-/:-@[-`{-~]$/;

/**
 * Reads the delimiters at the head of a message. The last two may be left out by whoever does not use them (HL7 v2.5, 2.5.4);
 * a fifth encoding character, that of truncation, is passed over.
 * @param line the segment MSH
 * @throws RefusedMessage where there are fewer or more than HL7 has, or two are the same
 */
export function delimitersOf(line: string): Delimiters {
  const field = line.charAt(3);
  const end = line.indexOf(field, 4);
  const characters = line.slice(4, end === -1 ? undefined : end);
  const all = Array.from(field + characters);
  const [, component, repetition, escape = '', subcomponent = ''] = all;
  if (
    component === undefined ||
    repetition === undefined ||
    all.length > 6 ||
    new Set(all).size !== all.length ||
    !all.every((character) => usable.test(character))
  ) {
    throw new RefusedMessage(
      {
        code: '102',
        location: { segment: 'MSH', sequence: 1, field: 2 },
        text: 'The delimiters in MSH-1 and MSH-2 cannot be used.',
      },
      'AR',
    );
  }
  return { field, component, repetition, escape, subcomponent };
}

/** Tells the same line in the usual delimiters; where those stand in it as text, they become hexadecimal escapes. */
export function inStandardDelimiters(delimiters: Delimiters): (line: string) => string {
  if (isStandard(delimiters)) return (line) => line;
  // What a message leaves out is text in it.
  const standing = new Map<string, string>(
    Object.values(standardDelimiters).map((character: string) => [character, hexadecimal(character)]),
  );
  standing.set(delimiters.field, standardDelimiters.field);
  standing.set(delimiters.component, standardDelimiters.component);
  standing.set(delimiters.repetition, standardDelimiters.repetition);
  standing.set(delimiters.escape, standardDelimiters.escape);
  standing.set(delimiters.subcomponent, standardDelimiters.subcomponent);
  return (line) => line.replaceAll(punctuation, (character) => standing.get(character) ?? character);
}

/** A character of ASCII as an escape sequence. */
export function hexadecimal(character: string): string {
  const octet = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return `\\X${octet}\\`;
}

function isStandard({ field, component, repetition, escape, subcomponent }: Delimiters): boolean {
  return (
    field === standardDelimiters.field &&
    component + repetition + escape + subcomponent === ENCODING_CHARACTERS
  );
}

const punctuation = /[!-/:-@[-`{-~]/g;
