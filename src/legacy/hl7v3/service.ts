import type { CodeTables } from '../../mapping/code-table.js';
import type { HelpNumberRegister } from '../../registry/help-number-register.js';
import type { PersonRegistry } from '../../registry/person-registry.js';
import type { SoapOperation, SoapService } from '../soap/soap-service.js';
import { AddPerson } from './add-person.js';
import type { CountryCodes } from './address-parameter.js';
import { Hl7v3Codes } from './codes.js';
import { DetectedIssues } from './detected-issues.js';
import { FindCandidates } from './find-candidates.js';
import { GetDemographics } from './get-demographics.js';
import { LinkPersonRecords } from './link-person-records.js';
import { answerMessage, type MessageHandler, type MessageParts } from './message.js';
import { PersonRenderer } from './person.js';
import { RevisePersonRecord } from './revise-person-record.js';
import { createHl7v3Metadata } from './schema/metadata.js';
import {
  hl7v3Operations,
  replyAction,
  requestAction,
  wrapperNamespace,
  type Hl7v3Operation,
  type Hl7v3OperationName,
} from '../../contract/hl7v3/operations.js';
import type { TypeTable } from './schema/type-table.js';
import { TypedWriter } from './schema/typed-writer.js';
import { UnlinkPersonRecords } from './unlink-person-records.js';

/** What the service is made of. */
export interface Hl7v3ServiceParts extends Omit<MessageParts, 'writer'> {
  readonly types: TypeTable;
  readonly codes: CodeTables;
  readonly countries: CountryCodes;
  readonly registry: PersonRegistry;
  readonly helpNumbers: HelpNumberRegister;
}

/** The two addresses that clients of 2011 and 2021 know (preg-hl7v3 1.1). */
const paths = ['/Personregister.HL7/PersonRegistry.svc', '/Personregister.HL7/HL7/PersonRegistry.svc'];

/** PREG's HL7 v3 service, IPersonRegistry. */
export function createHl7v3Service(parts: Hl7v3ServiceParts): SoapService {
  const { registry, helpNumbers, countries, clock } = parts;
  const codes = new Hl7v3Codes(parts.codes);
  const renderer = new PersonRenderer(codes);
  const messageParts: MessageParts = { ...parts, writer: new TypedWriter(parts.types) };
  const issues = new DetectedIssues(parts.codes, codes);
  const handlers: Readonly<Record<Hl7v3OperationName, MessageHandler>> = {
    FindCandidates: new FindCandidates(registry, renderer, { codes, countries }),
    GetDemographics: new GetDemographics(registry, renderer),
    AddPerson: new AddPerson(helpNumbers, renderer, codes, issues, clock),
    RevisePersonRecord: new RevisePersonRecord(helpNumbers, renderer, codes, issues, clock),
    LinkPersonRecords: new LinkPersonRecords(helpNumbers, issues),
    UnlinkPersonRecords: new UnlinkPersonRecords(helpNumbers, issues),
  };
  return {
    protocol: 'hl7v3',
    paths,
    greeting: 'PersonRegistry (HL7 v3). The description of the service is at ?wsdl.',
    operations: hl7v3Operations.map((operation) =>
      soapOperation(operation, (body, call) =>
        answerMessage(body, call, operation, handlers[operation.name], messageParts),
      ),
    ),
    metadata: createHl7v3Metadata(parts.types),
  };
}

function soapOperation(operation: Hl7v3Operation, handle: SoapOperation['handle']): SoapOperation {
  return {
    name: operation.name,
    action: requestAction(operation),
    replyAction: replyAction(operation),
    bodyNamespace: wrapperNamespace,
    bodyLocalName: operation.name,
    handle,
  };
}
