import type { ChangeFeed } from '../../../registry/change-feed.js';
import { identityChangeRecord } from '../identity-change-record.js';
import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';
import type { AnswerSettings } from './answer-settings.js';
import { intervalAsked } from './interval.js';
import type { OperationAnswer, OperationCall, PersonOperation } from './operation.js';

/** GetIdentityChanges: the numbers that gave way to another in an interval ("Decided" 10). Never cut. */
export class GetIdentityChanges implements PersonOperation {
  constructor(
    private readonly feed: ChangeFeed,
    private readonly settings: AnswerSettings,
  ) {}

  /** @throws AdapterError */
  async answer(request: ReadRecord, call: OperationCall): Promise<OperationAnswer> {
    const changes = await this.feed.identityChanges(intervalAsked(request), call.caller);
    const told = changes.flatMap(({ nin, oldNIN }) => (oldNIN === null ? [nin] : [nin, oldNIN]));
    call.describe([...new Set(told)]);
    return {
      result: changes.map((change) => identityChangeRecord(change, this.settings.blankStringAs)),
      outcome: changes.length === 0 ? 'not-found' : 'found',
    };
  }
}
