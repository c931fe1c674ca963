import type { AuditDetail, AuditEntry } from '../operations/audit-trail.js';
import type { NationalId } from '../person/national-id.js';
import { newCorrelationId, type CorrelationId } from '../runtime/correlation.js';
import type { Surroundings } from './surroundings.js';

/** What an operator's deed was about. */
export interface OperatorDeed extends Omit<AuditDetail, 'remoteAddress'> {
  readonly subject?: NationalId | null;
  /** Of whom it was about, where the number is not known. */
  readonly pseudonym?: string | undefined;
  readonly outcome?: 'done' | 'refused';
  /** Of the request that it is about; one of its own where absent. */
  readonly correlationId?: CorrelationId | undefined;
}

/** What an operator did, for the audit trail. */
export function operatorEntry(
  { clock, random }: Pick<Surroundings, 'clock' | 'random'>,
  operation: string,
  { subject = null, pseudonym, outcome = 'done', correlationId, ...detail }: OperatorDeed,
): AuditEntry {
  const told = Object.entries(detail).filter(([, value]) => value !== undefined);
  return {
    at: clock.now(),
    correlationId: correlationId ?? newCorrelationId(random),
    clientId: 'command-line',
    protocol: 'command-line',
    operation,
    subject,
    ...(pseudonym === undefined ? {} : { pseudonym }),
    outcome,
    keptSource: null,
    detail: { remoteAddress: 'localhost', ...Object.fromEntries(told) },
  };
}
