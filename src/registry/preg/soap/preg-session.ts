import {
  CONTEXT_TOKEN_TYPE,
  SECURE_CONVERSATION,
  SECURITY_UTILITY,
  TRUST,
} from '../../../contract/soap/namespaces.js';
import { deriveKey } from '../../../contract/soap/p-sha1.js';
import { COMPUTED_KEY, KEY_LENGTH, NONCE } from '../../../contract/soap/trust.js';
import { PregRejected } from '../../../errors/errors.js';
import type { Clock } from '../../../runtime/clock.js';
import { Span } from '../../../runtime/span.js';
import { decodeBase64 } from '../../../xml/base64.js';
import { parseDateTime } from '../../../xml/date-time.js';
import type { XmlElement } from '../../../xml/element.js';
import { collapsedText, isNamed } from '../../../xml/element-reading.js';
import { elementText, type ReadDocument } from '../../../xml/element-text.js';

/** A security context at PREG under one of its keys. Contract: preg-hl7v3 1.5. */
export interface PregSession {
  /** The SecurityContextToken as it was issued, as XML that declares its prefixes. */
  readonly token: string;
  /** Its `u:Id`. */
  readonly tokenId: string | undefined;
  /** The same for all keys. */
  readonly identifier: string;
  readonly key: Uint8Array;
  /** Until the key is to be renewed. */
  readonly fresh: Span;
  /** Until the key is over. */
  readonly lifetime: Span;
}

const HOUR = 60 * 60_000;

/** A key is renewed when so much of its life is over, or at this age (contract preg-hl7v3 1.5, step 5). */
const RENEWED_AT = 0.6;
const RENEWED_AFTER = 10 * HOUR;

/** What is taken for the life of a key where PREG does not tell: that of .NET's server. */
const USUAL_LIFETIME = 15 * HOUR;

/**
 * The session that a RequestSecurityTokenResponse tells of. What a client insists on is insisted on here (contract step 2); the
 * rest is as PREG likes.
 * @throws PregRejected
 */
export function readSession(
  document: ReadDocument,
  response: XmlElement,
  entropy: Uint8Array,
  clock: Clock,
): PregSession {
  const tokenType = textOf(response, TRUST, 'TokenType');
  if (tokenType !== undefined && tokenType !== CONTEXT_TOKEN_TYPE) throw unusable('of another kind');
  const token = childOf(
    childOf(response, TRUST, 'RequestedSecurityToken'),
    SECURE_CONVERSATION,
    'SecurityContextToken',
  );
  const identifier = token && textOf(token, SECURE_CONVERSATION, 'Identifier');
  if (token === undefined || identifier === undefined || identifier === '') throw unusable('without a token');
  const proof = childOf(response, TRUST, 'RequestedProofToken');
  if (proof === undefined || textOf(proof, TRUST, 'ComputedKey') !== COMPUTED_KEY) {
    throw unusable('whose key is made in another way');
  }
  const bits = textOf(response, TRUST, 'KeySize');
  if (bits !== undefined && bits !== String(KEY_LENGTH * 8)) throw unusable('whose key has another size');
  const milliseconds = lifetimeOf(response);
  return {
    token: elementText(document, token),
    tokenId: token.attributes.get(`{${SECURITY_UTILITY}}Id`),
    identifier,
    key: deriveKey(entropy, serverEntropy(response), KEY_LENGTH),
    fresh: new Span(clock, Math.min(milliseconds * RENEWED_AT, RENEWED_AFTER)),
    lifetime: new Span(clock, milliseconds),
  };
}

function serverEntropy(response: XmlElement): Uint8Array {
  const secret = childOf(childOf(response, TRUST, 'Entropy'), TRUST, 'BinarySecret');
  const octets = decodeBase64((secret && collapsedText(secret)) ?? '');
  if (
    secret === undefined ||
    (secret.attributes.get('Type') ?? NONCE) !== NONCE ||
    (octets?.length ?? 0) === 0
  ) {
    throw unusable('without entropy');
  }
  return octets ?? new Uint8Array(0);
}

/** In milliseconds. By how long it is, not by when it ends: our clocks may differ. */
function lifetimeOf(response: XmlElement): number {
  const lifetime = childOf(response, TRUST, 'Lifetime');
  const created = lifetime && parseDateTime(textOf(lifetime, SECURITY_UTILITY, 'Created') ?? '');
  const expires = lifetime && parseDateTime(textOf(lifetime, SECURITY_UTILITY, 'Expires') ?? '');
  if (created === undefined || expires === undefined) return USUAL_LIFETIME;
  if (expires <= created) throw unusable('that is over before it begins');
  return expires - created;
}

function textOf(parent: XmlElement, namespace: string, localName: string): string | undefined {
  const child = childOf(parent, namespace, localName);
  return child && collapsedText(child);
}

function childOf(
  parent: XmlElement | undefined,
  namespace: string,
  localName: string,
): XmlElement | undefined {
  return parent?.children.find((child) => isNamed(child, namespace, localName));
}

function unusable(what: string): PregRejected {
  return new PregRejected('wrong-answer', `a session ${what}`);
}
