import {
  verifySignedTimestamp,
  type SignedParts,
} from '../../src/legacy/soap/secure-conversation/signature.js';
import type { SecurityTimestamp } from '../../src/legacy/soap/timestamp.js';
import type { XmlElement } from '../../src/xml/element.js';
import { readXml } from '../../src/xml/reader.js';

/** What the judge of signatures says of a message, its parts being the first of their names in the Security header. */
export function judgeSignature(text: string, key: Uint8Array): SecurityTimestamp {
  const root = readXml(text);
  return verifySignedTimestamp({ text, root }, signedPartsOf(root), key);
}

export function signedPartsOf(root: XmlElement): SignedParts {
  const header = child(child(root, 'Header'), 'Security');
  return {
    timestamp: child(header, 'Timestamp'),
    contextToken: child(header, 'SecurityContextToken'),
    signature: child(header, 'Signature'),
  };
}

/** The first child of that name. */
export function child(parent: XmlElement, localName: string): XmlElement {
  const found = parent.children.find((element) => element.localName === localName);
  if (found === undefined) throw new Error(`the ${parent.localName} has no ${localName}`);
  return found;
}
