import { flag, viewAsked } from './answer-options.js';
import { listOf } from './form.js';
import { viewOf } from './person-view.js';
import { Problem } from './problem.js';
import { requireBulkNumbers, servedVersions } from './served-version.js';
import { matchListCriteria, pageAsked, personSearchCriteria } from './search-criteria.js';
import type { PersonDocument } from '../population/person-document.js';
import type { Population } from '../population/population.js';

/** A request as it would come over HTTP, to either view of the API. */
export interface UnservedRequest {
  /** Path below the base address. */
  readonly path: string;
  readonly query: Pairs;
  readonly form: Pairs;
  readonly access: 'full' | 'restricted';
}

/** Parameters in order; a name may stand more than once. */
type Pairs = readonly (readonly [name: string, value: string])[];

/** The answer as it would go over HTTP. */
export interface UnservedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const json = { 'content-type': 'application/json' };

/** Persontjenesten without sockets and tokens: what it would answer about persons and searches. */
export class UnservedPersontjenesten {
  readonly #version: (typeof servedVersions)[2 | 3];

  constructor(
    private readonly population: Population,
    version: 2 | 3 = 3,
  ) {
    this.#version = servedVersions[version];
  }

  send(request: UnservedRequest): Promise<UnservedAnswer> {
    try {
      const body = JSON.stringify(this.#answer(request));
      return Promise.resolve({ status: 200, headers: json, body });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const body = JSON.stringify(error.details());
      return Promise.resolve({ status: error.status, headers: json, body });
    }
  }

  #answer({ path, query, form, access }: UnservedRequest): unknown {
    const asked = paramsOf(query);
    const fields = paramsOf(form);
    const { routes, search, person } = this.#version;
    if (!path.startsWith(`${routes[access]}/`)) throw new Error('an address of another version');
    const operation = path.slice(routes[access].length + 1);
    const view = (document: PersonDocument): PersonDocument =>
      person(viewOf(document, viewAsked(asked, access)), document);
    const people = (ids: readonly string[]): readonly PersonDocument[] =>
      ids.flatMap((id) => this.population.get(id) ?? []).map(view);
    const found = (criteria: ReturnType<typeof matchListCriteria>): readonly string[] =>
      this.population.search(criteria, { access, includeAlternate: flag(asked, 'includeAinResults') });
    switch (operation) {
      case 'person/get-by-nin':
        return view(this.#known(this.population.find(fields.get('nin') ?? '')));
      case 'person/bulk-by-nin':
        requireBulkNumbers(listOf(fields, 'nins'), this.#version);
        return bulk(listOf(fields, 'nins').flatMap((nin) => this.population.find(nin) ?? [])).map(view);
      case 'person/bulk-by-id':
        return people(listOf(fields, 'personIds'));
      case 'search/person':
        return { results: people(found(personSearchCriteria(fields, search)).slice(0, 100)) };
      case 'search/paged-match-list': {
        const { size, offset } = pageAsked(fields);
        return { results: found(matchListCriteria(fields, search)).slice(offset, offset + size) };
      }
      case 'search/match-count':
        return { matchCount: found(matchListCriteria(fields, search)).length };
      default:
        return view(this.#known(this.population.get(operation.slice('person/'.length))));
    }
  }

  #known(document: PersonDocument | undefined): PersonDocument {
    if (document === undefined) throw new Problem(404, this.#version.texts.noPerson);
    return document;
  }
}

/** One copy of each person, and never in the order asked for: the contract promises none. */
function bulk(documents: readonly PersonDocument[]): readonly PersonDocument[] {
  const each = new Map(documents.map((document) => [document.id, document]));
  return [...each.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

function paramsOf(pairs: Pairs): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of pairs) params.append(name, value);
  return params;
}
