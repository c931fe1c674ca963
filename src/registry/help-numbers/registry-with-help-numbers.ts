import { UpstreamInvalidAnswer } from '../../errors/errors.js';
import type { NationalId } from '../../person/national-id.js';
import type { Caller, LookupAnswer, LookupQuery, PersonRegistry } from '../person-registry.js';
import { bySearchOrder, type SearchAnswer, type SearchQuery } from '../search.js';
import type { OwnPeople } from './own-people.js';

/** A registry together with the adapter's own register of help numbers: one answer, one number per person. */
export class RegistryWithHelpNumbers implements PersonRegistry {
  constructor(
    private readonly source: PersonRegistry,
    private readonly own: OwnPeople,
  ) {}

  /**
   * A number given out here is answered from here; a superseded one with the person of the survivor (preg-hl7v3 4.2).
   * @throws StoreFailed; UpstreamInvalidAnswer for a survivor that the source does not know any more
   */
  async lookup({ id }: LookupQuery, caller: Caller): Promise<LookupAnswer> {
    const entry = this.own.find(id);
    if (entry === undefined) return this.#upstream(id, caller);
    if (entry.survivor === null) return { outcome: 'found', ...this.own.current(entry, caller) };
    const survivor = this.own.find(entry.survivor);
    if (survivor !== undefined) return { outcome: 'found', ...this.own.current(survivor, caller) };
    const answer = await this.#upstream(entry.survivor, caller);
    // What was known before the link is no answer: it may be about a person who is protected by now (Safety S1, S9).
    if (answer.outcome === 'not-found')
      throw new UpstreamInvalidAnswer('the survivor of a link is not known');
    if (!answer.person.supersededNINs.includes(id)) {
      throw new UpstreamInvalidAnswer('the document does not list the survivor of a link');
    }
    return answer;
  }

  async #upstream(id: NationalId, caller: Caller): Promise<LookupAnswer> {
    const answer = await this.source.lookup({ id }, caller);
    return answer.outcome === 'found' ? { ...answer, ...this.own.withLinkedNumbers(answer) } : answer;
  }

  /** The hits of both. What the source refuses to search for is refused (Safety S3). */
  async search(query: SearchQuery, caller: Caller): Promise<SearchAnswer> {
    const upstream = await this.source.search(query, caller);
    const hits = upstream.hits.map((hit) => this.own.withLinkedNumbers(hit));
    if (!query.withHelpNumbers) return { hits, total: upstream.total };
    const own = await this.own.search(query, caller);
    return {
      hits: [...hits, ...own].sort((a, b) => bySearchOrder(a.person, b.person)).slice(0, query.limit),
      total: upstream.total + own.length,
    };
  }
}
