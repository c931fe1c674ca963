/** How large a document may be in each direction before it is refused. Lengths are UTF-16 code units. */
export interface XmlLimits {
  /** Elements inside one another; the root counts as one. */
  readonly depth: number;
  readonly elements: number;
  /** Attributes of one element, namespace declarations included. */
  readonly attributesPerElement: number;
  /** Attributes of the whole document, namespace declarations included. */
  readonly attributes: number;
  /** Namespace declarations of the whole document. */
  readonly namespaceDeclarations: number;
  /** Length of a qualified name of an element or attribute. */
  readonly nameLength: number;
  readonly attributeLength: number;
  /** Character data directly inside one element. */
  readonly textLength: number;
  /** Ampersands, each of which may begin a reference, the costliest thing to read per character. */
  readonly references: number;
  /** Length of the whole text. */
  readonly totalLength: number;
}

/**
 * Far above what PREG's clients send (a lookup is 3 kB, 12 levels and 40 elements; a bulk call a few thousand elements)
 * and low enough that the largest document that passes is read in some tenths of a second.
 */
export const defaultXmlLimits: XmlLimits = {
  depth: 64,
  elements: 50_000,
  attributesPerElement: 64,
  attributes: 50_000,
  namespaceDeclarations: 1_000,
  nameLength: 256,
  attributeLength: 8_192,
  textLength: 65_536,
  references: 50_000,
  totalLength: 1_048_576,
};
