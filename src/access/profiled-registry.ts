import type { FieldTable } from '../mapping/field-table.js';
import { InvalidQuery } from '../errors/errors.js';
import type { FieldGroup } from '../person/field-groups.js';
import type { Caller, LookupAnswer, LookupQuery, PersonRegistry } from '../registry/person-registry.js';
import type { SearchAnswer, SearchQuery } from '../registry/search.js';
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

  /** What a client may not see it may not search by either: the hits would tell it. @throws InvalidQuery */
  async search(query: SearchQuery, caller: Caller): Promise<SearchAnswer> {
    for (const [criterion, group] of searchedGroups) {
      if (query[criterion] !== undefined && !caller.visible.has(group)) {
        throw new InvalidQuery(criterion, 'outside the access profile');
      }
    }
    const { hits, total } = await this.inner.search(query, caller);
    const shown = new VisibleFields(this.fields, caller.visible);
    return { hits: hits.map((hit) => shown.of(hit)), total };
  }
}

/** The groups of fields that a search's criteria tell of. */
const searchedGroups = [
  ['name', 'names'],
  ['birth', 'birth'],
  ['gender', 'gender'],
  ['address', 'addresses'],
  ['deceased', 'status'],
  ['death', 'status'],
] as const satisfies readonly (readonly [keyof SearchQuery, FieldGroup])[];
