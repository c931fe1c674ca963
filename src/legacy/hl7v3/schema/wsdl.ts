import type { XmlNode } from '../../../xml/element.js';
import { hl7v3ServiceDescription } from '../../../contract/hl7v3/operations.js';
import { wsdl } from '../../../contract/soap/wsdl.js';

/**
 * The WSDL of IPersonRegistry under its published names (contract preg-hl7v3, 1.1 and 1.4).
 * @param address absolute URL of the service, as clients see it
 * @param schemas what stands in `wsdl:types`: whole schemas, or one that imports them
 * @throws TypeError when the address is not a URL
 */
export function hl7v3Wsdl(address: string, schemas: readonly XmlNode[]): XmlNode {
  return wsdl(hl7v3ServiceDescription, address, schemas);
}
