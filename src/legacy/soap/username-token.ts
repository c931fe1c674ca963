import { DIGEST_LENGTH, type PasswordDigest } from '../../access/password-digest.js';
import { InvalidSecurity } from '../../errors/errors.js';
import type { XmlElement } from '../../xml/element.js';
import { parseDateTime } from '../../xml/date-time.js';
import { collapsedText, hasStrayText, isNamed, plainText } from '../../xml/element-reading.js';
import {
  BASE64_BINARY,
  PASSWORD_DIGEST,
  PASSWORD_TEXT,
  SECURITY,
  SECURITY_UTILITY,
} from '../../contract/soap/namespaces.js';
import { acceptableUntil, requireFresh } from './timestamp.js';

/** What a caller claims: not yet proven. */
export type UsernameToken = ClearToken | DigestToken;

/** A user name and the password as it is. */
export interface ClearToken {
  readonly username: string;
  readonly password: string;
}

/** A user name and a digest of the password. */
export interface DigestToken {
  readonly username: string;
  readonly digest: PasswordDigest;
  /** When the digest was made, in milliseconds since 1970. */
  readonly createdAt: number;
}

/**
 * Reads a UsernameToken (WS-Security UsernameToken Profile 1.0). White space counts in names and passwords.
 * Nonce and Created prove nothing beside a clear-text password; they may stand there once each and are not judged.
 * A digest needs both. An empty name or password is passed on: whether it is anybody's is the authenticator's question.
 * @throws InvalidSecurity for a missing, repeated or malformed part, another type of password, or an unknown part
 */
export function readUsernameToken(token: XmlElement): UsernameToken {
  if (hasStrayText(token)) throw new InvalidSecurity('text in the UsernameToken');
  const usernames = parts(token, SECURITY, 'Username');
  const passwords = parts(token, SECURITY, 'Password');
  const nonces = parts(token, SECURITY, 'Nonce');
  const createds = parts(token, SECURITY_UTILITY, 'Created');
  if (usernames.length + passwords.length + nonces.length + createds.length !== token.children.length) {
    throw new InvalidSecurity('the UsernameToken has a part that is not known');
  }
  const [username] = usernames;
  const [password] = passwords;
  if (username === undefined || usernames.length > 1) {
    throw new InvalidSecurity('the UsernameToken has not one Username');
  }
  if (password === undefined || passwords.length > 1) {
    throw new InvalidSecurity('the UsernameToken has not one Password');
  }
  if (nonces.length > 1 || createds.length > 1) {
    throw new InvalidSecurity('the UsernameToken has two Nonces or two Createds');
  }
  switch (password.attributes.get('Type') ?? PASSWORD_TEXT) {
    case PASSWORD_TEXT:
      return { username: textOf(username), password: textOf(password) };
    case PASSWORD_DIGEST:
      return { username: textOf(username), ...digestOf(password, nonces[0], createds[0]) };
    default:
      throw new InvalidSecurity('the Password is of a type that is not served');
  }
}

/**
 * Judges when a digest was made, by the rules for a Timestamp.
 * @throws InvalidSecurity
 */
export function requireFreshToken(token: UsernameToken, now: Date): void {
  if ('digest' in token) requireFresh({ created: token.createdAt, expires: undefined }, now);
}

function parts(token: XmlElement, namespace: string, localName: string): readonly XmlElement[] {
  return token.children.filter((child) => isNamed(child, namespace, localName));
}

function textOf(element: XmlElement): string {
  const text = plainText(element);
  if (text === undefined) throw new InvalidSecurity('elements inside a Username or Password');
  return text;
}

function digestOf(
  password: XmlElement,
  nonceElement: XmlElement | undefined,
  createdElement: XmlElement | undefined,
): Pick<DigestToken, 'digest' | 'createdAt'> {
  if (nonceElement === undefined || createdElement === undefined) {
    throw new InvalidSecurity('a PasswordDigest without a Nonce or without a Created');
  }
  const value = base64Of(password);
  if (value?.length !== DIGEST_LENGTH) throw new InvalidSecurity('the PasswordDigest is malformed');
  if ((nonceElement.attributes.get('EncodingType') ?? BASE64_BINARY) !== BASE64_BINARY) {
    throw new InvalidSecurity('the Nonce is of an encoding that is not served');
  }
  const nonce = base64Of(nonceElement);
  if (nonce === undefined || nonce.length < 1 || nonce.length > LONGEST_NONCE) {
    throw new InvalidSecurity('the Nonce is malformed');
  }
  const created = plainText(createdElement);
  const createdAt = parseDateTime(collapsedText(createdElement) ?? '');
  if (created === undefined || createdAt === undefined) {
    throw new InvalidSecurity('the Created of the UsernameToken is malformed');
  }
  return { digest: { value, nonce, created, acceptableUntil: acceptableUntil(createdAt) }, createdAt };
}

const LONGEST_NONCE = 64;

/** The octets of base64 in its one canonical form, undefined for anything else. */
function base64Of(element: XmlElement): Buffer | undefined {
  const text = collapsedText(element);
  if (text === undefined) return undefined;
  const octets = Buffer.from(text, 'base64');
  return octets.toString('base64') === text ? octets : undefined;
}
