import { AdapterError, MalformedRequest } from '../errors/errors.js';
import { refuseDoctype } from './doctype.js';
import type { XmlElement } from './element.js';
import { defaultXmlLimits, type XmlLimits } from './limits.js';
import { parseWithSaxes, type SaxAttribute, type SaxTag } from './sax-parser.js';

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
// What a name may hold but not begin with. saxes checks the beginning of the prefix, not of the part after the colon.
const NOT_A_NAME_START = /^(?:[-.0-9\u00B7\u203F\u2040]|[\u0300-\u036F])/;

/**
 * Reads one XML 1.0 document with namespaces from text that nobody vouches for.
 * No document type, no processing instructions (SOAP has neither), no entities but the predefined five.
 * @throws DoctypeRefused for a DOCTYPE, before anything is parsed
 * @throws MalformedRequest for all else that is not well-formed, and for what is over a limit
 */
export function readXml(text: string, limits: XmlLimits = defaultXmlLimits): XmlElement {
  if (text.length > limits.totalLength) throw new MalformedRequest('XML over the limit: totalLength');
  refuseDoctype(text);
  if (exceeds(text, '&', limits.references)) throw new MalformedRequest('XML over the limit: references');
  // saxes lets half a surrogate pair through when certain characters follow it.
  if (/\p{Surrogate}/u.test(text)) throw new MalformedRequest('XML not well-formed: lone surrogate');
  return new TreeReader(limits).read(text);
}

/** Whether `character` stands in the text more than `limit` times. A scan like this takes a hundredth of a parse. */
function exceeds(text: string, character: string, limit: number): boolean {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) {
    count += 1;
    if (count > limit) return true;
  }
  return false;
}

/** An element whose end has not been seen. */
interface OpenElement {
  readonly namespace: string;
  readonly localName: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  readonly prefixes: ReadonlyMap<string, string>;
  text: string;
}

class TreeReader {
  readonly #limits: XmlLimits;
  readonly #open: OpenElement[] = [];
  readonly #outermostPrefixes: ReadonlyMap<string, string> = new Map([['xml', XML_NAMESPACE]]);
  #root: XmlElement | undefined;
  #elements = 0;
  #attributes = 0;
  #declarations = 0;
  #attributesHere = 0;
  #declarationsHere = 0;

  constructor(limits: XmlLimits) {
    this.#limits = limits;
  }

  read(text: string): XmlElement {
    try {
      parseWithSaxes(text, {
        xmldecl: (declaration) => {
          if (declaration.version !== '1.0') throw new MalformedRequest('XML version other than 1.0');
        },
        processinginstruction: () => {
          throw new MalformedRequest('XML with a processing instruction');
        },
        // The element's name alone is known here: depth is refused before saxes resolves anything through the ancestors.
        opentagstart: (tag) => {
          this.#begin(tag.name);
        },
        attribute: (attribute) => {
          this.#attribute(attribute);
        },
        opentag: (tag) => {
          this.#enter(tag);
        },
        closetag: () => {
          this.#open.pop();
        },
        text: (data) => {
          this.#characters(data);
        },
      });
    } catch (error) {
      if (error instanceof AdapterError) throw error;
      throw new MalformedRequest(`XML not well-formed ${withoutData(error)}`);
    }
    if (this.#root === undefined) throw new MalformedRequest('XML without a root element');
    return this.#root;
  }

  #begin(name: string): void {
    this.#require('depth', this.#open.length + 1);
    this.#require('elements', ++this.#elements);
    this.#require('nameLength', name.length);
    this.#attributesHere = 0;
    this.#declarationsHere = 0;
  }

  #attribute({ name, prefix, local, value }: SaxAttribute): void {
    this.#require('attributesPerElement', ++this.#attributesHere);
    this.#require('attributes', ++this.#attributes);
    this.#require('nameLength', name.length);
    this.#require('attributeLength', value.length);
    requireNameStart(local);
    if (prefix === 'xmlns' || name === 'xmlns') {
      this.#declarationsHere += 1;
      this.#require('namespaceDeclarations', ++this.#declarations);
      // saxes would trim it, and so take one namespace for another.
      if (value !== value.trim()) throw new MalformedRequest('XML with white space around a namespace name');
    }
  }

  #enter(tag: SaxTag): void {
    requireNameStart(tag.local);
    const parent = this.#open.at(-1);
    // Most elements declare nothing and share the map of their parent.
    const outerPrefixes = parent?.prefixes ?? this.#outermostPrefixes;
    const element: OpenElement = {
      namespace: tag.uri,
      localName: tag.local,
      attributes: this.#attributesHere > this.#declarationsHere ? attributesOf(tag) : NO_ATTRIBUTES,
      children: [],
      prefixes: this.#declarationsHere > 0 ? inScope(tag, outerPrefixes) : outerPrefixes,
      text: '',
    };
    if (parent === undefined) this.#root = element;
    else parent.children.push(element);
    this.#open.push(element);
  }

  #characters(data: string): void {
    const element = this.#open.at(-1);
    // White space outside the root; anything else there has been refused by the parser.
    if (element === undefined) return;
    this.#require('textLength', element.text.length + data.length);
    element.text += data;
  }

  #require(limit: keyof XmlLimits, amount: number): void {
    if (amount > this.#limits[limit]) throw new MalformedRequest(`XML over the limit: ${limit}`);
  }
}

function requireNameStart(localName: string): void {
  if (NOT_A_NAME_START.test(localName)) throw new MalformedRequest('XML not well-formed: malformed name');
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map<string, string>();

function attributesOf(tag: SaxTag): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const { name, prefix, local, uri, value } of Object.values(tag.attributes)) {
    if (prefix === 'xmlns' || name === 'xmlns') continue;
    attributes.set(uri === '' ? local : `{${uri}}${local}`, value);
  }
  return attributes;
}

function inScope(tag: SaxTag, outer: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const prefixes = new Map(outer);
  for (const [prefix, namespace] of Object.entries(tag.ns)) {
    if (namespace === '') prefixes.delete(prefix);
    else prefixes.set(prefix, namespace);
  }
  return prefixes;
}

/** Place and kind of what saxes found. What follows the second colon quotes the document, which logs must not hold. */
function withoutData(error: unknown): string {
  const match = error instanceof Error ? /^(\d+:\d+): ([^:]*)/.exec(error.message) : null;
  return match === null ? '(unreadable)' : `at ${match[1] ?? ''}: ${match[2] ?? ''}`;
}
