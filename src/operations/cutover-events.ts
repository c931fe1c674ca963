import type { Protocol } from '../access/legacy-client.js';
import type { AdapterError } from '../errors/errors.js';
import type { SourceOutcome } from '../registry/cutover/compared-answers.js';
import type { Route, Source } from '../registry/cutover/route.js';
import type { CorrelationId } from '../runtime/correlation.js';

/** What is told while there are two registers. No event carries person data. */
export interface CutoverEvents {
  /** The register that a route names was out of order, and the other one was asked in its place. */
  otherRegisterAsked: {
    readonly correlationId: CorrelationId;
    readonly clientId: string;
    readonly route: Route;
    readonly outOfOrder: Source;
    readonly error: AdapterError;
    /** How the other one fared. */
    readonly outcome: SourceOutcome['outcome'];
  };
  /** Both registers were asked the same. */
  answersCompared: {
    readonly correlationId: CorrelationId;
    readonly clientId: string;
    readonly protocol: Protocol | null;
    readonly operation: string | null;
    readonly route: Route;
    /** About how many people; of a question for several the outcomes are those of all together. */
    readonly people: number;
    readonly outcomes: Readonly<Record<Source, SourceOutcome['outcome']>>;
    /** How many of these people each of them has found; null where it did not answer. */
    readonly found: Readonly<Record<Source, number | null>>;
    /** How many of the answers differ; null where there was nothing to compare. */
    readonly different: number | null;
    /** How many of these in a way that no rule expects, */
    readonly unexplained: number;
    /** and how many of those in who somebody is. */
    readonly identity: number;
  };
  /** Answers could not be held against each other. */
  comparisonFailed: { readonly correlationId: CorrelationId; readonly error: AdapterError };
  /** People were not asked about a second time, since too much waits already; told at most once in a minute. */
  comparisonsDropped: {
    /** Since this was told before. */
    readonly people: number;
  };
  /** The guard has moved a client back to PREG, where it stays until an operator acts. */
  clientMovedBack: {
    readonly clientId: string;
    readonly reason: string;
    readonly route: Route;
  };
  /** What belongs to the cutover cannot be read from the store or written to it; told once until it can. */
  cutoverNotStored: {
    readonly what: 'routes' | 'comparisons' | 'usage' | 'hold';
    readonly error: AdapterError;
  };
  /** It can again. */
  cutoverStored: {
    readonly what: 'routes' | 'comparisons' | 'usage' | 'hold';
    /** How many comparisons were lost meanwhile. */
    readonly lost: number;
  };
}
