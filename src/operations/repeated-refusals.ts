import { networkOf } from '../access/caller-network.js';
import { alarm, type Clock, type StopAlarm } from '../runtime/clock.js';
import type { CorrelationId } from '../runtime/correlation.js';
import type { AuditEntry, AuditOutcome, AuditTrail } from './audit-trail.js';
import type { EventSink } from './events.js';

/** For so long those that follow the first of a kind are counted, in milliseconds. */
const TOGETHER = 60_000;

/** Of so many kinds it is counted from where they came; those that come after that are counted without. */
const MOST_KINDS = 1_000;

/** Stands for the address of those. */
const SEVERAL = 'several';

/** How a request of a known client ends that is refused before its number is counted, or by that count. */
const REFUSED: ReadonlySet<AuditOutcome> = new Set([
  'rate-limited',
  'not-authorised',
  'action-not-supported',
  'must-understand',
  'invalid-addressing',
  'invalid-security',
  'bad-context-token',
  'renew-needed',
]);

/** Refusals of the same client by the same protocol and operation, for the same reason, from the same network. */
interface Kind {
  /** Of the first one. */
  readonly entry: AuditEntry;
  readonly network: string;
  /** Settles with that entry. */
  readonly written: Promise<void>;
  stop: StopAlarm;
  /** Those after it that no entry tells of yet, and when the first and the last of them came. */
  count: number;
  from: Date;
  to: Date;
}

/**
 * Keeps those who are refused and try again from filling the disk. The first refusal of a kind is written before its answer leaves,
 * as everything is; those that follow within a minute are counted, and one entry tells of them when it is over. Only
 * requests that asked about nobody are counted so: of whoever is not known, and of clients that are refused for what they are or
 * how often they ask.
 */
export class RepeatedRefusals implements AuditTrail {
  readonly #kinds = new Map<string, Kind>();
  /** Requests that have an entry of their own; those of the kinds alone. */
  readonly #firsts = new Set<CorrelationId>();

  constructor(
    private readonly trail: AuditTrail,
    private readonly parts: { readonly events: EventSink; readonly clock: Clock },
  ) {}

  /** @throws AuditUnavailable where the entries cannot be written, nor the first of the kind that they are counted with */
  async record(entries: readonly AuditEntry[]): Promise<void> {
    const [entry, ...others] = entries;
    if (entry === undefined || others.length > 0 || !isRefusal(entry)) return this.trail.record(entries);
    const own = networkOf(entry.detail.remoteAddress);
    const isApart = this.#kinds.size < MOST_KINDS || this.#kinds.has(keyOf(entry, own));
    const network = isApart ? own : SEVERAL;
    const key = keyOf(entry, network);
    const known = this.#kinds.get(key);
    if (known === undefined) return this.#begin(key, entry, network);
    await known.written;
    // Its minute may be over by now, and what would be counted with it told by nobody.
    if (this.#kinds.get(key) !== known) return this.record(entries);
    if (known.count === 0) known.from = entry.at;
    known.count += 1;
    known.to = entry.at;
  }

  /** Whether the request with that id, which was refused for how often its client asks, has no entry of its own. */
  isCounted(correlationId: CorrelationId): boolean {
    return !this.#firsts.has(correlationId);
  }

  /** Tells of those of whom nothing was told yet; for when nobody comes any more. Never rejects. */
  async close(): Promise<void> {
    await Promise.all([...this.#kinds].map(([key, kind]) => this.#tell(key, kind, true)));
  }

  async #begin(key: string, entry: AuditEntry, network: string): Promise<void> {
    const { at, correlationId } = entry;
    const written = this.trail.record([entry]);
    const kind: Kind = { entry, network, written, stop: () => undefined, count: 0, from: at, to: at };
    this.#kinds.set(key, kind);
    try {
      await written;
    } catch (error) {
      this.#kinds.delete(key);
      throw error;
    }
    this.#firsts.add(correlationId);
    this.#wait(key, kind);
  }

  #wait(key: string, kind: Kind): void {
    kind.stop = alarm(this.parts.clock, TOGETHER, () => {
      void this.#tell(key, kind, false);
    });
  }

  async #tell(key: string, kind: Kind, isLast: boolean): Promise<void> {
    kind.stop();
    const { count, from, to } = kind;
    // Others may come while this is written.
    kind.count = 0;
    if (count > 0 && !(await this.#write(kind, { count, from, to })) && !isLast) {
      kind.from = from;
      kind.count += count;
    } else if (count > 0) {
      this.#emit(kind, { count, from, to });
    }
    if (kind.count > 0 && !isLast) {
      this.#wait(key, kind);
      return;
    }
    this.#kinds.delete(key);
    this.#firsts.delete(kind.entry.correlationId);
  }

  /** @returns whether it could be written; why not is told by who could not */
  async #write({ entry, network }: Kind, { count, from, to }: Counted): Promise<boolean> {
    const period = { from: from.toISOString(), to: to.toISOString() };
    try {
      await this.trail.record([{ ...entry, at: to, detail: { remoteAddress: network, count, period } }]);
      return true;
    } catch {
      return false;
    }
  }

  #emit({ entry, network }: Kind, { count, from, to }: Counted): void {
    const { correlationId, clientId, protocol, operation, outcome } = entry;
    const milliseconds = Math.max(0, to.getTime() - from.getTime());
    this.parts.events.emit('refusalsRepeated', {
      correlationId,
      clientId,
      protocol,
      operation,
      outcome,
      remoteAddress: network,
      count,
      milliseconds,
    });
  }
}

type Counted = Pick<Kind, 'count' | 'from' | 'to'>;

function isRefusal({ subject, pseudonym, clientId, outcome, detail: { receiver } }: AuditEntry): boolean {
  const isAboutSomebody = subject !== null || pseudonym !== undefined || receiver !== undefined;
  return !isAboutSomebody && (clientId === null || REFUSED.has(outcome));
}

function keyOf({ outcome, clientId, protocol, operation }: AuditEntry, network: string): string {
  return JSON.stringify([outcome, clientId, protocol, operation, network]);
}
