import type { NationalId } from '../../person/national-id.js';
import type {
  Caller,
  ChildrenAnswer,
  LookupAnswer,
  LookupManyQuery,
  LookupQuery,
  PersonRegistry,
} from '../person-registry.js';
import type { SearchAnswer, SearchQuery } from '../search.js';
import { childrenOf } from './children.js';
import { lookUp } from './lookup.js';
import { lookUpMany } from './lookup-many.js';
import { PersonSearch } from './search/person-search.js';
import type { PersontjenestenRegistryParts } from './translation.js';

/** The new register, answering in the old one's terms. */
export class PersontjenestenRegistry implements PersonRegistry {
  readonly #search: PersonSearch;

  constructor(private readonly parts: PersontjenestenRegistryParts) {
    this.#search = new PersonSearch(parts);
  }

  lookup(query: LookupQuery, caller: Caller): Promise<LookupAnswer> {
    return lookUp(this.parts, query, caller);
  }

  lookupMany(query: LookupManyQuery, caller: Caller): Promise<ReadonlyMap<NationalId, LookupAnswer>> {
    return lookUpMany(this.parts, query, caller);
  }

  children(id: NationalId, caller: Caller): Promise<ChildrenAnswer> {
    return childrenOf(this.parts, id, caller);
  }

  search(query: SearchQuery, caller: Caller): Promise<SearchAnswer> {
    return this.#search.answer(query, caller);
  }
}
