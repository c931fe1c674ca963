import { hexadecimal, standardDelimiters, type Delimiters } from './delimiters.js';

/**
 * Escape sequences of text (HL7 v2.5, 2.7): delimiters, and octets in hexadecimal. Highlighting and other formatting is left
 * out, and a line break of it is a blank. What is no sequence that is known here is text like any other, its backslashes
 * included: it was probably never meant to be one.
 */

/** Brings octets that stood in hexadecimal into text; undefined when they do not fit the charset of the message. */
export type OctetsReader = (octets: Uint8Array) => string | undefined;

/**
 * Reads the sequences of a text in which the backslash is the escape character.
 * @param delimiters those of the message as it came
 */
export function unescaped(text: string, delimiters: Delimiters, readOctets: OctetsReader): string {
  if (!text.includes('\\')) return text;
  const meanings = meaningsIn(delimiters);
  return text.replaceAll(sequences, (whole: string, letter: string | undefined, hex: string | undefined) =>
    hex === undefined
      ? (meanings.get(letter ?? '') ?? '')
      : (readOctets(Buffer.from(hex.replaceAll(/[X\\]/g, ''), 'hex')) ?? whole),
  );
}

function meaningsIn(delimiters: Delimiters): ReadonlyMap<string, string> {
  return new Map([
    ['F', delimiters.field],
    ['S', delimiters.component],
    ['T', delimiters.subcomponent || standardDelimiters.subcomponent],
    ['R', delimiters.repetition],
    ['E', delimiters.escape],
    ['.br', ' '],
  ]);
}

/** Letters, formatting; or hexadecimal ones in a row, since a character may be spread over several. */
const sequences =
  /\\(?:([FSTREHN]|\.(?:br|sp|fi|nf|in|ti|sk|ce)(?:[+-]?[0-9]+)?)\\|(X(?:[0-9A-Fa-f]{2})+\\(?:\\X(?:[0-9A-Fa-f]{2})+\\)*))/g;

/** Writes the sequences that a text needs: for delimiters, and for line breaks, which would end the segment. */
export function escaped(text: string): string {
  return text.replaceAll(special, (character) => letters[character] ?? hexadecimal(character));
}

const special = /[|^~\\&\r\n]/g;
const letters: Readonly<Record<string, string>> = {
  '|': '\\F\\',
  '^': '\\S\\',
  '&': '\\T\\',
  '~': '\\R\\',
  '\\': '\\E\\',
};
