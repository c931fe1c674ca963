import iconv from 'iconv-lite';
import type { Transliteration } from './transliteration.js';

/** The character sets of what is no XML. ISO-8859-1 is written strictly, without the additions of windows-1252. */
export type TextCharset = 'US-ASCII' | 'ISO-8859-1' | 'windows-1252' | 'UTF-8';

/** A text that a charset can carry. */
export interface CarriedText {
  readonly text: string;
  /** Whether something stands for what it lacks. */
  readonly replaced: boolean;
}

/** Brings text into a charset. */
export interface CharsetText {
  /** The same text where the charset has all of it; otherwise with the letters of the tables, or question marks. */
  carry(text: string): CarriedText;
  /** The octets of what has been carried. */
  octets(text: string): Uint8Array;
}

/** @param keepsLineBreaks whether they mean something where the text stands; otherwise they are written as blanks, like all control characters */
export function charsetText(
  charset: TextCharset,
  transliteration: Transliteration,
  keepsLineBreaks: boolean,
): CharsetText {
  const beyond = beyondOf[charset];
  const everywhere = new RegExp(beyond, 'gu');
  const replacement = charset === 'US-ASCII' ? inAscii(transliteration) : transliteration.replacement;
  const stands = (character: string): string => {
    if (keepsLineBreaks && (character === '\n' || character === '\r')) return character;
    return control.test(character) ? ' ' : (replacement(character) ?? '?');
  };
  return {
    carry: (text) => {
      if (!beyond.test(text)) return { text, replaced: false };
      // A letter whose accent stands beside it may be one that the charset has.
      const composed = text.normalize('NFC');
      const carried = composed.replace(everywhere, stands);
      return { text: carried, replaced: carried !== composed };
    },
    octets: (text) => {
      if (charset === 'UTF-8') return Buffer.from(text, 'utf8');
      return charset === 'windows-1252' && beyondLatin1.test(text)
        ? iconv.encode(text, charset)
        : Buffer.from(text, 'latin1');
    },
  };
}

/** What stands for a character that ASCII lacks: what stands for it in ISO-8859-1 may itself need letters of ASCII. */
function inAscii({ replacement, asciiReplacement }: Transliteration): Transliteration['replacement'] {
  const latin = (character: string): string | undefined =>
    character > '\u00ff' ? replacement(character) : character;
  return (character) => latin(character)?.replace(beyondAscii, (letter) => asciiReplacement(letter) ?? '?');
}

/** What each charset cannot carry: control characters in any case. */
const beyondOf: Readonly<Record<TextCharset, RegExp>> = {
  'US-ASCII': /[^ -~]/u,
  'ISO-8859-1': /[^ -~\u00a0-\u00ff]/u,
  'windows-1252':
    /[^ -~\u00a0-\u00ff\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]/u,
  'UTF-8': /[\p{Cc}\p{Cs}]/u,
};

const control = /\p{Cc}/u;
const beyondLatin1 = /[\u0100-\uffff]/;
const beyondAscii = /[^ -~]/gu;
