import type { XmlNode } from '../../../xml/element.js';
import {
  hl7v3Operations,
  replyAction,
  requestAction,
  wrapperNamespace,
  type Hl7v3Operation,
} from './operations.js';
import { securityPolicy } from './security-policy.js';

const portType = 'IPersonRegistry';
const binding = 'WSHttpBinding_IPersonRegistry';
const policyId = `${binding}_policy`;

const namespaces = {
  'xmlns:wsdl': 'http://schemas.xmlsoap.org/wsdl/',
  'xmlns:soap12': 'http://schemas.xmlsoap.org/wsdl/soap12/',
  'xmlns:wsp': 'http://schemas.xmlsoap.org/ws/2004/09/policy',
  'xmlns:wsaw': 'http://www.w3.org/2006/05/addressing/wsdl',
  'xmlns:wsa10': 'http://www.w3.org/2005/08/addressing',
  'xmlns:wsu': 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
  'xmlns:tns': wrapperNamespace,
};

/**
 * The WSDL of IPersonRegistry under its published names (contract preg-hl7v3, 1.1 and 1.4).
 * @param address absolute URL of the service, as clients see it
 * @param schemas what stands in `wsdl:types`: whole schemas, or one that imports them
 * @throws TypeError when the address is not a URL
 */
export function wsdl(address: string, schemas: readonly XmlNode[]): XmlNode {
  return {
    name: 'wsdl:definitions',
    attributes: { ...namespaces, name: 'PersonRegistry', targetNamespace: wrapperNamespace },
    content: [
      securityPolicy(policyId),
      { name: 'wsdl:types', content: schemas },
      ...hl7v3Operations.flatMap((operation) => [
        messageNode(inputMessage(operation), operation.name),
        messageNode(outputMessage(operation), `${operation.name}Response`),
      ]),
      { name: 'wsdl:portType', attributes: { name: portType }, content: hl7v3Operations.map(portOperation) },
      bindingNode(),
      serviceNode(address),
    ],
  };
}

function messageNode(name: string, element: string): XmlNode {
  const part = { name: 'wsdl:part', attributes: { name: 'parameters', element: `tns:${element}` } };
  return { name: 'wsdl:message', attributes: { name }, content: [part] };
}

function portOperation(operation: Hl7v3Operation): XmlNode {
  return {
    name: 'wsdl:operation',
    attributes: { name: operation.name },
    content: [
      {
        name: 'wsdl:input',
        attributes: { 'wsaw:Action': requestAction(operation), message: `tns:${inputMessage(operation)}` },
      },
      {
        name: 'wsdl:output',
        attributes: { 'wsaw:Action': replyAction(operation), message: `tns:${outputMessage(operation)}` },
      },
    ],
  };
}

function bindingNode(): XmlNode {
  return {
    name: 'wsdl:binding',
    attributes: { name: binding, type: `tns:${portType}` },
    content: [
      { name: 'wsp:PolicyReference', attributes: { URI: `#${policyId}` } },
      { name: 'soap12:binding', attributes: { transport: 'http://schemas.xmlsoap.org/soap/http' } },
      ...hl7v3Operations.map(bindingOperation),
    ],
  };
}

function bindingOperation(operation: Hl7v3Operation): XmlNode {
  const literalBody = { name: 'soap12:body', attributes: { use: 'literal' } };
  return {
    name: 'wsdl:operation',
    attributes: { name: operation.name },
    content: [
      {
        name: 'soap12:operation',
        attributes: { soapAction: requestAction(operation), style: 'document' },
      },
      { name: 'wsdl:input', content: [literalBody] },
      { name: 'wsdl:output', content: [literalBody] },
    ],
  };
}

function serviceNode(address: string): XmlNode {
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
  return { name: 'wsdl:service', attributes: { name: 'PersonRegistry' }, content: [port] };
}

function inputMessage(operation: Hl7v3Operation): string {
  return `${portType}_${operation.name}_InputMessage`;
}

function outputMessage(operation: Hl7v3Operation): string {
  return `${portType}_${operation.name}_OutputMessage`;
}
