/** The character sets that legacy requests come in and answers go out in. */
export type XmlCharset = 'utf-8' | 'utf-16le' | 'utf-16be' | 'iso-8859-1' | 'windows-1252' | 'us-ascii';

/**
 * The name that stands in Content-Type and in the XML declaration of an answer.
 * UTF-16 goes by its plain name, since the byte order mark that precedes it tells the order (RFC 2781, RFC 7303 3.3).
 */
export function charsetLabel(charset: XmlCharset): string {
  return charset === 'utf-16le' || charset === 'utf-16be' ? 'utf-16' : charset;
}
