import type { XmlNode } from '../../src/xml/element.js';
import { writeXml } from '../../src/xml/writer.js';
import { WrittenXml } from '../../src/xml/written-xml.js';

/** An element as XML text, whoever has written it. */
export function written(node: XmlNode | WrittenXml): string {
  return node instanceof WrittenXml ? node.text : writeXml(node);
}
