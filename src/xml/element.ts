/** XML as this project reads and writes it: a small immutable tree, namespaces resolved, text kept as it stood. */

import type { WrittenXml } from './written-xml.js';

/** An element that was read. */
export interface XmlElement {
  readonly namespace: string;
  readonly localName: string;
  /** Attributes without a namespace under their name, others under `{namespace}name`; declarations left out. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All character data directly inside, CDATA included and comments left out, joined. */
  readonly text: string;
  /** Prefix bindings in scope, for values that are qualified names. */
  readonly prefixes: ReadonlyMap<string, string>;
}

/** An element to be written. Prefixes are chosen by the author; declarations are ordinary `xmlns` attributes. */
export interface XmlNode {
  /** Qualified name as written. */
  readonly name: string;
  /** In the order in which they are written. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Elements and text in order, and what was written before; an empty list gives an empty element. */
  readonly content?: readonly (XmlNode | WrittenXml | string)[];
}
