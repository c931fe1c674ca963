import type { DescribedService } from '../soap/wsdl.js';
import type { Contract } from './contract.js';

/** IPersonService under its published names, in one version of the contract (contract preg-xml-filematch-hl7v2, 1.1). */
export function pregXmlServiceDescription({ namespace, operations }: Contract): DescribedService {
  return {
    name: 'PersonService',
    targetNamespace: namespace,
    portType: 'IPersonService',
    binding: 'CustomBinding_IPersonService',
    operations: [...operations.values()],
  };
}
