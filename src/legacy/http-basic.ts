import { decodeBase64 } from '../xml/base64.js';

/** What a caller claims by HTTP Basic: not yet proven. */
export interface BasicCredentials {
  readonly username: string;
  readonly password: string;
}

/** The challenge that goes with a 401: whoever sends its password only when asked is asked. */
export const BASIC_CHALLENGE = { 'WWW-Authenticate': 'Basic realm="Personregisteret", charset="UTF-8"' };

/**
 * The credentials in an Authorization header of the scheme Basic (RFC 7617), in UTF-8 or, as clients before that RFC
 * wrote them, in ISO-8859-1; undefined where there are none or they are malformed.
 */
export function readBasicCredentials(authorization: string | undefined): BasicCredentials | undefined {
  const encoded = /^basic +([^ ]+) *$/i.exec(authorization ?? '')?.[1];
  const octets = encoded === undefined ? undefined : decodeBase64(encoded);
  if (octets === undefined) return undefined;
  const text = textOf(octets);
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

function textOf(octets: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets);
  } catch {
    // Not UTF-8, so it is of the older custom: each octet is its character.
    return Buffer.from(octets).toString('latin1');
  }
}
