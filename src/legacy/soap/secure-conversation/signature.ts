import { InvalidSecurity } from '../../../errors/errors.js';
import type { XmlDocumentText } from '../../../xml/canonical.js';
import type { XmlElement } from '../../../xml/element.js';
import type { SecurityTimestamp } from '../timestamp.js';

/** What a signature is judged with: children of the one Security header of the message. */
export interface SignedParts {
  readonly timestamp: XmlElement;
  readonly contextToken: XmlElement;
  readonly signature: XmlElement;
}

/**
 * Checks that the holder of the session key signed the Timestamp, and reads what was signed.
 * @throws InvalidSecurity
 */
export function verifySignedTimestamp(
  _message: XmlDocumentText,
  _parts: SignedParts,
  _key: Uint8Array,
): SecurityTimestamp {
  throw new InvalidSecurity('signatures are not served');
}
