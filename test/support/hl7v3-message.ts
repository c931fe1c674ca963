import { join } from 'node:path';
import { packageRoot } from '../../src/config/package-root.js';
import { loadMappings } from '../../src/config/mapping-files.js';
import { Hl7v3Codes } from '../../src/legacy/hl7v3/codes.js';
import { loadTypeTable } from '../../src/legacy/hl7v3/schema/load-type-table.js';
import type { TypeTable } from '../../src/legacy/hl7v3/schema/type-table.js';
import { TypedWriter } from '../../src/legacy/hl7v3/schema/typed-writer.js';
import type { CodeTables } from '../../src/mapping/code-table.js';
import type { XmlElement, XmlNode } from '../../src/xml/element.js';
import type { WrittenXml } from '../../src/xml/written-xml.js';
import { readXml } from '../../src/xml/reader.js';
import { written } from './written.js';

const folder = join(packageRoot(), 'mappings');

/** The message types and code tables as they are shipped. */
export const types: TypeTable = await loadTypeTable(join(folder, 'hl7v3', 'types.yaml'));
export const writer = new TypedWriter(types);
const mappings = await loadMappings(folder);
export const codeTables: CodeTables = mappings.codes;
export const countries = mappings.countries;
export const codes = new Hl7v3Codes(codeTables);

/** The body of a request for an operation: both wrappers, with the message's own XML inside. */
export function requestBody(content: string, operation = 'GetDemographics', inner = 'query'): XmlElement {
  return readXml(
    `<t:${operation} xmlns:t="http://tempuri.org/" xmlns="urn:hl7-org:v3"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><t:${inner}>${content}</t:${inner}></t:${operation}>`,
  );
}

/** A message of HL7 v3 with that XML inside. */
export function message(content: string): XmlElement {
  const [inner] = requestBody(content).children;
  if (inner === undefined) throw new Error('no message');
  return inner;
}

/** The control act of a GetDemographics request for these numbers. */
export function controlActFor(...numbers: readonly string[]): string {
  const identifiers = numbers.map(
    (number) =>
      `<identifiedPersonIdentifier><value root="2.16.578.1.12.4.1.4.1" extension="${number}"/></identifiedPersonIdentifier>`,
  );
  return `<controlActProcess><queryByParameter><parameterList>${identifiers.join('')}</parameterList></queryByParameter></controlActProcess>`;
}

/** What was written, as a reader sees it. */
export function reread(node: XmlNode | WrittenXml): XmlElement {
  return readXml(written(node));
}

/** Every element with that name anywhere below, in the document's order. */
export function all(element: XmlElement, localName: string): readonly XmlElement[] {
  return element.children.flatMap((child) => [
    ...(child.localName === localName ? [child] : []),
    ...all(child, localName),
  ]);
}

/** The one element with that name anywhere below. @throws Error when there is not exactly one */
export function the(element: XmlElement, localName: string): XmlElement {
  const [found, ...more] = all(element, localName);
  if (found === undefined || more.length > 0) throw new Error(`${localName} stands not once`);
  return found;
}

/** Attributes as a plain object. */
export function attributesOf(element: XmlElement): Record<string, string> {
  return Object.fromEntries(element.attributes);
}

/** The names of the children, in order. */
export function childNames(element: XmlElement): readonly string[] {
  return element.children.map(({ localName }) => localName);
}
