import type { PersonRegistry } from '../../../registry/person-registry.js';
import { addressRecord } from '../person-record.js';
import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';
import { recordOf, type AnswerSettings } from './answer-settings.js';
import { lookupSought } from './lookup-parameters.js';
import { MALFORMED, NOBODY } from './no-result.js';
import type { OperationAnswer, OperationCall, PersonOperation } from './operation.js';

/**
 * GetAddresses: the addresses of one person, the current one and then the former ones; with a date, those of that day.
 * Nil when there is no such person, and an empty list when nothing is known of where the person lives.
 */
export class GetAddresses implements PersonOperation {
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
    const answer = await this.registry.lookup(
      {
        ...sought,
        record: recordOf(supersededLookup),
        addresses: sought.on === undefined ? 'all' : 'current',
      },
      call.caller,
    );
    if (answer.outcome === 'not-found') return NOBODY;
    const { addresses, nin } = answer.person;
    call.describe([...new Set([sought.id, nin])]);
    return {
      result: addresses.map((address) => addressRecord(address, blankStringAs)),
      outcome: 'found',
    };
  }
}
