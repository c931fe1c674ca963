import type { ErrorCode } from '../../../errors/catalogue.js';
import { asAdapterError } from '../../../errors/errors.js';
import type { AuditOutcome, AuditTrail } from '../../../operations/audit-trail.js';
import type { EventSink } from '../../../operations/events.js';
import type { NationalId } from '../../../person/national-id.js';
import type { PersonReferences } from '../../../registry/person-references.js';
import type { Clock } from '../../../runtime/clock.js';
import { newCorrelationId, type CorrelationId } from '../../../runtime/correlation.js';
import type { Random } from '../../../runtime/random.js';
import { askingFor, auditEntryFor, isOfOnePerson } from './asking.js';
import { backOff } from './back-off.js';
import type { Receiver } from './receiver.js';
import type { Subscriptions } from './subscriptions.js';

/** What asking takes. */
export interface ReferenceParts {
  readonly receiver: Receiver;
  readonly references: PersonReferences;
  readonly subscriptions: Pick<Subscriptions, 'toAskAbout' | 'tellReferences'>;
  readonly audit: AuditTrail;
  readonly limits: { readonly lookup: number };
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
}

/** As many as one call takes. */
const AT_ONCE = 100;

/**
 * Asks under which ids changes of those are told whom a receiver follows, so that nobody else has to be asked about when a number
 * changes. Leaves an entry in the audit trail for each. Trouble with it keeps no message back: it has pauses of its own.
 */
export class References {
  #until = 0;
  #failures = 0;
  #trouble: ErrorCode | undefined;

  constructor(private readonly parts: ReferenceParts) {}

  /** What went wrong at the last attempt; undefined after one that succeeded. */
  get trouble(): ErrorCode | undefined {
    return this.#trouble;
  }

  /** Asks about some of them; who was asked about in vain is asked about again. @returns whether there may be more to ask now */
  async askSome(signal: AbortSignal): Promise<boolean> {
    const { clock, events, random, receiver } = this.parts;
    if (clock.now().getTime() < this.#until) return false;
    try {
      const asked = await ask(this.parts, signal);
      this.#failures = 0;
      this.#trouble = undefined;
      return asked;
    } catch (error) {
      if (signal.aborted) return false;
      const trouble = asAdapterError(error);
      if (this.#trouble !== trouble.code) {
        events.emit('referencesNotLearnt', { receiver: receiver.id, error: trouble });
      }
      this.#trouble = trouble.code;
      this.#failures += 1;
      this.#until = clock.now().getTime() + backOff(this.#failures, random);
      return false;
    }
  }
}

async function ask(parts: ReferenceParts, signal: AbortSignal): Promise<boolean> {
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
    return await askAbout(parts, numbers, signal);
  } catch (error) {
    if (!isOfOnePerson(asAdapterError(error))) throw error;
    // One who cannot be asked about keeps nobody else from being followed.
    if (numbers.length === 1) return new Map();
    const found = new Map<NationalId, string>();
    for (const number of numbers) {
      for (const [its, id] of await referencesOf(parts, [number], signal)) found.set(its, id);
    }
    return found;
  }
}

async function askAbout(
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
    numbers.map((number) =>
      auditEntryFor(receiver, {
        at: clock.now(),
        correlationId,
        operation: 'subscription',
        subject: number,
        outcome: outcomeOf(number),
      }),
    ),
  );
}
