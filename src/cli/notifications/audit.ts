import type { AuditEntry } from '../../operations/audit-trail.js';
import type { NationalId } from '../../person/national-id.js';
import { newCorrelationId } from '../../runtime/correlation.js';
import type { Surroundings } from '../surroundings.js';

/** What an operator did, for the audit trail. */
export function operatorEntry(
  { clock, random }: Pick<Surroundings, 'clock' | 'random'>,
  operation: string,
  {
    receiver,
    count,
    subject = null,
    outcome = 'done',
  }: {
    readonly receiver?: string | undefined;
    readonly count?: number;
    readonly subject?: NationalId | null;
    readonly outcome?: 'done' | 'refused';
  },
): AuditEntry {
  return {
    at: clock.now(),
    correlationId: newCorrelationId(random),
    clientId: 'command-line',
    protocol: 'command-line',
    operation,
    subject,
    outcome,
    keptSource: null,
    detail: {
      remoteAddress: 'localhost',
      ...(receiver === undefined ? {} : { receiver }),
      ...(count === undefined ? {} : { count }),
    },
  };
}
