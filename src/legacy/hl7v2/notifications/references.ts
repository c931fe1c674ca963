import { asAdapterError, UpstreamInvalidAnswer } from '../../../errors/errors.js';
import type { AuditOutcome, AuditTrail } from '../../../operations/audit-trail.js';
import type { NationalId } from '../../../person/national-id.js';
import type { PersonReferences } from '../../../registry/person-references.js';
import type { Clock } from '../../../runtime/clock.js';
import { newCorrelationId, type CorrelationId } from '../../../runtime/correlation.js';
import type { Random } from '../../../runtime/random.js';
import { askingFor } from './asking.js';
import type { Receiver } from './receiver.js';
import type { Subscriptions } from './subscriptions.js';

/** What asking takes. */
export interface ReferenceParts {
  readonly receiver: Receiver;
  readonly references: PersonReferences;
  readonly subscriptions: Pick<Subscriptions, 'toAskAbout' | 'tellReferences'>;
  readonly audit: AuditTrail;
  readonly limits: { readonly lookup: number };
  readonly clock: Clock;
  readonly random: Random;
}

/** As many as one call takes. */
const AT_ONCE = 100;

/**
 * Asks under which ids changes of some of those are told whom the receiver follows, so that nobody else has to be asked about when
 * a number changes. Leaves an entry in the audit trail for each.
 * @returns whether there was anybody to ask about
 * @throws AdapterError; who was asked about is asked about again
 */
export async function askReferences(parts: ReferenceParts, signal: AbortSignal): Promise<boolean> {
  const { receiver, subscriptions } = parts;
  const numbers = subscriptions.toAskAbout(receiver.id, AT_ONCE);
  if (numbers.length === 0) return false;
  const found = await referencesOf(parts, numbers, signal);
  subscriptions.tellReferences(
    receiver.id,
    new Map(numbers.map((number) => [number, found.get(number) ?? null])),
  );
  return true;
}

async function referencesOf(
  parts: ReferenceParts,
  numbers: readonly NationalId[],
  signal: AbortSignal,
): Promise<ReadonlyMap<NationalId, string>> {
  try {
    return await ask(parts, numbers, signal);
  } catch (error) {
    if (!(error instanceof UpstreamInvalidAnswer)) throw error;
    // One whose document is not as it should be keeps nobody else from being followed.
    if (numbers.length === 1) return new Map();
    const found = new Map<NationalId, string>();
    for (const number of numbers) {
      for (const [its, id] of await referencesOf(parts, [number], signal)) found.set(its, id);
    }
    return found;
  }
}

async function ask(
  parts: ReferenceParts,
  numbers: readonly NationalId[],
  signal: AbortSignal,
): Promise<ReadonlyMap<NationalId, string>> {
  const { receiver, references, clock, random, limits } = parts;
  const correlationId = newCorrelationId(random);
  const asking = askingFor(receiver, correlationId, { signal, clock, limit: limits.lookup });
  try {
    const found = await references.referencesOf(numbers, asking.caller);
    await record(parts, numbers, correlationId, (number) => (found.has(number) ? 'found' : 'not-found'));
    return found;
  } catch (error) {
    if (!signal.aborted) await record(parts, numbers, correlationId, () => asAdapterError(error).code);
    throw error;
  } finally {
    asking.end();
  }
}

async function record(
  { audit, receiver, clock }: ReferenceParts,
  numbers: readonly NationalId[],
  correlationId: CorrelationId,
  outcomeOf: (number: NationalId) => AuditOutcome,
): Promise<void> {
  await audit.record(
    numbers.map((number) => ({
      at: clock.now(),
      correlationId,
      clientId: receiver.client.id,
      protocol: 'hl7v2',
      operation: 'subscription',
      subject: number,
      outcome: outcomeOf(number),
      keptSource: null,
      detail: { remoteAddress: 'localhost', receiver: receiver.id },
    })),
  );
}
