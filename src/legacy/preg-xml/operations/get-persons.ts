import type { PersonRegistry } from '../../../registry/person-registry.js';
import { personRecord } from '../person-record.js';
import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';
import { recordOf, type AnswerSettings } from './answer-settings.js';
import { askedNumbers } from './asked-numbers.js';
import type { OperationAnswer, OperationCall, PersonOperation } from './operation.js';
import { peopleTold } from './people-told.js';

/**
 * GetPersons: many people by number, in the order of the numbers and each once; who is not known is left out (contract 1.3,
 * Q2). Never cut: how many numbers fit is for the size of the request and the deadline to say.
 */
export class GetPersons implements PersonOperation {
  constructor(
    private readonly registry: PersonRegistry,
    private readonly settings: AnswerSettings,
  ) {}

  /** @throws AdapterError */
  async answer(request: ReadRecord, call: OperationCall): Promise<OperationAnswer> {
    const { blankStringAs, malformedNumber, supersededLookup } = this.settings;
    const ids = askedNumbers(request.texts('listOfNIN') ?? [], 'listOfNIN', malformedNumber);
    if (ids.length === 0) return { result: [], outcome: 'not-found' };
    call.describe(ids);
    const answers = await this.registry.lookupMany({ ids, record: recordOf(supersededLookup) }, call.caller);
    const people = peopleTold(ids, answers);
    call.describe([...new Set([...ids, ...people.map(({ nin }) => nin)])]);
    return {
      result: people.map((person) => personRecord(person, blankStringAs)),
      outcome: people.length === 0 ? 'not-found' : 'found',
    };
  }
}
