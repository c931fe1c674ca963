import type { Protocol } from '../access/legacy-client.js';
import type { CorrelationId } from '../runtime/correlation.js';
import type { AuditOutcome } from './audit-trail.js';

/** What is told of those who are let in or not. No event carries person data. */
export interface AdmissionEvents {
  /** Requests were refused unread, since there was too much to do; told at most once in ten seconds. */
  requestsRefused: {
    /** As all of them were told. */
    readonly correlationId: CorrelationId;
    readonly count: number;
    /** From the first of them until this was told. */
    readonly milliseconds: number;
    /** For which protocols they were; null for what is at no address of one. */
    readonly protocols: readonly { readonly protocol: Protocol | null; readonly refused: number }[];
    /** How many came when as many were under way as may be, */
    readonly noPlace: number;
    /** and how many would have waited too long for their turn. */
    readonly longWait: number;
    /** From how many networks. */
    readonly callers: number;
    /** The one that most of them came from. */
    readonly busiest: string;
  };
  /** Requests came when the adapter was ending, and were refused unread; told once, at the end. */
  requestsCameLate: { readonly count: number };
  /** After a request that was refused others were for the same reason; told once for a minute of them. */
  refusalsRepeated: {
    /** Of the one before them, which is told of by itself. */
    readonly correlationId: CorrelationId;
    readonly clientId: string | null;
    readonly protocol: string;
    readonly operation: string | null;
    readonly outcome: AuditOutcome;
    /** The network that they came from. */
    readonly remoteAddress: string;
    readonly count: number;
    /** From the first to the last of them. */
    readonly milliseconds: number;
  };
}
