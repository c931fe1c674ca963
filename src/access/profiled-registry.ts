import type { FieldTable } from '../mapping/field-table.js';
import type { Caller, LookupAnswer, LookupQuery, PersonRegistry } from '../registry/person-registry.js';
import type { SearchAnswer, SearchQuery } from '../registry/search.js';
import { requireVisibleCriteria } from './searched-groups.js';
import { VisibleFields } from './visible-fields.js';

/** Answers with what the client's access profile grants; every other field is blank, and nothing else changes. */
export class ProfiledRegistry implements PersonRegistry {
  constructor(
    private readonly inner: PersonRegistry,
    private readonly fields: FieldTable,
  ) {}

  async lookup(query: LookupQuery, caller: Caller): Promise<LookupAnswer> {
    const answer = await this.inner.lookup(query, caller);
    if (answer.outcome === 'not-found') return answer;
    return { outcome: 'found', ...new VisibleFields(this.fields, caller.visible).of(answer) };
  }

  /** @throws InvalidQuery for criteria that the client may not see, and as the registry inside does */
  async search(query: SearchQuery, caller: Caller): Promise<SearchAnswer> {
    requireVisibleCriteria(query, caller);
    const { hits, total } = await this.inner.search(query, caller);
    const shown = new VisibleFields(this.fields, caller.visible);
    return { hits: hits.map((hit) => shown.of(hit)), total };
  }
}
