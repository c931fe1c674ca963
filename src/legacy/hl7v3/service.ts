import { OperationNotOffered } from '../../errors/errors.js';
import type { CodeTables } from '../../mapping/code-table.js';
import type { PersonRegistry } from '../../registry/person-registry.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import type { SoapOperation, SoapService } from '../soap/soap-service.js';
import type { ProcessingMode } from './acceptance.js';
import { Hl7v3Codes } from './codes.js';
import { GetDemographics } from './get-demographics.js';
import { PersonRenderer } from './person.js';
import { createHl7v3Metadata } from './schema/metadata.js';
import {
  hl7v3Operations,
  replyAction,
  requestAction,
  wrapperNamespace,
  type Hl7v3Operation,
} from './schema/operations.js';
import type { TypeTable } from './schema/type-table.js';

/** What the service is made of. */
export interface Hl7v3ServiceParts {
  readonly types: TypeTable;
  readonly codes: CodeTables;
  readonly registry: PersonRegistry;
  readonly processingMode: ProcessingMode;
  readonly clock: Clock;
  readonly random: Random;
}

/** The two addresses that clients of 2011 and 2021 know (preg-hl7v3 1.1). */
const paths = ['/Personregister.HL7/PersonRegistry.svc', '/Personregister.HL7/HL7/PersonRegistry.svc'];

/** PREG's HL7 v3 service, IPersonRegistry. */
export function createHl7v3Service(parts: Hl7v3ServiceParts): SoapService {
  const renderer = new PersonRenderer(new Hl7v3Codes(parts.codes));
  const handlers = new Map<string, SoapOperation['handle']>(
    hl7v3Operations
      .filter(({ name }) => name === 'GetDemographics')
      .map((operation) => {
        const getDemographics = new GetDemographics({ ...parts, operation, renderer });
        return [operation.name, (body, call) => getDemographics.answer(body, call)];
      }),
  );
  return {
    protocol: 'hl7v3',
    paths,
    greeting: 'PersonRegistry (HL7 v3). The description of the service is at ?wsdl.',
    operations: hl7v3Operations.map((operation) =>
      soapOperation(operation, handlers.get(operation.name) ?? notOffered),
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

const notOffered: SoapOperation['handle'] = () =>
  Promise.reject(new OperationNotOffered('an operation that is not offered yet'));
