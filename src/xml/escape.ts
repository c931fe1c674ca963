/** Character data made fit for XML 1.0. */

/** Text that stands in XML as it is, wherever it stands: most of it. */
const PLAIN = /^[\u0020!#-%(-;=?-\uD7FF]*$/;

const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/**
 * The text with each character that XML 1.0 cannot carry (most control characters, lone surrogates, U+FFFE, U+FFFF)
 * replaced by U+FFFD: the reader sees that something stood there, which dropping it would hide.
 */
export function legalCharacters(text: string): string {
  return text.replace(FORBIDDEN, '\uFFFD');
}

/** Text between tags. A carriage return is written as a reference, since a reader would turn it into a line feed. */
export function escapeText(text: string): string {
  if (PLAIN.test(text)) return text;
  return legalCharacters(text).replace(/[&<>\r]/g, (character) => {
    switch (character) {
      case '&':
        return '&amp;';
      case '<':
        return '&lt;';
      case '>':
        return '&gt;';
      default:
        return '&#13;';
    }
  });
}

/** A value between quotation marks. Tabs and line ends are written as references, since a reader makes them spaces. */
export function escapeAttribute(value: string): string {
  if (PLAIN.test(value)) return value;
  return legalCharacters(value).replace(/[&<>"'\t\n\r]/g, (character) => {
    switch (character) {
      case '&':
        return '&amp;';
      case '<':
        return '&lt;';
      case '>':
        return '&gt;';
      case '"':
        return '&quot;';
      case "'":
        return '&apos;';
      default:
        return `&#${character.charCodeAt(0)};`;
    }
  });
}
