import type { ChangeFeed } from '../../../registry/change-feed.js';
import { personRecord } from '../person-record.js';
import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';
import type { AnswerSettings } from './answer-settings.js';
import { intervalAsked } from './interval.js';
import type { OperationAnswer, OperationCall, PersonOperation } from './operation.js';

/** GetChanges: everybody who changed in an interval, as they are today ("Decided" 10). Never cut. */
export class GetChanges implements PersonOperation {
  constructor(
    private readonly feed: ChangeFeed,
    private readonly settings: AnswerSettings,
  ) {}

  /** @throws AdapterError */
  async answer(request: ReadRecord, call: OperationCall): Promise<OperationAnswer> {
    const changed = await this.feed.changes(intervalAsked(request), call.caller);
    const people = changed.map(({ person }) => person);
    call.describe([...new Set(people.map(({ nin }) => nin))]);
    return {
      result: people.map((person) => personRecord(person, this.settings.blankStringAs)),
      outcome: people.length === 0 ? 'not-found' : 'found',
    };
  }
}
