import type { XmlNode } from '../../xml/element.js';
import { ADDRESSING, SECURITY_UTILITY } from './namespaces.js';
import { securityPolicy } from './security-policy.js';

/** What a WSDL says of a service, but for its types. The names are those that clients were generated from. */
export interface DescribedService {
  /** Of the service and of the document. */
  readonly name: string;
  readonly targetNamespace: string;
  readonly portType: string;
  /** Of the binding and of the port. */
  readonly binding: string;
  /** Wrapped: the request's element is named as the operation, the reply's has `Response` after it. */
  readonly operations: readonly DescribedOperation[];
}

/** An operation with its WS-Addressing actions. */
export interface DescribedOperation {
  readonly name: string;
  readonly action: string;
  readonly replyAction: string;
}

const namespaces = {
  'xmlns:wsdl': 'http://schemas.xmlsoap.org/wsdl/',
  'xmlns:soap12': 'http://schemas.xmlsoap.org/wsdl/soap12/',
  'xmlns:wsp': 'http://schemas.xmlsoap.org/ws/2004/09/policy',
  'xmlns:wsaw': 'http://www.w3.org/2006/05/addressing/wsdl',
  'xmlns:wsa10': ADDRESSING,
  'xmlns:wsu': SECURITY_UTILITY,
};

/**
 * The WSDL of one of the old services: SOAP 1.2, document/literal wrapped, with the policy that they share.
 * @param address absolute URL of the service, as clients see it
 * @param schemas what stands in `wsdl:types`: whole schemas, or one that imports them
 * @throws TypeError when the address is not a URL
 */
export function wsdl(service: DescribedService, address: string, schemas: readonly XmlNode[]): XmlNode {
  const { name, targetNamespace, operations } = service;
  return {
    name: 'wsdl:definitions',
    attributes: { ...namespaces, 'xmlns:tns': targetNamespace, name, targetNamespace },
    content: [
      securityPolicy(policyId(service)),
      { name: 'wsdl:types', content: schemas },
      ...operations.flatMap((operation) => [
        messageNode(inputMessage(service, operation), operation.name),
        messageNode(outputMessage(service, operation), `${operation.name}Response`),
      ]),
      {
        name: 'wsdl:portType',
        attributes: { name: service.portType },
        content: operations.map((operation) => portOperation(service, operation)),
      },
      bindingNode(service),
      serviceNode(service, address),
    ],
  };
}

function messageNode(name: string, element: string): XmlNode {
  const part = { name: 'wsdl:part', attributes: { name: 'parameters', element: `tns:${element}` } };
  return { name: 'wsdl:message', attributes: { name }, content: [part] };
}

function portOperation(service: DescribedService, operation: DescribedOperation): XmlNode {
  return {
    name: 'wsdl:operation',
    attributes: { name: operation.name },
    content: [
      {
        name: 'wsdl:input',
        attributes: { 'wsaw:Action': operation.action, message: `tns:${inputMessage(service, operation)}` },
      },
      {
        name: 'wsdl:output',
        attributes: {
          'wsaw:Action': operation.replyAction,
          message: `tns:${outputMessage(service, operation)}`,
        },
      },
    ],
  };
}

function bindingNode(service: DescribedService): XmlNode {
  return {
    name: 'wsdl:binding',
    attributes: { name: service.binding, type: `tns:${service.portType}` },
    content: [
      { name: 'wsp:PolicyReference', attributes: { URI: `#${policyId(service)}` } },
      { name: 'soap12:binding', attributes: { transport: 'http://schemas.xmlsoap.org/soap/http' } },
      ...service.operations.map(bindingOperation),
    ],
  };
}

function bindingOperation(operation: DescribedOperation): XmlNode {
  const literalBody = { name: 'soap12:body', attributes: { use: 'literal' } };
  return {
    name: 'wsdl:operation',
    attributes: { name: operation.name },
    content: [
      { name: 'soap12:operation', attributes: { soapAction: operation.action, style: 'document' } },
      { name: 'wsdl:input', content: [literalBody] },
      { name: 'wsdl:output', content: [literalBody] },
    ],
  };
}

function serviceNode({ name, binding }: DescribedService, address: string): XmlNode {
  const identity = {
    name: 'Identity',
    attributes: { xmlns: 'http://schemas.xmlsoap.org/ws/2006/02/addressingidentity' },
    content: [{ name: 'Dns', content: [new URL(address).hostname] }],
  };
  const port = {
    name: 'wsdl:port',
    attributes: { name: binding, binding: `tns:${binding}` },
    content: [
      { name: 'soap12:address', attributes: { location: address } },
      {
        name: 'wsa10:EndpointReference',
        content: [{ name: 'wsa10:Address', content: [address] }, identity],
      },
    ],
  };
  return { name: 'wsdl:service', attributes: { name }, content: [port] };
}

function policyId({ binding }: DescribedService): string {
  return `${binding}_policy`;
}

function inputMessage({ portType }: DescribedService, operation: DescribedOperation): string {
  return `${portType}_${operation.name}_InputMessage`;
}

function outputMessage({ portType }: DescribedService, operation: DescribedOperation): string {
  return `${portType}_${operation.name}_OutputMessage`;
}
