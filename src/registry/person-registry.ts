import type { CorrelationId } from '../runtime/correlation.js';
import type { NationalId } from '../person/national-id.js';
import type { Lineage } from '../person/lineage.js';
import type { FieldGroup } from '../person/field-groups.js';
import type { PregPerson } from '../person/preg-person.js';
import type { SearchAnswer, SearchQuery } from './search.js';

/**
 * The waist of the hourglass: what every legacy protocol asks, and every source answers, in the register's own terms.
 * Sources stand below (Persontjenesten, the old PREG, help numbers), protocols above; neither knows the other.
 */
export interface PersonRegistry {
  /**
   * The person that a number belongs to, superseded numbers included.
   * "No such person" is an answer; trouble is an AdapterError.
   */
  lookup(query: LookupQuery, caller: Caller): Promise<LookupAnswer>;
  /**
   * The people whom the criteria fit.
   * @throws InvalidQuery for a search that cannot be served, TooManyHits where the hits cannot even be counted
   */
  search(query: SearchQuery, caller: Caller): Promise<SearchAnswer>;
}

/** A question for one person by number. */
export interface LookupQuery {
  readonly id: NationalId;
}

/** On whose behalf a question is asked, and how long it may take. */
export interface Caller {
  /** `clients[].id` of the configuration. */
  readonly clientId: string;
  readonly organisation: Organisation;
  readonly access: Access;
  /** The groups of fields that the client's profile lets it see. */
  readonly visible: ReadonlySet<FieldGroup>;
  readonly correlationId: CorrelationId;
  /** Aborts at the request's deadline and when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Which of Persontjenesten's two views a client is entitled to. */
export type Access = 'full' | 'restricted';

/** The legal entity that asks, by organisation number, and optionally its sub-unit. */
export interface Organisation {
  readonly parent: string;
  readonly child?: string | undefined;
}

/** Found, with the origin of each field, or nobody. */
export type LookupAnswer =
  | { readonly outcome: 'found'; readonly person: PregPerson; readonly lineage: Lineage }
  | { readonly outcome: 'not-found' };
