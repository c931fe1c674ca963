import { XMLBuilder } from 'fast-xml-parser';
import type { XmlNode } from './element.js';
import { escapeAttribute, escapeText } from './escape.js';
import { WrittenXml } from './written-xml.js';

/** How a document is written. */
export interface WriteOptions {
  /** Whether the XML declaration stands first. Default false. */
  readonly declaration?: boolean;
}

// ASCII alone: a name cannot hold a character reference, so it has to fit every character set.
const QUALIFIED_NAME = /^[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?$/;

// fast-xml-parser moved its builder to a package of its own, from which it still exports it.
// eslint-disable-next-line @typescript-eslint/no-deprecated
const builder = new XMLBuilder({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
  // Escaped here instead, by the rules of the place where the text stands.
  processEntities: false,
});

/**
 * The element as XML text, without insignificant white space; elements without content are written `<name/>`.
 * Character data survives a round trip byte for byte, except that what XML 1.0 forbids becomes U+FFFD.
 * The declaration says `utf-8`; `encodeXml` changes it when the text is encoded otherwise.
 * @throws TypeError when a name is not a qualified name in ASCII, which is a mistake of the author.
 */
export function writeXml(root: XmlNode, options: WriteOptions = {}): string {
  const xml = builder.build([ordered(root)]);
  return options.declaration === true ? `<?xml version="1.0" encoding="utf-8"?>${xml}` : xml;
}

function ordered(node: XmlNode): object {
  const content = (node.content ?? []).map((item) => {
    if (typeof item === 'string') return { '#text': escapeText(item) };
    return item instanceof WrittenXml ? { '#text': item.text } : ordered(item);
  });
  const given = Object.entries(node.attributes ?? {});
  if (given.length === 0) return { [checked(node.name)]: content };
  const attributes = given.map(([name, value]) => [checked(name), escapeAttribute(value)] as const);
  return { [checked(node.name)]: content, ':@': Object.fromEntries(attributes) };
}

function checked(name: string): string {
  if (!QUALIFIED_NAME.test(name)) throw new TypeError('not a qualified name in ASCII');
  return name;
}
