import type { PersonRegistry } from '../../../registry/person-registry.js';
import { personRecord } from '../person-record.js';
import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';
import type { AnswerSettings } from './answer-settings.js';
import { askedNumber } from './asked-numbers.js';
import { MALFORMED, NOBODY } from './no-result.js';
import type { OperationAnswer, OperationCall, PersonOperation } from './operation.js';

/**
 * GetChildren: the children of a person, of any age. Nil when there is no such person, an empty list when the person has
 * none. Of a child of whom the register knows the number alone, nothing else is told.
 */
export class GetChildren implements PersonOperation {
  constructor(
    private readonly registry: PersonRegistry,
    private readonly settings: AnswerSettings,
  ) {}

  /** @throws AdapterError */
  async answer(request: ReadRecord, call: OperationCall): Promise<OperationAnswer> {
    const { blankStringAs, malformedNumber } = this.settings;
    const id = askedNumber(request.text('NIN'), 'NIN', malformedNumber);
    if (id === undefined) return MALFORMED;
    call.describe([id]);
    const answer = await this.registry.children(id, call.caller);
    if (answer.outcome === 'not-found') return NOBODY;
    const children = answer.children.map(({ person }) => person);
    call.describe([...new Set([id, ...children.map(({ nin }) => nin)])]);
    return {
      result: children.map((child) => personRecord(child, blankStringAs)),
      outcome: 'found',
    };
  }
}
