import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { InvalidSecurity, MalformedRequest } from '../../../errors/errors.js';
import { withCanonicalForms, type XmlDocumentText } from '../../../xml/canonical.js';
import type { XmlElement } from '../../../xml/element.js';
import { readXml } from '../../../xml/reader.js';
import { isNamed } from '../../../xml/element-reading.js';
import { SECURE_CONVERSATION, SECURITY_UTILITY } from '../../../contract/soap/namespaces.js';
import { readTimestamp, type SecurityTimestamp } from '../timestamp.js';
import { requireUniqueId } from './ids.js';
import { requireKeyOf } from './key-info.js';
import { readSignature, readSignedInfo } from './signed-info.js';

/** What a signature is judged with: children of the one Security header of the message. */
export interface SignedParts {
  readonly timestamp: XmlElement;
  readonly contextToken: XmlElement;
  readonly signature: XmlElement;
}

/**
 * Checks that the holder of the session key signed the Timestamp, and reads what was signed: algorithms, digest and dates
 * all come from the canonical octets that the HMAC and the digest were made of. The shape is judged before anything is
 * canonicalised. Whether the Timestamp is fresh, and whose key it is, others judge.
 * Contract: preg-hl7v3 1.5 step 4; XML Signature 1.0 with nothing in it but what WCF sends, and PrefixLists.
 * @param key the session key of the context token
 * @throws InvalidSecurity
 * @throws RangeError when the key is shorter than 16 octets, a mistake of the caller
 */
export function verifySignedTimestamp(
  message: XmlDocumentText,
  parts: SignedParts,
  key: Uint8Array,
): SecurityTimestamp {
  if (key.length < 16) throw new RangeError('not a session key');
  try {
    return verify(message, parts, key);
  } catch (error) {
    if (error instanceof MalformedRequest) throw new InvalidSecurity(`in what is signed: ${error.message}`);
    throw error;
  }
}

function verify(
  message: XmlDocumentText,
  { timestamp, contextToken, signature }: SignedParts,
  key: Uint8Array,
): SecurityTimestamp {
  if (
    !isNamed(timestamp, SECURITY_UTILITY, 'Timestamp') ||
    !isNamed(contextToken, SECURE_CONVERSATION, 'SecurityContextToken')
  ) {
    throw new InvalidSecurity('the Timestamp or the context token is of another kind');
  }
  const { signedInfo, value, keyInfo } = readSignature(signature);
  const claimed = readSignedInfo(signedInfo);
  requireReference(message.root, timestamp, claimed.reference.uri);
  requireKeyOf(contextToken, keyInfo, message.root);

  return withCanonicalForms(message, [timestamp, signature, signedInfo], (forms) => {
    // What a reader takes for the text before a comment would not be what was signed.
    if (forms.hasComment(timestamp) || forms.hasComment(signature)) {
      throw new InvalidSecurity('a comment in the Timestamp or the signature');
    }
    const signedOctets = forms.exclusive(signedInfo, claimed.inclusivePrefixes);
    requireEqual(createHmac('sha1', key).update(signedOctets).digest(), value, 'the signature is wrong');

    const signed = readSignedInfo(reread(signedOctets));
    requireReference(message.root, timestamp, signed.reference.uri);
    const digestedOctets = forms.exclusive(timestamp, signed.reference.inclusivePrefixes);
    requireEqual(
      createHash('sha1').update(digestedOctets).digest(),
      signed.reference.digest,
      'the Timestamp is not the one that was signed',
    );
    return readTimestamp(reread(digestedOctets));
  });
}

function requireReference(root: XmlElement, timestamp: XmlElement, uri: string): void {
  if (!uri.startsWith('#')) throw new InvalidSecurity('the Reference of the signature is not to an id');
  requireUniqueId(root, timestamp, uri.slice(1));
}

// A SignedInfo has some 700 octets and a Timestamp 250.
const LONGEST_SIGNED = 16_384;

function reread(octets: Uint8Array): XmlElement {
  if (octets.length > LONGEST_SIGNED) throw new InvalidSecurity('what is signed is too long');
  return readXml(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets));
}

function requireEqual(actual: Uint8Array, claimed: Uint8Array, otherwise: string): void {
  if (actual.length !== claimed.length || !timingSafeEqual(actual, claimed)) {
    throw new InvalidSecurity(otherwise);
  }
}
