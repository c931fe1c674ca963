import { InvalidTrustRequest } from '../../../errors/errors.js';
import { decodeBase64 } from '../../../xml/base64.js';
import type { XmlElement } from '../../../xml/element.js';
import { collapsedText, hasStrayText, isNamed } from '../../../xml/element-reading.js';
import { CONTEXT_TOKEN_TYPE, SECURITY, TRUST } from '../../../contract/soap/namespaces.js';
import { COMPUTED_KEY, KEY_LENGTH, NONCE, type TrustAim } from '../../../contract/soap/trust.js';

/**
 * Reads RequestSecurityToken of WS-Trust February 2005, by name, in any order. What says which key is meant must be what
 * is served; what is a wish (AppliesTo, Lifetime) and what is unknown is passed over.
 */

const KEY_BITS = String(KEY_LENGTH * 8);

/** Comes back in the answer, so that its size is ours to limit. */
const LONGEST_CONTEXT = 1_024;

/** @throws InvalidTrustRequest when the request wants something else than its action says */
export function requireAim(request: XmlElement, aim: TrustAim): void {
  if (hasStrayText(request)) throw new InvalidTrustRequest('text in the request');
  if (textOf(request, 'RequestType') !== `${TRUST}/${aim}`) {
    throw new InvalidTrustRequest(`the RequestType is not ${aim}`);
  }
}

/**
 * The client's half of the key. Every other part that says which token and which key is meant must mean a security
 * context token with a key of 256 bits made by P_SHA1.
 * @throws InvalidTrustRequest
 */
export function readEntropy(request: XmlElement): Uint8Array {
  for (const [name, served] of [
    ['TokenType', CONTEXT_TOKEN_TYPE],
    ['KeyType', `${TRUST}/SymmetricKey`],
    ['KeySize', KEY_BITS],
    ['ComputedKeyAlgorithm', COMPUTED_KEY],
  ] as const) {
    if ((textOf(request, name) ?? served) !== served) {
      throw new InvalidTrustRequest(`a ${name} that is not served`);
    }
  }
  const entropy = onlyChild(request, TRUST, 'Entropy');
  if (entropy === undefined) throw new InvalidTrustRequest('no Entropy');
  const secret = onlyChild(entropy, TRUST, 'BinarySecret');
  if (secret === undefined || entropy.children.length !== 1 || hasStrayText(entropy)) {
    throw new InvalidTrustRequest('the Entropy is not one BinarySecret');
  }
  if ((secret.attributes.get('Type') ?? NONCE) !== NONCE) {
    throw new InvalidTrustRequest('the BinarySecret is not a Nonce');
  }
  const octets = decodeBase64(collapsedText(secret) ?? '');
  if (octets?.length !== KEY_LENGTH) {
    throw new InvalidTrustRequest(`the Entropy has not ${KEY_LENGTH} octets`);
  }
  return octets;
}

/**
 * Requires that the request means the context whose key has signed it.
 * @throws InvalidTrustRequest
 */
export function requireTarget(
  request: XmlElement,
  localName: 'RenewTarget' | 'CancelTarget',
  identifier: string,
): void {
  const target = onlyChild(request, TRUST, localName);
  const tokenReference = target && onlyChild(target, SECURITY, 'SecurityTokenReference');
  const reference = tokenReference && onlyChild(tokenReference, SECURITY, 'Reference');
  if (reference?.attributes.get('URI') !== identifier) {
    throw new InvalidTrustRequest(`the ${localName} is not the context that the message was sent in`);
  }
}

/** What the caller wants to see again in the answer. @throws InvalidTrustRequest when it is too long */
export function contextAttribute(request: XmlElement): string | undefined {
  const context = request.attributes.get('Context');
  if (context !== undefined && context.length > LONGEST_CONTEXT) {
    throw new InvalidTrustRequest('the Context attribute is too long');
  }
  return context;
}

/** The text of a child; undefined when there is none, or when it holds elements. */
function textOf(request: XmlElement, localName: string): string | undefined {
  const child = onlyChild(request, TRUST, localName);
  if (child === undefined) return undefined;
  const text = collapsedText(child);
  if (text === undefined) throw new InvalidTrustRequest(`elements in the ${localName}`);
  return text;
}

function onlyChild(parent: XmlElement, namespace: string, localName: string): XmlElement | undefined {
  const [child, ...more] = parent.children.filter((candidate) => isNamed(candidate, namespace, localName));
  if (more.length > 0) throw new InvalidTrustRequest(`more than one ${localName}`);
  return child;
}
