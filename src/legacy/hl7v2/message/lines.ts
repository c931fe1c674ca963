/** What a line of a message ends with: CR, LF or both. */
export const lineEnd = /\r\n?|\n/;

/**
 * Whether a line says nothing, and is passed over. White space of ASCII alone, which is the same in all charsets: lines are also
 * looked at before the charset is known.
 */
export function isBlank(line: string): boolean {
  return /^[ \t\v\f]*$/.test(line);
}
