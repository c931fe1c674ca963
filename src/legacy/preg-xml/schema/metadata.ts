import type { XmlNode } from '../../../xml/element.js';
import { writeXml } from '../../../xml/writer.js';
import { keptMetadata } from '../../soap/kept-metadata.js';
import type { ServiceMetadata } from '../../soap/soap-service.js';
import { wsdl } from '../../../contract/soap/wsdl.js';
import { importingSchema } from '../../soap/xml-schema.js';
import type { Contract } from '../../../contract/preg-xml/contract.js';
import { pregXmlServiceDescription } from '../../../contract/preg-xml/service-description.js';
import { serializationNamespace, serializationSchema } from './serialization-schema.js';
import { contractSchema, type SchemaLocation } from './xsd.js';

/**
 * The documents behind `?wsdl`, `?singleWsdl` and `?xsd=…`, per address (contract 1.1 and 1.2): `xsd0` is the service's
 * own namespace, `xsd1` .NET's, and then those of NHN's data, arrays and, in version 2018, key-value pairs.
 * @returns a function that throws TypeError when the address is not an absolute URL
 */
export function createPregXmlMetadata(contract: Contract): (address: string) => ServiceMetadata {
  const namespaces = [...contract.namespaces.values()].toSpliced(1, 0, serializationNamespace);
  const schemaOf = (namespace: string, location: SchemaLocation): XmlNode =>
    namespace === serializationNamespace
      ? serializationSchema()
      : contractSchema(contract, namespace, location);
  const wsdlWith = (address: string, schemas: readonly XmlNode[]): string =>
    documentText(wsdl(pregXmlServiceDescription(contract), address, schemas));
  return keptMetadata((address) => {
    const location = (namespace: string): string =>
      `${address}?xsd=xsd${String(namespaces.indexOf(namespace))}`;
    const imports = importingSchema(
      `${contract.namespace}/Imports`,
      namespaces.map((namespace) => ({ namespace, schemaLocation: location(namespace) })),
    );
    return {
      wsdl: wsdlWith(address, [imports]),
      singleWsdl: wsdlWith(
        address,
        namespaces.map((namespace) => schemaOf(namespace, () => undefined)),
      ),
      schemas: new Map(
        namespaces.map((namespace, index) => [
          `xsd${String(index)}`,
          documentText(schemaOf(namespace, location)),
        ]),
      ),
    };
  });
}

function documentText(root: XmlNode): string {
  return writeXml(root, { declaration: true });
}
