import type { XmlNode } from '../../src/xml/element.js';
import { writeXml } from '../../src/xml/writer.js';
import { WrittenXml } from '../../src/xml/written-xml.js';

/** An element as XML text, whoever has written it. */
export function written(node: XmlNode | WrittenXml): string {
  return node instanceof WrittenXml ? node.text : writeXml(node);
}

/** The name of the element in that text, with its prefix. */
export function writtenName(node: XmlNode | WrittenXml): string | undefined {
  return /^<([^\s/>]+)/.exec(written(node))?.[1];
}
