import type { EventSink } from '../../../operations/events.js';
import type { PersonRegistry } from '../../../registry/person-registry.js';
import { addressRecord } from '../person-record.js';
import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';
import { addressConstraints, type AddressConstraints } from './address-constraints.js';
import { recordOf, type AnswerSettings } from './answer-settings.js';
import { askedNumbers } from './asked-numbers.js';
import type { OperationAnswer, OperationCall, PersonOperation } from './operation.js';
import { peopleTold } from './people-told.js';

/**
 * GetAddressesAdvanced: the addresses of many people, in the order of their numbers; each address says whose it is. Who is not
 * known has none. Constraints that are not known are counted and otherwise passed over (contract 1.4, Q12).
 */
export class GetAddressesAdvanced implements PersonOperation {
  constructor(
    private readonly registry: PersonRegistry,
    private readonly settings: AnswerSettings,
    private readonly events: EventSink,
  ) {}

  /** @throws AdapterError */
  async answer(request: ReadRecord, call: OperationCall): Promise<OperationAnswer> {
    const { blankStringAs, malformedNumber, supersededLookup } = this.settings;
    const parameters = request.record('parameters');
    const constraints = addressConstraints(parameters?.records('SearchConstraints') ?? []);
    if (constraints.unknown > 0) {
      const { correlationId, clientId } = call.caller;
      this.events.emit('constraintsPassedOver', { correlationId, clientId, count: constraints.unknown });
    }
    const ids = askedNumbers(parameters?.texts('ListOfNIN') ?? [], 'ListOfNIN', malformedNumber);
    if (ids.length === 0) return { result: [], outcome: 'not-found' };
    call.describe(ids);
    const answers = await this.registry.lookupMany(
      {
        ids,
        on: constraints.on,
        record: recordOf(supersededLookup),
        addresses: addressesWanted(constraints),
      },
      call.caller,
    );
    const people = peopleTold(ids, answers);
    call.describe([...new Set([...ids, ...people.map(({ nin }) => nin)])]);
    const { isCurrent } = constraints;
    const addresses = people
      .flatMap((person) => person.addresses)
      .filter(({ currentAddress }) => isCurrent === undefined || currentAddress === isCurrent);
    return {
      result: addresses.map((address) => addressRecord(address, blankStringAs)),
      outcome: people.length === 0 ? 'not-found' : 'found',
    };
  }
}

/** With a date those of that day; former ones have to be asked for. */
function addressesWanted({ on, isCurrent }: AddressConstraints): 'current' | 'all' {
  if (isCurrent === undefined) return on === undefined ? 'all' : 'current';
  return isCurrent ? 'current' : 'all';
}
