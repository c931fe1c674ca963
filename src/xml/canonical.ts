import { XmlC14NMode, XmlDocument } from 'libxml2-wasm';
import { refuseDoctype } from './doctype.js';

/**
 * The exclusive canonical form (C14N 1.0, without comments) of a document, for comparing two of them.
 * Prefixes that only values use (`<Value>w:InvalidSecurity</Value>`) count as unused there, so their binding is lost.
 * @throws DoctypeRefused for a DOCTYPE
 * @throws XmlLibError of libxml2-wasm for text that is not well-formed or has a relative namespace name
 */
export function canonicalXml(text: string): string {
  refuseDoctype(text);
  // The text is decoded already: whatever encoding its declaration names is past.
  const document = XmlDocument.fromString(text.replace(/^\uFEFF?(?:<\?xml\s[^>]*\?>)?/, ''));
  try {
    return document.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 });
  } finally {
    document.dispose();
  }
}
