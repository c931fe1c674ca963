import { fittingPerson } from '../../../access/fitting-person.js';
import { requireVisibleCriteria } from '../../../access/searched-groups.js';
import { InvalidQuery, TooManyHits } from '../../../errors/errors.js';
import type { NationalId } from '../../../person/national-id.js';
import type { PregPerson } from '../../../person/preg-person.js';
import { protectionOf } from '../../../person/protection.js';
import type { PersonRegistry } from '../../../registry/person-registry.js';
import type { SearchQuery } from '../../../registry/search.js';
import type { Continuations, KeptHits } from '../continuation.js';
import type { Hl7v2Call } from '../operation.js';
import type { PersonSegments } from '../person/person-segments.js';
import type { PageRequest } from './page-request.js';
import { fieldAt, refused } from './query-refusals.js';
import type { SoughtPerson } from './sought-person.js';

/** What is asked for, whichever message asks. */
export interface PeopleQuery {
  readonly sought: SoughtPerson;
  /** The domains that people must have a number of, by OID (QPD-8). */
  readonly domains?: ReadonlySet<string> | undefined;
  readonly page: PageRequest;
  readonly queryTag: string;
  /** The same for the same question. */
  readonly queryDigest: string;
}

/** The people told at once. */
export interface PeoplePage {
  readonly people: readonly PregPerson[];
  /** How many there are in all (Safety S4): of a later page, by the search, less those left out of this page. */
  readonly total: number;
  /** How many come after these, by the search. */
  readonly remaining: number;
  /** DSC-1 of the answer: where those who come after begin; undefined when none of them can be told. */
  readonly next: string | undefined;
}

/** How much is told, and how long it is known. */
export interface PageLimits {
  /** The most hits of a search that can be paged through. */
  readonly maxHits: number;
  /** So long after it was last asked for a search can be continued. */
  readonly continuationMinutes: number;
}

/** What people are found with. */
export interface PeopleAskedParts {
  readonly registry: PersonRegistry;
  readonly continuations: Continuations;
  readonly segments: PersonSegments;
  readonly limits: PageLimits;
}

const MINUTE = 60_000;

/** Finds the people that a query asks for: by number, by search, or where an earlier answer ended. */
export class PeopleAsked {
  constructor(private readonly parts: PeopleAskedParts) {}

  /** @throws RefusedMessage, TooManyHits, or another AdapterError */
  async answer(query: PeopleQuery, call: Hl7v2Call): Promise<PeoplePage> {
    try {
      if (query.page.pointer !== undefined) return await this.#continued(query, query.page.pointer, call);
      return await (query.sought.number === undefined
        ? this.#searched(query, call)
        : this.#lookedUp(query, query.sought.number, call));
    } catch (error) {
      throw error instanceof InvalidQuery ? query.sought.inTermsOfMessage(error) : error;
    }
  }

  async #lookedUp(query: PeopleQuery, number: NationalId, call: Hl7v2Call): Promise<PeoplePage> {
    call.describe([number]);
    const criteria = { ...query.sought.criteria, withHelpNumbers: true, limit: 1 };
    const person = await fittingPerson([number], criteria, this.parts.registry, call.caller, (one) =>
      this.#isIn(query, one),
    );
    const people = typeof person === 'string' ? [] : [person];
    call.describe([...new Set([number, ...people.map(({ nin }) => nin)])]);
    return { people, total: people.length, remaining: 0, next: undefined };
  }

