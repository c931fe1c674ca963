import type { ErrorCode } from '../errors/catalogue.js';
import type { NationalId } from '../person/national-id.js';
import type { Route, RouteScope } from '../registry/cutover/route.js';
import type { AnsweredBy, KeptSource } from '../registry/person-registry.js';
import type { CorrelationId } from '../runtime/correlation.js';

/** Where each request leaves its entry, before its answer leaves. */
export interface AuditTrail {
  /**
   * Resolves once the entries are on the disk, all or none.
   * @throws AuditUnavailable when they cannot be written; the answer must then be withheld.
   */
  record(entries: readonly AuditEntry[]): Promise<void>;
}

/** What one request leaves behind. */
export interface AuditEntry {
  readonly at: Date;
  readonly correlationId: CorrelationId;
  /** `clients[].id`; null when nobody was authenticated; the command line is `command-line`, the cutover's guard `guard`. */
  readonly clientId: string | null;
  readonly protocol: string;
  /** The operation's name; null when the request did not get that far. */
  readonly operation: string | null;
  /** The number asked for; only its keyed pseudonym is written. */
  readonly subject: NationalId | null;
  /** Whom it is about where the number is not known any more; only beside a `subject` of null. */
  readonly pseudonym?: string | undefined;
  readonly outcome: AuditOutcome;
  /** Where the answer came from that did not come straight from the register; null where it did, and for trouble. */
  readonly keptSource: KeptSource | null;
  /** Sealed in the store: what could identify the one who asked. */
  readonly detail: AuditDetail;
}

/**
 * How a request ended: the two answers to a question, something done or refused by a rule, or the error that took the
 * answer's place.
 */
export type AuditOutcome = 'found' | 'not-found' | 'done' | 'refused' | ErrorCode;

/** The sealed part of an audit entry. */
export interface AuditDetail {
  readonly remoteAddress: string;
  /** The person who asks, where the message tells (HL7 v3 authorOrPerformer): `root^extension`. */
  readonly requester?: string | undefined;
  /** The Filematch job that the question is a row of, or that the request is about. */
  readonly job?: string | undefined;
  /** Whom a message of HL7 v2 is for, or whose subscriptions the request is about. */
  readonly receiver?: string | undefined;
  /** About how many people the request is, where it names none of them; for how many refusals the entry stands. */
  readonly count?: number | undefined;
  /** The settings that were changed, by name. */
  readonly settings?: readonly string[] | undefined;
  /** Which register answered, while there are two. */
  readonly answeredBy?: readonly AnsweredBy[] | undefined;
  /** For which questions a route was set or cleared, or what came of them looked at; which client was added or switched. */
  readonly scope?: RouteScope | undefined;
  /** The route that was set. */
  readonly route?: { readonly route: Route; readonly percent?: number | undefined } | undefined;
  /** Why the guard set it, in figures. */
  readonly reason?: string | undefined;
  /** From when and to when entries were looked at, or the refusals came that the entry stands for, ISO 8601. */
  readonly period?: { readonly from?: string | undefined; readonly to?: string | undefined } | undefined;
}
