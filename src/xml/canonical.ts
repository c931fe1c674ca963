import {
  ParseOption,
  XmlC14NMode,
  XmlComment,
  XmlDocument,
  XmlElement as ParsedElement,
  XmlError,
} from 'libxml2-wasm';
import { MalformedRequest } from '../errors/errors.js';
import type { XmlElement } from './element.js';

/** A document as decoded text, and the tree that `readXml` made of that very text. */
export interface XmlDocumentText {
  readonly text: string;
  readonly root: XmlElement;
}

/** The canonical forms of some elements of a document, while the document is held open for them. */
export interface CanonicalForms {
  /**
   * The octets of the element by Exclusive XML Canonicalization 1.0, without comments.
   * @param inclusivePrefixes the PrefixList of InclusiveNamespaces; `#default` stands for the default namespace
   * @throws MalformedRequest when it has no canonical form, which is so where a namespace name is relative
   */
  exclusive(element: XmlElement, inclusivePrefixes?: readonly string[]): Uint8Array;
  /** Whether a comment stands anywhere inside the element: the canonical form leaves it out. */
  hasComment(element: XmlElement): boolean;
}

/**
 * Lets `work` have canonical forms of these elements of the tree, made from the text by libxml2. An element is found in
 * libxml2's tree by its place in ours, so that what is canonicalised is what was judged, whatever its name or id.
 * The document is freed at the end of `work`; no promise may carry the forms away.
 * @throws MalformedRequest when libxml2 cannot read the text or reads another tree from it
 * @throws TypeError when an element is not of this tree, a mistake of the caller
 */
export function withCanonicalForms<Result>(
  { text, root }: XmlDocumentText,
  elements: readonly XmlElement[],
  work: (forms: CanonicalForms) => Result,
): Result {
  const wanted = new Set(elements);
  const holders = holdersOf(root, wanted);
  const document = parse(text);
  // Without this, what libxml2 holds is never given back.
  try {
    const found = new Map<XmlElement, ParsedElement>();
    find({ wanted, holders, found }, document.root, root, false);
    const mayHaveComments = text.includes('<!--');
    return work({
      exclusive: (element, inclusivePrefixes = []) =>
        canonicalise(document, parsedForm(found, element), inclusivePrefixes),
      hasComment: (element) => mayHaveComments && containsComment(parsedForm(found, element)),
    });
  } finally {
    document.dispose();
  }
}

/** The ancestors of the wanted elements. Headers precede the body, so the search seldom gets that far. */
function holdersOf(root: XmlElement, wanted: ReadonlySet<XmlElement>): ReadonlySet<XmlElement> {
  const holders = new Set<XmlElement>();
  let missing = wanted.size;
  const visit = (element: XmlElement): boolean => {
    let holds = wanted.has(element);
    if (holds) missing -= 1;
    for (const child of element.children) {
      if (missing === 0) break;
      if (!visit(child)) continue;
      holders.add(element);
      holds = true;
    }
    return holds;
  };
  visit(root);
  if (missing > 0) throw new TypeError('an element is not of the tree');
  return holders;
}

/**
 * Neither network nor files nor entities, nor a table of ids, which none of our own looks up and which a repeated one would
 * upset; and the text is decoded, so an encoding that it declares is history.
 */
const parseOptions = {
  encoding: 'utf-8',
  option:
    ParseOption.XML_PARSE_NONET |
    ParseOption.XML_PARSE_NO_XXE |
    ParseOption.XML_PARSE_SKIP_IDS |
    ParseOption.XML_PARSE_IGNORE_ENC,
};

function parse(text: string): XmlDocument {
  try {
    // Octets, since libxml2-wasm takes text over a character at a time.
    return XmlDocument.fromBuffer(Buffer.from(text, 'utf8'), parseOptions);
  } catch (error) {
    // Its message quotes the document.
    if (error instanceof XmlError) throw new MalformedRequest('XML that the canonicaliser cannot read');
    throw error;
  }
}

interface Search {
  readonly wanted: ReadonlySet<XmlElement>;
  readonly holders: ReadonlySet<XmlElement>;
  readonly found: Map<XmlElement, ParsedElement>;
}

/**
 * Goes down both trees at once to the wanted elements. What stands beside the way is taken out, since libxml2 visits the
 * whole document for each canonical form; ancestors stay, and with them the prefixes that a PrefixList may name.
 */
function find(search: Search, parsed: ParsedElement, element: XmlElement, insideWanted: boolean): void {
  if (parsed.name !== element.localName || parsed.namespaceUri !== element.namespace) throw anotherTree();
  const wanted = search.wanted.has(element);
  if (wanted) search.found.set(element, parsed);
  if (!search.holders.has(element)) return;
  const children = childElements(parsed);
  if (children.length !== element.children.length) throw anotherTree();
  for (const [index, child] of element.children.entries()) {
    const parsedChild = children[index];
    if (parsedChild === undefined) throw anotherTree();
    if (search.wanted.has(child) || search.holders.has(child)) {
      find(search, parsedChild, child, insideWanted || wanted);
    } else if (!insideWanted && !wanted) {
      parsedChild.remove();
    }
  }
}

function anotherTree(): MalformedRequest {
  return new MalformedRequest('XML that two readers understand differently');
}

function childElements(parent: ParsedElement): readonly ParsedElement[] {
  const children: ParsedElement[] = [];
  for (let node = parent.firstChild; node !== null; node = node.next) {
    if (node instanceof ParsedElement) children.push(node);
  }
  return children;
}

/** Not by XPath, which takes minutes over a hundred thousand comments where this ends at the first. */
function containsComment(parent: ParsedElement): boolean {
  for (let node = parent.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlComment) return true;
    if (node instanceof ParsedElement && containsComment(node)) return true;
  }
  return false;
}

function parsedForm(found: ReadonlyMap<XmlElement, ParsedElement>, element: XmlElement): ParsedElement {
  const parsed = found.get(element);
  if (parsed === undefined) throw new TypeError('the canonical form of this element was not asked for');
  return parsed;
}

function canonicalise(
  document: XmlDocument,
  element: ParsedElement,
  inclusivePrefixes: readonly string[],
): Uint8Array {
  // Octets, since they are what is hashed: canonicalizeToString would decode them, each chunk by itself.
  const chunks: Uint8Array[] = [];
  const handler = {
    write: (chunk: Uint8Array): number => {
      // A view of memory that libxml2 uses again.
      chunks.push(chunk.slice());
      return chunk.byteLength;
    },
    close: (): boolean => true,
  };
  try {
    document.canonicalize(handler, {
      mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
      withComments: false,
      nodeSet: new Set([element]),
      ...(inclusivePrefixes.length === 0 ? {} : { inclusiveNamespacePrefixes: [...inclusivePrefixes] }),
    });
  } catch (error) {
    if (error instanceof XmlError) throw new MalformedRequest('XML without a canonical form');
    throw error;
  }
  return Buffer.concat(chunks);
}
