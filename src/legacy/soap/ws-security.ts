import { InvalidSecurity } from '../../errors/errors.js';
import type { XmlElement } from '../../xml/element.js';
import { hasStrayText, isNamed } from './element-reading.js';
import type { SoapEnvelope } from './envelope.js';
import { SECURITY, SECURITY_UTILITY } from './namespaces.js';
import { readTimestamp, type SecurityTimestamp } from './timestamp.js';
import { readUsernameToken, type UsernameToken } from './username-token.js';

/** What the security header says: when the message was made, and who the caller claims to be. */
export interface SecurityHeader {
  readonly timestamp: SecurityTimestamp;
  readonly token: UsernameToken;
}

/**
 * Reads the security header of a message: exactly one Security header, in it exactly one Timestamp and one
 * UsernameToken, in any order, and nothing else. Whether the Timestamp is fresh is judged by who knows the time. Contract: preg-hl7v3 1.5, 1.6.
 * A context token with its signature would stand here beside the UsernameToken; until it is served it is refused,
 * since a signature that nobody checks must not look accepted.
 * @throws InvalidSecurity
 */
export function readSecurity(envelope: SoapEnvelope): SecurityHeader {
  const header = securityHeader(envelope);
  const timestamp = onlyOne(header, SECURITY_UTILITY, 'Timestamp');
  const token = onlyOne(header, SECURITY, 'UsernameToken');
  if (header.children.length !== 2 || hasStrayText(header)) {
    throw new InvalidSecurity('the Security header has a part that is not served');
  }
  return { timestamp: readTimestamp(timestamp), token: readUsernameToken(token) };
}

/** Any second header of that name is refused, whatever its namespace or role, so that nobody can read another one. */
function securityHeader(envelope: SoapEnvelope): XmlElement {
  const candidates = envelope.headers.filter((block) => block.element.localName === 'Security');
  const [block] = candidates;
  if (block === undefined || candidates.length > 1) {
    throw new InvalidSecurity('the message has not one Security header');
  }
  if (!block.forUs || !isNamed(block.element, SECURITY, 'Security')) {
    throw new InvalidSecurity('the Security header is of another kind or for somebody else');
  }
  return block.element;
}

function onlyOne(header: XmlElement, namespace: string, localName: string): XmlElement {
  const found = header.children.filter((child) => child.localName === localName);
  const [element] = found;
  if (element === undefined || found.length > 1 || element.namespace !== namespace) {
    throw new InvalidSecurity(`the Security header has not one ${localName}`);
  }
  return element;
}
