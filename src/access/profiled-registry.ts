import type { FieldTable } from '../mapping/field-table.js';
import type { NationalId } from '../person/national-id.js';
import type {
  Caller,
  ChildrenAnswer,
  LookupAnswer,
  LookupManyQuery,
  LookupQuery,
  PersonRegistry,
} from '../registry/person-registry.js';
import type { SearchAnswer, SearchQuery } from '../registry/search.js';
import { requireVisibleCriteria } from './searched-groups.js';
import { VisibleFields } from './visible-fields.js';

/** Answers with what the client's access profile grants; every other field is blank, and nothing else changes. */
export class ProfiledRegistry implements PersonRegistry {
  /** By what is granted, which belongs to a client and lives as long. */
  readonly #granted = new WeakMap<Caller['visible'], VisibleFields>();

  constructor(
    private readonly inner: PersonRegistry,
    private readonly fields: FieldTable,
  ) {}

  async lookup(query: LookupQuery, caller: Caller): Promise<LookupAnswer> {
    return this.#shown(await this.inner.lookup(query, caller), this.#visibleTo(caller));
  }

  async lookupMany(query: LookupManyQuery, caller: Caller): Promise<ReadonlyMap<NationalId, LookupAnswer>> {
    const visible = this.#visibleTo(caller);
    const answers = await this.inner.lookupMany(query, caller);
    return new Map([...answers].map(([id, answer]) => [id, this.#shown(answer, visible)]));
  }

  /** Who may not see the numbers of children sees none of them. */
  async children(id: NationalId, caller: Caller): Promise<ChildrenAnswer> {
    const answer = await this.inner.children(id, caller);
    if (answer.outcome === 'not-found') return answer;
    const visible = this.#visibleTo(caller);
    const children = visible.shows('childrensNINs') ? answer.children : [];
    return { outcome: 'found', children: children.map((child) => visible.of(child)) };
  }

  /** @throws InvalidQuery for criteria that the client may not see, and as the registry inside does */
  async search(query: SearchQuery, caller: Caller): Promise<SearchAnswer> {
    requireVisibleCriteria(query, caller);
    const { hits, total } = await this.inner.search(query, caller);
    const visible = this.#visibleTo(caller);
    return { hits: hits.map((hit) => visible.of(hit)), total };
  }

  #visibleTo(caller: Caller): VisibleFields {
    const known = this.#granted.get(caller.visible);
    if (known !== undefined) return known;
    const visible = new VisibleFields(this.fields, caller.visible);
    this.#granted.set(caller.visible, visible);
    return visible;
  }

  #shown(answer: LookupAnswer, visible: VisibleFields): LookupAnswer {
    if (answer.outcome === 'not-found') return answer;
    const shown = { outcome: 'found', ...visible.of(answer) } as const;
    // The state of a number is told with the others that the person has or had.
    const tellsState = answer.isOutOfUse === true && visible.shows('supersededNINs');
    return tellsState ? { ...shown, isOutOfUse: true } : shown;
  }
}
