import type { PersonRegistry } from '../../../registry/person-registry.js';
import { personRecord } from '../person-record.js';
import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';
import { recordOf, type AnswerSettings } from './answer-settings.js';
import { lookupSought } from './lookup-parameters.js';
import { MALFORMED, NOBODY } from './no-result.js';
import type { OperationAnswer, OperationCall, PersonOperation } from './operation.js';

/** GetPerson: one person by number, as of a day; nil when there is none (contract 1.3, Q1, Q3). */
export class GetPerson implements PersonOperation {
  constructor(
    private readonly registry: PersonRegistry,
    private readonly settings: AnswerSettings,
  ) {}

  /** @throws AdapterError */
  async answer(request: ReadRecord, call: OperationCall): Promise<OperationAnswer> {
    const { blankStringAs, malformedNumber, supersededLookup } = this.settings;
    const sought = lookupSought(request, malformedNumber);
    if (sought === undefined) return MALFORMED;
    call.describe([sought.id]);
    const answer = await this.registry.lookup({ ...sought, record: recordOf(supersededLookup) }, call.caller);
    if (answer.outcome === 'not-found') return NOBODY;
    const { person } = answer;
    call.describe([...new Set([sought.id, person.nin])]);
    return { result: personRecord(person, blankStringAs), outcome: 'found' };
  }
}
