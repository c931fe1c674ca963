import iconv from 'iconv-lite';
import type { TextCharset } from '../../../charset/charset-text.js';

/** A charset that messages come in and answers go out in (MSH-18, preg-xml-filematch-hl7v2 3.2). */
export interface MessageCharset {
  /** As MSH-18 names it where the sender did not. */
  readonly name: CharsetName;
  /** As HTTP names it. */
  readonly label: string;
  /** What answers are written in: never more than the name promises. */
  readonly written: TextCharset;
  /** Undefined where the octets do not fit. */
  decode(octets: Uint8Array): string | undefined;
}

/** The names of HL7 table 0211 that a default can be. */
export const charsetNames = ['8859/1', 'UNICODE UTF-8', 'ASCII'] as const;
export type CharsetName = (typeof charsetNames)[number];

/** ISO-8859-1. Read as windows-1252, which has letters where that has nothing. */
export const latin1: MessageCharset = {
  name: '8859/1',
  label: 'iso-8859-1',
  written: 'ISO-8859-1',
  decode: (octets) => {
    const text = iconv.decode(octets, 'windows-1252');
    // The five octets that have no letter there are the control characters of ISO-8859-1.
    return text.replaceAll('\uFFFD', (_, at: number) => String.fromCharCode(octets[at] ?? 0));
  },
};

const utf8: MessageCharset = {
  name: 'UNICODE UTF-8',
  label: 'utf-8',
  written: 'UTF-8',
  decode: (octets) => {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(octets);
    } catch {
      return undefined;
    }
  },
};

const ascii: MessageCharset = {
  name: 'ASCII',
  label: 'us-ascii',
  written: 'US-ASCII',
  decode: (octets) =>
    octets.every((octet) => octet < 0x80) ? Buffer.from(octets).toString('latin1') : undefined,
};

const byName: ReadonlyMap<string, MessageCharset> = new Map([
  ['8859/1', latin1],
  ['UNICODE UTF-8', utf8],
  ['UTF-8', utf8],
  ['UNICODE', utf8],
  ['ASCII', ascii],
]);

/** The charset with that name in MSH-18; undefined for one that is not spoken. */
export function charsetNamed(name: string): MessageCharset | undefined {
  return byName.get(name.trim().toUpperCase());
}

/** The charset that is taken where MSH-18 is empty. */
export function defaultCharset(name: CharsetName): MessageCharset {
  return byName.get(name) ?? latin1;
}
