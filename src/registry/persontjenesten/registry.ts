import type { Caller, LookupAnswer, LookupQuery, PersonRegistry } from '../person-registry.js';
import type { SearchAnswer, SearchQuery } from '../search.js';
import { lookUp } from './lookup.js';
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

  search(query: SearchQuery, caller: Caller): Promise<SearchAnswer> {
    return this.#search.answer(query, caller);
  }
}
