import { InvalidSecurity } from '../../../errors/errors.js';
import { decodeBase64 } from '../../../xml/base64.js';
import type { XmlElement } from '../../../xml/element.js';
import { hasStrayText, isNamed, plainText } from '../../../xml/element-reading.js';
import { EXCLUSIVE_C14N, XML_SIGNATURE } from '../../../contract/soap/namespaces.js';

const HMAC_SHA1 = `${XML_SIGNATURE}hmac-sha1`;
const SHA1 = `${XML_SIGNATURE}sha1`;
const SHA1_LENGTH = 20;

/** What a SignedInfo says beyond the algorithms, of which there is one each. */
export interface SignedInfo {
  /** Prefixes that are treated inclusively where SignedInfo itself is canonicalised. */
  readonly inclusivePrefixes: readonly string[];
  readonly reference: {
    readonly uri: string;
    /** The same where the element referred to is canonicalised. */
    readonly inclusivePrefixes: readonly string[];
    /** 20 octets. */
    readonly digest: Uint8Array;
  };
}

/** The three parts of a Signature, not yet judged. */
export interface SignatureParts {
  readonly signedInfo: XmlElement;
  /** 20 octets: a whole HMAC. */
  readonly value: Uint8Array;
  readonly keyInfo: XmlElement;
}

/** @throws InvalidSecurity unless it is SignedInfo, SignatureValue and KeyInfo, and nothing else. */
export function readSignature(signature: XmlElement): SignatureParts {
  requireNamed(signature, 'Signature');
  const [signedInfo, value, keyInfo] = exactly(signature, ['SignedInfo', 'SignatureValue', 'KeyInfo']);
  return { signedInfo, value: sha1Value(value), keyInfo };
}

/**
 * Reads a SignedInfo that uses the algorithms of the contract (preg-hl7v3 1.5 step 4) and has one Reference.
 * Anything that XML Signature has beyond that is refused, above all parameters and transforms.
 * @throws InvalidSecurity
 */
export function readSignedInfo(signedInfo: XmlElement): SignedInfo {
  requireNamed(signedInfo, 'SignedInfo');
  const [canonicalization, signatureMethod, reference] = exactly(signedInfo, [
    'CanonicalizationMethod',
    'SignatureMethod',
    'Reference',
  ]);
  requirePlainAlgorithm(signatureMethod, HMAC_SHA1);
  const [transforms, digestMethod, digestValue] = exactly(
    reference,
    ['Transforms', 'DigestMethod', 'DigestValue'],
    ['Id', 'Type', 'URI'],
  );
  const [transform] = exactly(transforms, ['Transform'], []);
  requirePlainAlgorithm(digestMethod, SHA1);
  const uri = reference.attributes.get('URI');
  if (uri === undefined) throw new InvalidSecurity('the Reference of the signature has no URI');
  return {
    inclusivePrefixes: exclusivePrefixes(canonicalization),
    reference: { uri, inclusivePrefixes: exclusivePrefixes(transform), digest: sha1Value(digestValue) },
  };
}

/** The children, which must be these in this order. */
function exactly<const Names extends readonly string[]>(
  parent: XmlElement,
  names: Names,
  attributes: readonly string[] = ['Id'],
): { readonly [Index in keyof Names]: XmlElement } {
  const { children } = parent;
  if (!areNamed(children, names) || hasStrayText(parent) || !hasOnlyAttributes(parent, attributes)) {
    throw new InvalidSecurity(`the ${parent.localName} of the signature is not just ${names.join(', ')}`);
  }
  return children;
}

function areNamed<const Names extends readonly string[]>(
  elements: readonly XmlElement[],
  names: Names,
): elements is { readonly [Index in keyof Names]: XmlElement } {
  return (
    elements.length === names.length &&
    elements.every((element, index) => isNamed(element, XML_SIGNATURE, names[index] ?? ''))
  );
}

function requireNamed(element: XmlElement, localName: string): void {
  if (!isNamed(element, XML_SIGNATURE, localName)) {
    throw new InvalidSecurity(`the ${localName} is not one of XML Signature`);
  }
}

function hasOnlyAttributes(element: XmlElement, allowed: readonly string[]): boolean {
  return [...element.attributes.keys()].every((name) => allowed.includes(name));
}

/** HMACOutputLength would be a child of the method: with it, a forger need only guess some bits. */
function requirePlainAlgorithm(method: XmlElement, algorithm: string): void {
  requireAlgorithm(method, algorithm);
  if (method.children.length > 0) throw new InvalidSecurity(`the ${method.localName} has a parameter`);
}

function requireAlgorithm(method: XmlElement, algorithm: string): void {
  if (method.attributes.get('Algorithm') !== algorithm) {
    throw new InvalidSecurity(`the ${method.localName} of the signature is not served`);
  }
  if (hasStrayText(method) || !hasOnlyAttributes(method, ['Algorithm'])) {
    throw new InvalidSecurity(`the ${method.localName} of the signature holds something unknown`);
  }
}

const MOST_PREFIXES = 32;
const PREFIX = /^(?:#default|[A-Za-z_][\w.-]*)$/;

/** The PrefixList of a method that must be exclusive canonicalisation; empty without the parameter. */
function exclusivePrefixes(method: XmlElement): readonly string[] {
  requireAlgorithm(method, EXCLUSIVE_C14N);
  const [parameter, ...more] = method.children;
  if (parameter === undefined) return [];
  const prefixes = (parameter.attributes.get('PrefixList') ?? '')
    .split(/[ \t\r\n]+/)
    .filter((prefix) => prefix !== '');
  if (
    more.length > 0 ||
    !isNamed(parameter, EXCLUSIVE_C14N, 'InclusiveNamespaces') ||
    parameter.children.length > 0 ||
    hasStrayText(parameter) ||
    !hasOnlyAttributes(parameter, ['PrefixList']) ||
    // Each costs a search through the ancestors of every element.
    prefixes.length > MOST_PREFIXES ||
    !prefixes.every((prefix) => PREFIX.test(prefix))
  ) {
    throw new InvalidSecurity(`the ${method.localName} of the signature has a malformed parameter`);
  }
  return prefixes;
}

function sha1Value(element: XmlElement): Uint8Array {
  const text = plainText(element);
  const octets = text === undefined ? undefined : decodeBase64(text);
  if (octets?.length !== SHA1_LENGTH || !hasOnlyAttributes(element, ['Id'])) {
    throw new InvalidSecurity(`the ${element.localName} of the signature is not 20 octets in base64`);
  }
  return octets;
}
