import { InvalidSecurity } from '../../errors/errors.js';
import type { XmlElement } from '../../xml/element.js';
import { hasStrayText, isNamed } from '../../xml/element-reading.js';
import type { SoapEnvelope } from './envelope.js';
import {
  SECURE_CONVERSATION,
  SECURITY,
  SECURITY_UTILITY,
  XML_SIGNATURE,
} from '../../contract/soap/namespaces.js';
import { readUsernameToken, type UsernameToken } from './username-token.js';

/**
 * What stands in the security header: a Timestamp and a UsernameToken (a message by itself, or one that opens a
 * context), a context token with its signature (a call in a context, or its end), or all of them (a renewal).
 */
export interface SecurityHeader {
  readonly timestamp: XmlElement;
  readonly usernameToken: UsernameToken | undefined;
  readonly contextProof: ContextProof | undefined;
}

/** A context token, and the signature that is to prove that the sender has its key. */
export interface ContextProof {
  readonly contextToken: XmlElement;
  readonly signature: XmlElement;
}

/** Whether WS-Security says anything in the message. Where it does, HTTP has no say in who is asking. */
export function hasSecurityHeader({ headers }: SoapEnvelope): boolean {
  return headers.some(({ element }) => element.localName === 'Security');
}

/**
 * Reads the security header of a message: exactly one Security header, in it exactly one Timestamp and what else belongs
 * to one of the three forms, once each, in any order, and nothing else. Whether any of it is true is not judged here.
 * Contract: preg-hl7v3 1.5, 1.6.
 * @throws InvalidSecurity
 */
export function readSecurity(envelope: SoapEnvelope): SecurityHeader {
  const header = securityHeader(envelope);
  const timestamp = atMostOne(header, SECURITY_UTILITY, 'Timestamp');
  if (timestamp === undefined) throw new InvalidSecurity('the Security header has no Timestamp');
  const usernameToken = atMostOne(header, SECURITY, 'UsernameToken');
  const contextToken = atMostOne(header, SECURE_CONVERSATION, 'SecurityContextToken');
  const signature = atMostOne(header, XML_SIGNATURE, 'Signature');
  const parts = [timestamp, usernameToken, contextToken, signature].filter((part) => part !== undefined);
  if (header.children.length !== parts.length || hasStrayText(header)) {
    throw new InvalidSecurity('the Security header has a part that is not served');
  }
  return {
    timestamp,
    contextProof: contextProof(contextToken, signature, usernameToken),
    usernameToken: usernameToken && readUsernameToken(usernameToken),
  };
}

function contextProof(
  contextToken: XmlElement | undefined,
  signature: XmlElement | undefined,
  usernameToken: XmlElement | undefined,
): ContextProof | undefined {
  if (contextToken !== undefined && signature !== undefined) return { contextToken, signature };
  // A signature that nobody checks, or a token that nobody proves to own, must not look accepted.
  if (contextToken !== undefined || signature !== undefined) {
    throw new InvalidSecurity('a context token and a signature do not stand together');
  }
  if (usernameToken === undefined) {
    throw new InvalidSecurity('the Security header has neither a UsernameToken nor a context token');
  }
  return undefined;
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

/** Counted by local name, so that nobody can read another one than the one that is judged. */
function atMostOne(header: XmlElement, namespace: string, localName: string): XmlElement | undefined {
  const found = header.children.filter((child) => child.localName === localName);
  const [element] = found;
  if (element === undefined) return undefined;
  if (found.length > 1 || element.namespace !== namespace) {
    throw new InvalidSecurity(`the Security header has not one ${localName}`);
  }
  return element;
}