  async #searched(query: PeopleQuery, call: Hl7v2Call): Promise<PeoplePage> {
    const { registry, limits } = this.parts;
    const criteria: SearchQuery = {
      ...query.sought.criteria,
      withHelpNumbers: true,
      limit: Math.max(limits.maxHits, query.page.size),
    };
    const { hits, total: found } = await registry.search(criteria, call.caller);
    const people = hits.map(({ person }) => person).filter((person) => this.#isIn(query, person));
    if (query.domains !== undefined && found > hits.length) {
      throw new TooManyHits('those with a number of the domain cannot be counted');
    }
    const total = query.domains === undefined ? found : people.length;
    const told = people.slice(0, query.page.size);
    call.describe([...new Set(told.map(({ nin }) => nin))]);
    const next =
      told.length < people.length
        ? pointerTo(this.#keep(query, people, total, call), told.length)
        : undefined;
    return { people: told, total, remaining: total - told.length, next };
  }

  #keep(query: PeopleQuery, people: readonly PregPerson[], total: number, call: Hl7v2Call): string {
    const hits: KeptHits = {
      clientId: call.client.id,
      queryTag: query.queryTag,
      queryDigest: query.queryDigest,
      numbers: people.map(({ nin }) => nin),
      total,
      byAddress: query.sought.criteria.address !== undefined,
    };
    return this.parts.continuations.keep(hits, this.#until(call));
  }

  /**
   * Whoever went out of sight since the search is left out, and does not count on this page (Safety S2). The kept hits stay as
   * they are: a page may be asked for again, and must not move by what another one left out.
   */
  async #continued(query: PeopleQuery, pointer: string, call: Hl7v2Call): Promise<PeoplePage> {
    const { hits, position } = this.#hitsAt(pointer, query, call);
    requireVisibleCriteria({ ...query.sought.criteria, withHelpNumbers: true, limit: 1 }, call.caller);
    const ids = hits.numbers.slice(position, position + query.page.size);
    call.describe(ids);
    const answers = await this.parts.registry.lookupMany({ ids, isTold: nobody }, call.caller);
    const found = ids.flatMap((id) => {
      const answer = answers.get(id);
      return answer?.outcome === 'found' ? [answer.person] : [];
    });
    const people = eachOnce(found)
      .filter((person) => !hits.byAddress || protectionOf(person) === null)
      .filter((person) => this.#isIn(query, person));
    call.describe([...new Set([...ids, ...people.map(({ nin }) => nin)])]);
    const end = position + ids.length;
    return {
      people,
      total: hits.total - (ids.length - people.length),
      remaining: hits.total - end,
      next: end < hits.numbers.length ? pointerTo(pointer, end) : undefined,
    };
  }

  /** @throws RefusedMessage for a pointer that is not known, or not that of the query */
  #hitsAt(
    pointer: string,
    { queryTag, queryDigest }: PeopleQuery,
    call: Hl7v2Call,
  ): { readonly hits: KeptHits; readonly position: number } {
    const { name, position } = pointerParts(pointer);
    const hits =
      name === undefined ? undefined : this.parts.continuations.find(call.client.id, name, this.#until(call));
    if (hits === undefined || position >= hits.numbers.length) {
      throw refused('204', CONTINUATION, 'DSC-1 is not known, or no longer: ask anew.');
    }
    if (hits.queryTag !== queryTag || hits.queryDigest !== queryDigest) {
      throw refused('204', CONTINUATION, 'DSC-1 is the continuation of another query.');
    }
    return { hits, position };
  }

  #until({ receivedAt }: Hl7v2Call): Date {
    return new Date(receivedAt.getTime() + this.parts.limits.continuationMinutes * MINUTE);
  }

  /** IHE PDQ: who has no number of the domains wanted is not told. */
  #isIn({ domains }: PeopleQuery, person: PregPerson): boolean {
    return domains === undefined || this.parts.segments.identifiers(person, domains).length > 0;
  }
}

/** Hits are nobody whose number the client gave. */
const nobody = (): boolean => false;

const CONTINUATION = fieldAt('DSC', 1);

/** The name of the hits, and how many of them come before. */
function pointerTo(pointer: string, position: number): string {
  return `${pointerParts(pointer).name ?? pointer}.${position}`;
}

function pointerParts(pointer: string): { readonly name: string | undefined; readonly position: number } {
  const [, name, position] = /^([0-9a-z-]{1,64})\.([1-9][0-9]{0,5})$/.exec(pointer) ?? [];
  return { name, position: Number(position) };
}

/** Two hits may have become one person since. */
function eachOnce(people: readonly PregPerson[]): readonly PregPerson[] {
  return [...new Map(people.map((person) => [person.nin, person])).values()];
}
