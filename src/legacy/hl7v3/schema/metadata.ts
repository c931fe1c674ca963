import type { XmlNode } from '../../../xml/element.js';
import { writeXml } from '../../../xml/writer.js';
import type { ServiceMetadata } from '../../soap/soap-service.js';
import { wrapperNamespace } from './operations.js';
import { hl7Namespace, type TypeTable } from './type-table.js';
import { wsdl } from './wsdl.js';
import { hl7Schema, importNode, wrapperSchema, xmlSchemaNamespace } from './xsd.js';

/** Addresses whose documents are kept; a service has one or two, whatever a stranger's Host header says. */
const keptAddresses = 8;

const hl7SchemaPlace: XmlNode = { name: 'xs:hl7-schema' };

/**
 * The documents behind `?wsdl`, `?singleWsdl`, `?xsd=xsd0` (wrappers) and `?xsd=xsd1` (HL7 types), per address.
 * Nothing is generated before the first call.
 * @returns a function that throws TypeError when the address is not an absolute URL
 */
export function createHl7v3Metadata(table: TypeTable): (address: string) => ServiceMetadata {
  const kept = new Map<string, ServiceMetadata>();
  let hl7Document: string | undefined;
  return (address) => {
    hl7Document ??= writeXml(hl7Schema(table), { declaration: true });
    const metadata = kept.get(address) ?? documents(address, hl7Document);
    kept.delete(address);
    kept.set(address, metadata);
    const [oldest] = kept.keys();
    if (kept.size > keptAddresses && oldest !== undefined) kept.delete(oldest);
    return metadata;
  };
}

function documents(address: string, hl7Document: string): ServiceMetadata {
  const hl7Location = `${address}?xsd=xsd1`;
  const imports: XmlNode = {
    name: 'xs:schema',
    attributes: { 'xmlns:xs': xmlSchemaNamespace, targetNamespace: `${wrapperNamespace}Imports` },
    content: [importNode(wrapperNamespace, `${address}?xsd=xsd0`), importNode(hl7Namespace, hl7Location)],
  };
  return {
    wsdl: documentText(wsdl(address, [imports])),
    singleWsdl: withHl7Schema(documentText(wsdl(address, [wrapperSchema(), hl7SchemaPlace])), hl7Document),
    schemas: new Map([
      ['xsd0', documentText(wrapperSchema(hl7Location))],
      ['xsd1', hl7Document],
    ]),
  };
}

/** The HL7 schema is nearly the whole document and the same for every address, so its text is written only once. */
function withHl7Schema(document: string, hl7Document: string): string {
  const schema = hl7Document.slice(hl7Document.indexOf('<xs:schema'));
  return document.replace(writeXml(hl7SchemaPlace), () => schema);
}

function documentText(root: XmlNode): string {
  return writeXml(root, { declaration: true });
}
