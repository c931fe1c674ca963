import type { XmlNode } from '../../../xml/element.js';
import { wsdl } from '../../soap/wsdl.js';
import {
  hl7v3Operations,
  replyAction,
  requestAction,
  wrapperNamespace,
} from '../../../contract/hl7v3/operations.js';

/**
 * The WSDL of IPersonRegistry under its published names (contract preg-hl7v3, 1.1 and 1.4).
 * @param address absolute URL of the service, as clients see it
 * @param schemas what stands in `wsdl:types`: whole schemas, or one that imports them
 * @throws TypeError when the address is not a URL
 */
export function hl7v3Wsdl(address: string, schemas: readonly XmlNode[]): XmlNode {
  const service = {
    name: 'PersonRegistry',
    targetNamespace: wrapperNamespace,
    portType: 'IPersonRegistry',
    binding: 'WSHttpBinding_IPersonRegistry',
    operations: hl7v3Operations.map((operation) => ({
      name: operation.name,
      action: requestAction(operation),
      replyAction: replyAction(operation),
    })),
  };
  return wsdl(service, address, schemas);
}
