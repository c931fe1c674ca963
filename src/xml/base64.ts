/**
 * The octets of an `xs:base64Binary` (XML Schema part 2, 3.2.16): white space anywhere, padding in full, no bits left
 * over. Undefined for anything else, which `Buffer.from` would read as something shorter.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const packed = text.replace(/[ \t\r\n]+/g, '');
  const octets = Buffer.from(packed, 'base64');
  return octets.toString('base64') === packed ? octets : undefined;
}
