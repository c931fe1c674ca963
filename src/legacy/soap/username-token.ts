import { InvalidSecurity } from '../../errors/errors.js';
import type { XmlElement } from '../../xml/element.js';
import { hasStrayText, isNamed, plainText } from './element-reading.js';
import { PASSWORD_TEXT, SECURITY, SECURITY_UTILITY } from './namespaces.js';

/** What a caller claims: not yet proven. */
export interface UsernameToken {
  readonly username: string;
  readonly password: string;
}

/**
 * Reads a UsernameToken with a clear-text password (WS-Security UsernameToken Profile 1.0). White space counts.
 * Nonce and Created prove nothing beside a clear-text password; they may stand there once each and are not judged.
 * An empty name or password is passed on: whether it is anybody's is the authenticator's question.
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
  if ((password.attributes.get('Type') ?? PASSWORD_TEXT) !== PASSWORD_TEXT) {
    throw new InvalidSecurity('the Password is of a type that is not served');
  }
  return { username: textOf(username), password: textOf(password) };
}

function parts(token: XmlElement, namespace: string, localName: string): readonly XmlElement[] {
  return token.children.filter((child) => isNamed(child, namespace, localName));
}

function textOf(element: XmlElement): string {
  const text = plainText(element);
  if (text === undefined) throw new InvalidSecurity('elements inside a Username or Password');
  return text;
}
