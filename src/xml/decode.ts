import iconv from 'iconv-lite';
import { EncodingConflict } from '../errors/errors.js';
import type { XmlCharset } from './charset.js';

/** A document as text, and the character set it came in. */
export interface DecodedXml {
  readonly text: string;
  readonly charset: XmlCharset;
}

/**
 * Decodes a document. What tells the character set, in order of precedence: the byte order mark, the `charset`
 * parameter of Content-Type (`undefined` when there is none), the XML declaration, UTF-8. A later one may be silent,
 * but where two speak they must agree. UTF-16 without a byte order mark is known by the zero octet beside the
 * first `<`; the plain name `utf-16` fits either order.
 * @throws EncodingConflict when two disagree, a name is unknown, or the octets do not fit
 */
export function decodeXml(octets: Uint8Array, contentTypeCharset: string | undefined): DecodedXml {
  const seen = charsetOfFirstOctets(octets);
  const stated = contentTypeCharset === undefined ? undefined : charsetsNamed(contentTypeCharset);
  if (stated !== undefined && seen !== undefined && !stated.includes(seen)) {
    throw new EncodingConflict('The charset of Content-Type contradicts the first bytes of the message.');
  }
  const outside = seen ?? stated?.at(0);
  const declaredName = declaredEncoding(octets, outside);
  const declared = declaredName === undefined ? undefined : charsetsNamed(declaredName);
  if (declared !== undefined && outside !== undefined && !declared.includes(outside)) {
    throw new EncodingConflict(
      seen === undefined
        ? 'The XML declaration names another encoding than the charset of Content-Type.'
        : 'The XML declaration names another encoding than the first bytes of the message show.',
    );
  }
  const charset = outside ?? declared?.at(0) ?? 'utf-8';
  if (isWide(charset) && charsetOfFirstOctets(octets) === undefined) {
    throw new EncodingConflict('The message is said to be UTF-16, and its first bytes are not.');
  }
  return { text: decodeStrictly(octets, charset), charset };
}

const NAMES: ReadonlyMap<string, readonly XmlCharset[]> = new Map<string, readonly XmlCharset[]>([
  ['utf-8', ['utf-8']],
  ['utf8', ['utf-8']],
  // Without a mark big-endian comes first, as RFC 2781 4.3 has it.
  ['utf-16', ['utf-16be', 'utf-16le']],
  ['utf-16le', ['utf-16le']],
  ['utf-16be', ['utf-16be']],
  ['iso-8859-1', ['iso-8859-1']],
  ['iso_8859-1', ['iso-8859-1']],
  ['iso8859-1', ['iso-8859-1']],
  ['latin1', ['iso-8859-1']],
  ['windows-1252', ['windows-1252']],
  ['cp1252', ['windows-1252']],
  ['us-ascii', ['us-ascii']],
  ['ascii', ['us-ascii']],
]);

function charsetsNamed(name: string): readonly XmlCharset[] {
  const charsets = NAMES.get(name.trim().toLowerCase());
  if (charsets === undefined) {
    throw new EncodingConflict(
      'The message names a character set that is not known here: use UTF-8, UTF-16, ISO-8859-1, windows-1252 or US-ASCII.',
    );
  }
  return charsets;
}

function charsetOfFirstOctets(octets: Uint8Array): XmlCharset | undefined {
  const [first, second, third] = octets;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be';
  return undefined;
}

function isWide(charset: XmlCharset | undefined): boolean {
  return charset === 'utf-16le' || charset === 'utf-16be';
}

const LONGEST_DECLARATION = 256;

/** The encoding that the XML declaration names. All sets but UTF-16 write the declaration in the octets of ASCII. */
function declaredEncoding(octets: Uint8Array, charset: XmlCharset | undefined): string | undefined {
  const wide = isWide(charset);
  const start = octets.subarray(0, wide ? 2 * LONGEST_DECLARATION : LONGEST_DECLARATION);
  const text = wide ? new TextDecoder(charset).decode(start) : Buffer.from(start).toString('latin1');
  const match = /^(?:\uFEFF|\u00EF\u00BB\u00BF)?<\?xml\s[^>]*?\bencoding\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(
    text,
  );
  return match?.[1] ?? match?.[2];
}

function decodeStrictly(octets: Uint8Array, charset: XmlCharset): string {
  switch (charset) {
    case 'utf-8':
    case 'utf-16le':
    case 'utf-16be':
      try {
        return new TextDecoder(charset, { fatal: true }).decode(octets);
      } catch {
        throw undecodable();
      }
    case 'us-ascii':
      if (octets.some((octet) => octet > 0x7f)) throw undecodable();
      return iconv.decode(octets, 'ascii');
    case 'windows-1252': {
      const text = iconv.decode(octets, charset);
      // The five octets without an assignment.
      if (text.includes('\uFFFD')) throw undecodable();
      return text;
    }
    case 'iso-8859-1':
      // Not TextDecoder, whose iso-8859-1 is windows-1252.
      return iconv.decode(octets, charset);
  }
}

function undecodable(): EncodingConflict {
  return new EncodingConflict('The bytes of the message do not fit its character set.');
}
