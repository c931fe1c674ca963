import { isNationalId, type NationalId } from '../../person/national-id.js';
import { MAX_NUMBERS, personOfAll } from '../../registry/person-of-all.js';
import type { PersonRegistry } from '../../registry/person-registry.js';
import type { XmlElement } from '../../xml/element.js';
import type { AcceptedMessage, MessageAnswer, MessageHandler } from './message.js';
import type { PersonRenderer } from './person.js';
import { queryControlAct, type AcknowledgementDetail } from './reply.js';
import { queryIdOf, refusedQuery, rejectedQuery } from './query.js';
import { at, childrenOf } from './request.js';
import type { TypedStructure } from './schema/typed-value.js';

const MALFORMED_ID = { code: 'SYN102', text: 'The person identifier is missing or malformed.' };
const MISSING_ID = { ...MALFORMED_ID, code: 'SYN105' };
const TOO_MANY_IDS = { code: 'SYN108', text: 'There are more person identifiers than one person has.' };
const DIFFERENT_PERSONS = {
  code: 'SYN102',
  text: 'The person identifiers do not belong to one and the same person.',
};

/** GetDemographics: one person by number (preg-hl7v3 4.2). */
export class GetDemographics implements MessageHandler {
  constructor(
    private readonly registry: PersonRegistry,
    private readonly renderer: PersonRenderer,
  ) {}

  async answer({ message, call, requester }: AcceptedMessage): Promise<MessageAnswer> {
    const queryId = queryIdOf(message);
    const identifiers = identifiersIn(message);
    if ('refused' in identifiers) return refusedQuery(identifiers.refused, queryId);
    call.describe(identifiers.ids, { requester });
    const found = await personOfAll(identifiers.ids, this.registry, call.caller);
    if (found === 'different') return refusedQuery(DIFFERENT_PERSONS, queryId);
    if (found === 'nobody') {
      return {
        acknowledgement: { typeCode: 'AA', details: [] },
        controlAct: queryControlAct({ queryResponse: 'NF', queryId, subjects: [] }),
        outcome: 'not-found',
      };
    }
    const subject = this.renderer.subject(found, call.client.quirks);
    return {
      acknowledgement: { typeCode: 'AA', details: [] },
      controlAct: queryControlAct({ queryResponse: 'OK', queryId, subjects: [subject] }),
      outcome: 'found',
    };
  }

  rejection(message: XmlElement): TypedStructure {
    return rejectedQuery(message);
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
  if (ids.length > MAX_NUMBERS) return { refused: TOO_MANY_IDS };
  return { ids: [first, ...more] };
}
