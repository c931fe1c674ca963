import type { DescribedService } from '../soap/wsdl.js';

/** Namespace of the wrappers around the HL7 messages, and of the WSDL. */
export const wrapperNamespace = 'http://tempuri.org/';

/** One operation of IPersonRegistry: its wrappers (contract preg-hl7v3, 2.1) and the types inside of them. */
export interface Hl7v3Operation {
  readonly name: string;
  /** Child of the request's body element, which is named as the operation. */
  readonly requestElement: string;
  readonly requestType: string;
  readonly replyType: string;
}

/** The six operations, in the order of the old service's WSDL. */
export const hl7v3Operations = [
  {
    name: 'FindCandidates',
    requestElement: 'query',
    requestType: 'PRPA_IN101305NO01',
    replyType: 'PRPA_IN101306NO01',
  },
  {
    name: 'GetDemographics',
    requestElement: 'query',
    requestType: 'PRPA_IN101307NO01',
    replyType: 'PRPA_IN101308NO01',
  },
  {
    name: 'AddPerson',
    requestElement: 'request',
    requestType: 'PRPA_IN101311NO01',
    replyType: 'PRPA_IN101319NO01',
  },
  {
    name: 'RevisePersonRecord',
    requestElement: 'request',
    requestType: 'PRPA_IN101314NO01',
    replyType: 'PRPA_IN101319NO01',
  },
  {
    name: 'LinkPersonRecords',
    requestElement: 'request',
    requestType: 'PRPA_IN101901NO01',
    replyType: 'MCAI_IN000004NO01',
  },
  {
    name: 'UnlinkPersonRecords',
    requestElement: 'request',
    requestType: 'PRPA_IN101911NO01',
    replyType: 'MCAI_IN000004NO01',
  },
] as const satisfies readonly Hl7v3Operation[];
export type Hl7v3OperationName = (typeof hl7v3Operations)[number]['name'];

/** WS-Addressing action of an operation's request (contract preg-hl7v3, 1.3). */
export function requestAction(operation: Hl7v3Operation): string {
  return `${wrapperNamespace}IPersonRegistry/${operation.name}`;
}

/** WS-Addressing action of an operation's reply. */
export function replyAction(operation: Hl7v3Operation): string {
  return `${requestAction(operation)}Response`;
}

/** IPersonRegistry under its published names (contract preg-hl7v3, 1.1). */
export const hl7v3ServiceDescription: DescribedService = {
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
