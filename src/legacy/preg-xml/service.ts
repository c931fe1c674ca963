import type { EventSink } from '../../operations/events.js';
import type { ChangeFeed } from '../../registry/change-feed.js';
import type { PersonRegistry } from '../../registry/person-registry.js';
import type { SoapOperation, SoapService } from '../soap/soap-service.js';
import { changesInKnownStructure, peopleInKnownStructure } from './known-structure.js';
import type { AnswerSettings } from './operations/answer-settings.js';
import { GetAddresses } from './operations/get-addresses.js';
import { GetAddressesAdvanced } from './operations/get-addresses-advanced.js';
import { GetChanges } from './operations/get-changes.js';
import { GetChildren } from './operations/get-children.js';
import { GetIdentityChanges } from './operations/get-identity-changes.js';
import { GetPerson } from './operations/get-person.js';
import { GetPersons } from './operations/get-persons.js';
import type { PersonOperation } from './operations/operation.js';
import { Search } from './operations/search.js';
import { ContractError, type Contract, type ContractOperation } from '../../contract/preg-xml/contract.js';
import { readData } from '../../contract/preg-xml/data-reader.js';
import { replyBody } from '../../contract/preg-xml/data-writer.js';
import { createPregXmlMetadata } from './schema/metadata.js';

/** What the service is made of. */
export interface PregXmlServiceParts {
  /** The version of the contract that is served. */
  readonly contract: Contract;
  readonly registry: PersonRegistry;
  readonly changes: ChangeFeed;
  readonly settings: AnswerSettings;
  readonly events: EventSink;
}

/** The address that clients know (contract 1.1). */
const paths = ['/Personregister.WCF/PersonService.svc'];

/**
 * Personregister-XML: PREG's IPersonService.
 * @throws ContractError when the contract has an operation that nobody serves
 */
export function createPregXmlService(parts: PregXmlServiceParts): SoapService {
  const { contract } = parts;
  const handlers = handlersOf(parts);
  return {
    protocol: 'preg-xml',
    paths,
    greeting: 'PersonService (Personregister-XML). The description of the service is at ?wsdl.',
    operations: Array.from(contract.operations.values(), (operation) => {
      const handler = handlers.get(operation.name);
      if (handler === undefined) throw new ContractError(`nobody serves ${operation.name}`);
      return soapOperation(contract, operation, handler);
    }),
    metadata: createPregXmlMetadata(contract),
  };
}

function handlersOf(parts: PregXmlServiceParts): ReadonlyMap<string, PersonOperation> {
  const { settings, events } = parts;
  const registry = peopleInKnownStructure(parts.registry);
  const changes = changesInKnownStructure(parts.changes);
  return new Map<string, PersonOperation>([
    ['Search', new Search(registry, settings)],
    ['GetPerson', new GetPerson(registry, settings)],
    ['GetPersons', new GetPersons(registry, settings)],
    ['GetAddresses', new GetAddresses(registry, settings)],
    ['GetChildren', new GetChildren(registry, settings)],
    ['GetIdentityChanges', new GetIdentityChanges(changes, settings)],
    ['GetChanges', new GetChanges(changes, settings)],
    ['GetAddressesAdvanced', new GetAddressesAdvanced(registry, settings, events)],
  ]);
}

function soapOperation(
  { namespace }: Contract,
  operation: ContractOperation,
  handler: PersonOperation,
): SoapOperation {
  return {
    name: operation.name,
    action: operation.action,
    replyAction: operation.replyAction,
    bodyNamespace: namespace,
    bodyLocalName: operation.name,
    handle: async (body, call) => {
      const { result, outcome } = await handler.answer(readData(body, operation.request), {
        ...call,
        replyLength: (whole) => call.replyLength(replyBody(operation, whole)),
      });
      return { body: replyBody(operation, result), outcome };
    },
  };
}
