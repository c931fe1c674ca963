import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import type { Charset } from '../record.js';

/** A record as text. */
export interface Decoded {
  readonly text: string;
  /** False where it holds what cannot be (E007): then the text is the best guess, so that its reference can be echoed. */
  readonly fits: boolean;
}

/**
 * Decodes one record. What does not fit the charset, what is UTF-8 in a file of another charset, and control characters make it
 * unfit.
 * @param permitted control characters that have a meaning in the record: a delimiter, or line breaks between quotes
 */
export function decodeRecord(octets: Buffer, charset: Charset, permitted?: RegExp): Decoded {
  const latin = octets.toString('latin1');
  if (!beyondAscii.test(latin)) return { text: latin, fits: true };
  const { text, fits } = charset === 'UTF-8' ? fromUtf8(octets, latin) : fromNarrow(octets, latin, charset);
  const plain = permitted === undefined ? text : text.replace(permitted, '');
  return { text, fits: fits && !controls.test(plain) };
}

/** Text of a line that is read before the charset is known: UTF-8 where it is that, else windows-1252. */
export function decodeGuessing(octets: Buffer): string {
  return isUtf8(octets) ? octets.toString('utf8') : windows1252(octets.toString('latin1'));
}

/** Tells a charset from the lines of a whole file. Lines of ASCII say nothing. */
export class CharsetDetection {
  private inUtf8 = 0;
  private inOther = 0;
  private hasC1 = false;

  /** Looks at a line that is whole. */
  see(octets: Buffer): void {
    const latin = octets.toString('latin1');
    if (!beyondSevenBits.test(latin)) return;
    if (isUtf8(octets)) {
      this.inUtf8 += 1;
    } else {
      this.inOther += 1;
      this.hasC1 ||= c1.test(latin);
    }
  }

  /**
   * What most of the lines are that are not ASCII, so that a few stray ones are rejected and not all others. ISO-8859-1 where
   * nothing tells (preg-xml-filematch-hl7v2 2.3).
   */
  charset(hasMark: boolean): Charset {
    if (hasMark || this.inUtf8 > this.inOther) return 'UTF-8';
    return this.hasC1 ? 'windows-1252' : 'ISO-8859-1';
  }
}

function fromUtf8(octets: Buffer, latin: string): Decoded {
  return isUtf8(octets)
    ? { text: octets.toString('utf8'), fits: true }
    : { text: windows1252(latin), fits: false };
}

function fromNarrow(octets: Buffer, latin: string, charset: Exclude<Charset, 'UTF-8'>): Decoded {
  if (utf8Letters.test(latin))
    return { text: isUtf8(octets) ? octets.toString('utf8') : windows1252(latin), fits: false };
  return { text: charset === 'windows-1252' && c1.test(latin) ? windows1252(latin) : latin, fits: true };
}

/** The five octets that it does not assign stay control characters, as browsers have it. */
function windows1252(latin: string): string {
  return latin.replace(c1Runs, (run) =>
    iconv
      .decode(Buffer.from(run, 'latin1'), 'windows-1252')
      .replaceAll('\uFFFD', (_, index: number) => run.charAt(index)),
  );
}

/* eslint-disable no-control-regex -- control characters are what is looked for */
const beyondAscii = /[^ -~]/;
const beyondSevenBits = /[^\0-\x7f]/;
const c1 = /[\x80-\x9f]/;
const c1Runs = /[\x80-\x9f]+/g;
const controls = /[\0-\x1f\x7f-\x9f]/;
/* eslint-enable no-control-regex */

/**
 * Octets that are letters or quotation marks in UTF-8, and nonsense in a name in any other charset: Ã before a sign (À to ÿ), Ä
 * or Å before a sign that no text has there (Š, č, ž and their like), â before two signs (quotation marks, dashes).
 */
const utf8Letters =
  /\u00c3[\u0080-\u00bf]|[\u00c4\u00c5][\u00a1-\u00b3\u00b5-\u00bf]|\u00e2[\u0080-\u009f][\u0080-\u00bf]/;
