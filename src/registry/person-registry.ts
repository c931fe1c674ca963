import type { Protocol } from '../access/legacy-client.js';
import type { CorrelationId } from '../runtime/correlation.js';
import type { NationalId } from '../person/national-id.js';
import type { Lineage } from '../person/lineage.js';
import type { FieldGroup } from '../person/field-groups.js';
import type { PregPerson } from '../person/preg-person.js';
import type { CalendarDate } from '../person/calendar-date.js';
import type { Route, Source } from './cutover/route.js';
import type { SearchAnswer, SearchHit, SearchQuery } from './search.js';

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
   * Many people by number: an answer for each number asked for, in the order in which they were first given. Trouble with
   * any of them is trouble with all (Safety S5). Never from what is kept, and neither is a search.
   */
  lookupMany(query: LookupManyQuery, caller: Caller): Promise<ReadonlyMap<NationalId, LookupAnswer>>;
  /** The children of the person that a number belongs to. */
  children(id: NationalId, caller: Caller): Promise<ChildrenAnswer>;
  /**
   * The people whom the criteria fit.
   * @throws InvalidQuery for a search that cannot be served, TooManyHits where the hits cannot even be counted
   */
  search(query: SearchQuery, caller: Caller): Promise<SearchAnswer>;
}

/** What is to be told of a person who is looked up. */
export interface RecordWanted {
  /**
   * Whose record it is when a number is asked for that gave way to another ("Decided" 1): that of the number in use, the
   * default; or `asked`, PREG's own record of the number asked for, with today's data and `newNIN`.
   */
  readonly record?: 'current' | 'asked' | undefined;
  /**
   * The day whose state and addresses are told, under the protection of today (Safety S1). Today when absent, and instead
   * of a day to come. What numbers and birth date the person has is told as of today, whatever the day.
   */
  readonly on?: CalendarDate | undefined;
  /** Whether former addresses follow the current one, the newest first, with `currentAddress` false. */
  readonly addresses?: 'current' | 'all' | undefined;
  /**
   * Whether the client is told of somebody who was found as the person whose number it gave; of everybody when absent. Nothing
   * of the answer depends on it: it is for who keeps track of whom a client knows (data minimisation).
   */
  readonly isTold?: ((person: PregPerson) => boolean) | undefined;
}

/** A question for one person by number. */
export interface LookupQuery extends RecordWanted {
  readonly id: NationalId;
}

/** A question for many people by number. A number that stands twice is asked for once. */
export interface LookupManyQuery extends RecordWanted {
  readonly ids: readonly NationalId[];
}

/** On whose behalf a question is asked, and how long it may take. */
export interface Caller {
  /** `clients[].id` of the configuration. */
  readonly clientId: string;
  /** The legacy protocol that the question came by; absent for what the adapter asks of its own accord. */
  readonly protocol?: Protocol | undefined;
  /** The protocol's operation, as the audit trail names it. */
  readonly operation?: string | undefined;
  /** The route that a tester wants for this one request. */
  readonly wantedRoute?: Route | undefined;
  readonly organisation: Organisation;
  readonly access: Access;
  /** The groups of fields that the client's profile lets it see. */
  readonly visible: ReadonlySet<FieldGroup>;
  readonly correlationId: CorrelationId;
  /** Aborts at the request's deadline and when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** When that deadline is, where it is known. */
  readonly deadline?: Date | undefined;
  /**
   * Whether somebody sits and waits, the default, or a batch that must not be in anybody's way; a shadow is nobody's answer, and
   * takes what is left.
   */
  readonly lane?: Lane | undefined;
  /** Told when something of the answer does not come straight from the register, for the audit trail. */
  readonly onKept?: ((source: KeptSource) => void) | undefined;
  /** Told who answered while there are two registers, for the audit trail. */
  readonly onAnswered?: ((answeredBy: AnsweredBy) => void) | undefined;
}

/** Which register answered, and on which route; another one than the route's own after an outage. */
export interface AnsweredBy {
  readonly route: Route;
  readonly source: Source;
}

/** Whose turn comes first. */
export type Lane = 'interactive' | 'batch' | 'shadow';

/** Documents that were kept: within their age, or older and without addresses while the register is down (Safety S10). */
export type KeptSource = 'cache' | 'stale-cache';

/** Which of Persontjenesten's two views a client is entitled to. */
export type Access = 'full' | 'restricted';

/** The legal entity that asks, by organisation number, and optionally its sub-unit. */
export interface Organisation {
  readonly parent: string;
  readonly child?: string | undefined;
}

/** Found, with the origin of each field, or nobody. */
export type LookupAnswer =
  | {
      readonly outcome: 'found';
      readonly person: PregPerson;
      readonly lineage: Lineage;
      /** Whether the number is out of use with none in use in its place, as that of a false identity is. */
      readonly isOutOfUse?: true;
    }
  | { readonly outcome: 'not-found' };

/**
 * The children whose numbers the register tells, each once and in its order, or nobody by the number of the parent. Of a
 * child whose number the register does not know nothing but the number is told; children without one are left out.
 */
export type ChildrenAnswer =
  { readonly outcome: 'found'; readonly children: readonly SearchHit[] } | { readonly outcome: 'not-found' };
