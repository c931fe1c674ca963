import type { AuditOutcome } from '../../operations/audit-trail.js';
import { isNationalId, type NationalId } from '../../person/national-id.js';
import type { PregPerson } from '../../person/preg-person.js';
import type { Caller, PersonRegistry } from '../../registry/person-registry.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import type { XmlElement } from '../../xml/element.js';
import type { SoapAnswer, SoapCall } from '../soap/soap-service.js';
import { rejectionOf, type ProcessingMode } from './acceptance.js';
import type { PersonRenderer } from './person.js';
import { queryReply, type AcknowledgementDetail, type QueryOutcome } from './reply.js';
import {
  at,
  childrenOf,
  identifierIn,
  messageIn,
  readTransmissionWrapper,
  type TransmissionWrapper,
} from './request.js';
import { wrapperNamespace, type Hl7v3Operation } from './schema/operations.js';
import { replyBody } from './schema/reply-body.js';
import type { TypeTable } from './schema/type-table.js';

/** What the operation is made of. */
export interface GetDemographicsParts {
  readonly operation: Hl7v3Operation;
  readonly types: TypeTable;
  readonly registry: PersonRegistry;
  readonly renderer: PersonRenderer;
  readonly processingMode: ProcessingMode;
  readonly clock: Clock;
  readonly random: Random;
}

/** More identifiers than anybody has; a longer list is not a question about one person. */
const MAX_IDENTIFIERS = 10;

const MALFORMED_ID = { code: 'SYN102', text: 'The person identifier is missing or malformed.' };
const MISSING_ID = { ...MALFORMED_ID, code: 'SYN105' };
const TOO_MANY_IDS = { code: 'SYN108', text: 'There are more person identifiers than one person has.' };
const DIFFERENT_PERSONS = {
  code: 'SYN102',
  text: 'The person identifiers do not belong to one and the same person.',
};

/** GetDemographics: one person by number (preg-hl7v3 4.2). */
export class GetDemographics {
  constructor(private readonly parts: GetDemographicsParts) {}

  /** @throws AdapterError for what is not an answer in the protocol's own terms. */
  async answer(body: XmlElement, call: SoapCall): Promise<SoapAnswer> {
    const { operation, processingMode } = this.parts;
    const message = messageIn(body, { namespace: wrapperNamespace, localName: operation.requestElement });
    const request = readTransmissionWrapper(message);
    const requester = request.requester;
    const detail =
      requester === undefined ? {} : { requester: `${requester.root ?? ''}^${requester.extension ?? ''}` };
    call.describe([], detail);

    const rejection = rejectionOf(request, operation.requestType, processingMode);
    if (rejection !== undefined) return this.#refused(message, request, 'AR', rejection);
    const identifiers = identifiersIn(message);
    if ('refused' in identifiers) return this.#refused(message, request, 'AE', identifiers.refused);
    call.describe(identifiers.ids, detail);
    return this.#lookup(message, request, identifiers.ids, call);
  }

  async #lookup(
    message: XmlElement,
    request: TransmissionWrapper,
    ids: readonly NationalId[],
    call: SoapCall,
  ): Promise<SoapAnswer> {
    const found = await lookupAll(ids, this.parts.registry, call.caller);
    if (found === 'different') return this.#refused(message, request, 'AE', DIFFERENT_PERSONS);
    if (found === 'nobody') {
      return this.#reply(
        message,
        request,
        { acknowledgement: 'AA', queryResponse: 'NF', details: [] },
        [],
        'not-found',
      );
    }
    const subject = this.parts.renderer.subject(found, call.client.quirks);
    return this.#reply(
      message,
      request,
      { acknowledgement: 'AA', queryResponse: 'OK', details: [] },
      [subject],
      'found',
    );
  }

  #refused(
    message: XmlElement,
    request: TransmissionWrapper,
    acknowledgement: 'AE' | 'AR',
    detail: AcknowledgementDetail,
  ): SoapAnswer {
    const queryResponse = acknowledgement === 'AR' ? 'AE' : 'QE';
    const outcome: QueryOutcome = { acknowledgement, queryResponse, details: [detail] };
    return this.#reply(message, request, outcome, [], 'invalid-query');
  }

  #reply(
    message: XmlElement,
    request: TransmissionWrapper,
    outcome: QueryOutcome,
    subjects: Parameters<typeof queryReply>[0]['subjects'],
    auditOutcome: AuditOutcome,
  ): SoapAnswer {
    const { operation, types, clock, random } = this.parts;
    const reply = queryReply({
      replyType: operation.replyType,
      request,
      queryId: identifierIn(at(message, 'controlActProcess', 'queryByParameter', 'queryId')),
      outcome,
      subjects,
      sentAt: clock.now(),
      random,
    });
    return { body: replyBody(types, operation, reply), outcome: auditOutcome };
  }
}

type Identifiers =
  { readonly ids: readonly [NationalId, ...NationalId[]] } | { readonly refused: AcknowledgementDetail };

/** The numbers asked for, each once. The root is not believed: the digits tell the kind (preg-hl7v3 5.2). */
function identifiersIn(message: XmlElement): Identifiers {
  const parameters = at(message, 'controlActProcess', 'queryByParameter', 'parameterList');
  const values = childrenOf(parameters, 'identifiedPersonIdentifier').flatMap((id) =>
    childrenOf(id, 'value'),
  );
  const texts = values.map((value) => value.attributes.get('extension') ?? '');
  if (texts.every((text) => text === '')) return { refused: MISSING_ID };
  const ids = [...new Set(texts)].filter(isNationalId);
  const [first, ...more] = ids;
  if (first === undefined || !texts.every(isNationalId)) return { refused: MALFORMED_ID };
  if (ids.length > MAX_IDENTIFIERS) return { refused: TOO_MANY_IDS };
  return { ids: [first, ...more] };
}

/** The one person that all numbers belong to (preg-hl7v3 question 16). */
async function lookupAll(
  ids: readonly NationalId[],
  registry: PersonRegistry,
  caller: Caller,
): Promise<PregPerson | 'nobody' | 'different'> {
  const answers = await Promise.all(ids.map((id) => registry.lookup({ id }, caller)));
  const persons = answers.flatMap((answer) => (answer.outcome === 'found' ? [answer.person] : []));
  const [first, ...others] = persons;
  if (first === undefined) return 'nobody';
  const same = persons.length === ids.length && others.every(({ nin }) => nin === first.nin);
  return same ? first : 'different';
}
