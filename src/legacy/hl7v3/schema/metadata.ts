import type { XmlNode } from '../../../xml/element.js';
import { writeXml } from '../../../xml/writer.js';
import { keptMetadata } from '../../soap/kept-metadata.js';
import type { ServiceMetadata } from '../../soap/soap-service.js';
import { importingSchema } from '../../soap/xml-schema.js';
import { wrapperNamespace } from '../../../contract/hl7v3/operations.js';
import { hl7Namespace } from '../../../contract/hl7v3/code-systems.js';
import type { TypeTable } from './type-table.js';
import { hl7v3Wsdl } from './wsdl.js';
import { hl7Schema, wrapperSchema } from './xsd.js';

const hl7SchemaPlace: XmlNode = { name: 'xs:hl7-schema' };

/**
 * The documents behind `?wsdl`, `?singleWsdl`, `?xsd=xsd0` (wrappers) and `?xsd=xsd1` (HL7 types), per address.
 * Nothing is generated before the first call.
 * @returns a function that throws TypeError when the address is not an absolute URL
 */
export function createHl7v3Metadata(table: TypeTable): (address: string) => ServiceMetadata {
  let hl7Document: string | undefined;
  return keptMetadata((address) => {
    hl7Document ??= writeXml(hl7Schema(table), { declaration: true });
    return documents(address, hl7Document);
  });
}

function documents(address: string, hl7Document: string): ServiceMetadata {
  const hl7Location = `${address}?xsd=xsd1`;
  const imports = importingSchema(`${wrapperNamespace}Imports`, [
    { namespace: wrapperNamespace, schemaLocation: `${address}?xsd=xsd0` },
    { namespace: hl7Namespace, schemaLocation: hl7Location },
  ]);
  return {
    wsdl: documentText(hl7v3Wsdl(address, [imports])),
    singleWsdl: withHl7Schema(
      documentText(hl7v3Wsdl(address, [wrapperSchema(), hl7SchemaPlace])),
      hl7Document,
    ),
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
