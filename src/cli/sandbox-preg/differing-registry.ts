import type { NationalId } from '../../person/national-id.js';
import { protectionOf } from '../../person/protection.js';
import type {
  Caller,
  ChildrenAnswer,
  LookupAnswer,
  LookupManyQuery,
  LookupQuery,
  PersonRegistry,
} from '../../registry/person-registry.js';
import { bySearchOrder, type SearchAnswer, type SearchHit, type SearchQuery } from '../../registry/search.js';
import type { ChosenDifferences } from '../../sandbox/preg/chosen-differences.js';

/** A register that knows the same people and tells of some of them otherwise. */
export class DifferingRegistry implements PersonRegistry {
  constructor(
    private readonly inner: PersonRegistry,
    private readonly differences: ChosenDifferences,
  ) {}

  async lookup(query: LookupQuery, caller: Caller): Promise<LookupAnswer> {
    return this.#told(await this.inner.lookup(query, caller));
  }

  async lookupMany(query: LookupManyQuery, caller: Caller): Promise<ReadonlyMap<NationalId, LookupAnswer>> {
    const answers = await this.inner.lookupMany(query, caller);
    return new Map([...answers].map(([id, answer]) => [id, this.#told(answer)]));
  }

  /** A parent tells the same children, whoever they are. */
  async children(id: NationalId, caller: Caller): Promise<ChildrenAnswer> {
    const answer = await this.inner.children(id, caller);
    if (answer.outcome === 'not-found') return answer;
    const children = answer.children.flatMap((child) => this.#hit(child) ?? []);
    return { outcome: 'found', children };
  }

  /** The total counts those out who are missing from the hits; of hits that are not told nobody knows. */
  async search(query: SearchQuery, caller: Caller): Promise<SearchAnswer> {
    const { hits, total } = await this.inner.search(query, caller);
    const told = hits
      .flatMap((hit) => this.#hit(hit) ?? [])
      // No register lets people in hiding be found by where they live (Safety S2).
      .filter(({ person }) => query.address === undefined || protectionOf(person) === null)
      .sort((one, other) => bySearchOrder(one.person, other.person));
    return { hits: told, total: total - (hits.length - told.length) };
  }

  #told(answer: LookupAnswer): LookupAnswer {
    if (answer.outcome === 'not-found') return answer;
    const person = this.differences.told(answer.person);
    return person === 'nobody' ? { outcome: 'not-found' } : { ...answer, person };
  }

  #hit(hit: SearchHit): SearchHit | undefined {
    const person = this.differences.told(hit.person);
    return person === 'nobody' ? undefined : { ...hit, person };
  }
}
