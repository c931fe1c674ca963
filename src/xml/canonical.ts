import type { XmlElement } from './element.js';

/** A document as decoded text, and the tree that `readXml` made of that very text. */
export interface XmlDocumentText {
  readonly text: string;
  readonly root: XmlElement;
}
