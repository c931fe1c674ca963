import { isNationalId, type NationalId } from '../../../person/national-id.js';
import type {
  Caller,
  ChildrenAnswer,
  LookupAnswer,
  LookupManyQuery,
  LookupQuery,
  PersonRegistry,
  RecordWanted,
} from '../../../registry/person-registry.js';
import type { SearchAnswer, SearchQuery } from '../../../registry/search.js';
import type { Receiver } from './receiver.js';
import type { Subscriptions } from './subscriptions.js';

/**
 * Has receivers follow whom their client is told of by number, where they want it. Who is merely among the hits of a search, or a
 * child of somebody, is not followed, and neither is who was found and is not the one whom the client means.
 */
export class SubscribingRegistry implements PersonRegistry {
  readonly #receivers: ReadonlyMap<string, readonly string[]>;

  constructor(
    private readonly inner: PersonRegistry,
    private readonly subscriptions: Pick<Subscriptions, 'addFound'>,
    receivers: readonly Receiver[],
  ) {
    const those = receivers.filter(({ subscribesOnLookup }) => subscribesOnLookup);
    this.#receivers = new Map(
      those.map(({ client }) => [
        client.id,
        those.filter((receiver) => receiver.client.id === client.id).map(({ id }) => id),
      ]),
    );
  }

  /** @throws StoreFailed besides what the registry throws: whoever is told of somebody must not miss what happens next */
  async lookup(query: LookupQuery, caller: Caller): Promise<LookupAnswer> {
    const answer = await this.inner.lookup(query, caller);
    this.#follow([answer], query, caller);
    return answer;
  }

  /** @throws StoreFailed as {@link lookup} */
  async lookupMany(query: LookupManyQuery, caller: Caller): Promise<ReadonlyMap<NationalId, LookupAnswer>> {
    const answers = await this.inner.lookupMany(query, caller);
    this.#follow([...answers.values()], query, caller);
    return answers;
  }

  async children(id: NationalId, caller: Caller): Promise<ChildrenAnswer> {
    return this.inner.children(id, caller);
  }

  async search(query: SearchQuery, caller: Caller): Promise<SearchAnswer> {
    return this.inner.search(query, caller);
  }

  #follow(answers: readonly LookupAnswer[], { isTold }: RecordWanted, { clientId }: Caller): void {
    const receivers = this.#receivers.get(clientId) ?? [];
    if (receivers.length === 0) return;
    const told = answers.flatMap((answer) => (answer.outcome === 'found' ? [answer.person] : []));
    const numbers = (isTold === undefined ? told : told.filter((person) => isTold(person))).map(
      currentNumberOf,
    );
    if (numbers.length === 0) return;
    for (const receiver of receivers) this.subscriptions.addFound(receiver, numbers);
  }
}

/** PREG's own record of an old number names the one in use ("Decided" 1). */
function currentNumberOf({ nin, newNIN }: { nin: NationalId; newNIN: string | null }): NationalId {
  return newNIN !== null && isNationalId(newNIN) ? newNIN : nin;
}
