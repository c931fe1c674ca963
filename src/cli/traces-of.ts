import type { OperationsPage } from '../operations/operations-page.js';
import { tracePages, type TracedEntry } from '../operations/traces/trace-pages.js';
import { Traces } from '../operations/traces/traces.js';
import type { Clock } from '../runtime/clock.js';
import type { AuditRepository } from '../store/audit-repository.js';
import type { OpenedAdapter } from './open-adapter.js';

/** So far from the answer an entry may have been made. */
const NEAR_MILLISECONDS = 10 * 60_000;

/** Remembers the last requests of an opened adapter from now on. @returns the pages that show them; none where `most` is 0 */
export function tracesOf(
  { events, store }: Pick<OpenedAdapter, 'events' | 'store'>,
  most: number,
  clock: Clock,
): readonly OperationsPage[] {
  if (most === 0) return [];
  const traces = new Traces(most, clock);
  events.subscribe(traces.listener);
  return tracePages({
    traces,
    entriesOf: ({ correlationId, request }) =>
      request === undefined ? [] : entriesAround(store.audit, correlationId, request.answeredAt),
  });
}

/** The entries of a request that was answered at about that time, without what is sealed. */
export function entriesAround(
  audit: Pick<AuditRepository, 'ofRequest'>,
  correlationId: string,
  answeredAt: Date,
): readonly TracedEntry[] {
  const at = answeredAt.getTime();
  const period = { from: new Date(at - NEAR_MILLISECONDS), to: new Date(at + NEAR_MILLISECONDS) };
  return audit
    .ofRequest(correlationId, period)
    .map(({ seq, at: madeAt, operation, outcome, purpose, keptSource }) => ({
      seq,
      at: madeAt,
      operation,
      outcome,
      purpose,
      keptSource,
    }));
}
