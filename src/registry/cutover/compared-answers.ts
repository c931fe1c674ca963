import type { ErrorCode } from '../../errors/catalogue.js';
import type { Protocol } from '../../access/legacy-client.js';
import type { NationalId } from '../../person/national-id.js';
import type { CorrelationId } from '../../runtime/correlation.js';
import type { FieldDifference } from './comparison/comparer.js';
import type { Route, Source } from './route.js';

/** How one register fared with a question. */
export interface SourceOutcome {
  readonly outcome: 'found' | 'not-found' | ErrorCode;
  readonly milliseconds: number;
}

/** One question that both registers were asked, whatever came of it: the failure of one is never hidden by the other. */
export interface ComparedAnswers {
  readonly at: Date;
  readonly correlationId: CorrelationId;
  readonly clientId: string;
  readonly protocol: Protocol | undefined;
  readonly operation: string | undefined;
  readonly route: Route;
  /** Whose answer the client got. */
  readonly answeredBy: Source;
  /** Whom a lookup was for; undefined for a search. Only the keyed pseudonym is kept. */
  readonly subject: NationalId | undefined;
  readonly outcomes: Readonly<Record<Source, SourceOutcome>>;
  /** Undefined where one of them failed, so that there was nothing to compare. */
  readonly differences: readonly FieldDifference[] | undefined;
}

/** People of whom one register alone was asked, though the route has both asked: the figures say nothing of them. */
export interface NotCompared {
  /** On that day. */
  readonly at: Date;
  readonly clientId: string;
  readonly protocol: Protocol | undefined;
  readonly operation: string | undefined;
  /** Since too much was to be done, or the adapter ended; or left out by `cutover.comparison.samplePercent`. */
  readonly reason: 'dropped' | 'sampled-out';
  readonly people: number;
}

/** Where comparisons are kept. */
export interface ComparisonLog {
  /**
   * All in one transaction; values of differences only where the settings ask for them. It never waits for a store that somebody
   * else writes to.
   * @throws StoreFailed, StoreBusy
   */
  record(compared: readonly ComparedAnswers[], notCompared?: readonly NotCompared[]): void;
}

/** So often did a client use an operation, and fields of the register in answers to it, within some time. */
export interface UsageCount {
  readonly clientId: string;
  readonly protocol: Protocol;
  readonly operation: string;
  readonly questions: number;
  /** By the row of mappings/person.yaml: in how many answers it was told, not blank. */
  readonly fields: ReadonlyMap<string, number>;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
}

/** Where it is kept which client uses what. */
export interface UsageLog {
  /** Adds to what is known. All in one transaction, and without waiting. @throws StoreFailed, StoreBusy */
  add(counts: readonly UsageCount[]): void;
}
