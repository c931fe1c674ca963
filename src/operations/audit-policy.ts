import { AuditUnavailable } from '../errors/errors.js';
import type { AuditEntry, AuditTrail } from './audit-trail.js';
import type { EventSink } from './events.js';

/** `audit.whenUnwritable`: whether an answer may leave whose entry cannot be written. */
export type WhenUnwritable = 'withhold' | 'answer';

/** So many entries are kept in memory until they can be written. */
const KEPT = 10_000;

/**
 * Does what the configuration says when entries cannot be written, and tells once when that begins and once when it is over. Where
 * answers leave all the same, their entries wait in memory and are written as soon as that can be done again; those beyond
 * what is kept, and all when the process ends before that, are lost, and counted.
 */
export class AuditPolicy implements AuditTrail {
  #waiting: AuditEntry[] = [];
  #missed = 0;
  #inTrouble = false;

  constructor(
    private readonly trail: AuditTrail,
    private readonly whenUnwritable: WhenUnwritable,
    private readonly events: EventSink,
  ) {}

  /** @throws AuditUnavailable where answers are withheld */
  async record(entries: readonly AuditEntry[]): Promise<void> {
    try {
      await this.trail.record(entries);
    } catch (error) {
      if (!(error instanceof AuditUnavailable)) throw error;
      this.#begins(error);
      if (this.whenUnwritable === 'withhold') throw error;
      this.#keep(entries);
      return;
    }
    if (this.#inTrouble) await this.#makeUp();
  }

  #begins(error: AuditUnavailable): void {
    if (this.#inTrouble) return;
    this.#inTrouble = true;
    this.events.emit('auditUnwritable', { error, withheld: this.whenUnwritable === 'withhold' });
  }

  #keep(entries: readonly AuditEntry[]): void {
    const room = Math.max(0, KEPT - this.#waiting.length);
    this.#waiting.push(...entries.slice(0, room));
    this.#missed += Math.max(0, entries.length - room);
  }

  /** What waits is written, and only then is the trouble over. */
  async #makeUp(): Promise<void> {
    const late = this.#waiting;
    this.#waiting = [];
    try {
      if (late.length > 0) await this.trail.record(late);
    } catch (error) {
      if (!(error instanceof AuditUnavailable)) throw error;
      this.#waiting = [...late, ...this.#waiting];
      return;
    }
    // Another request may have met with new trouble meanwhile, or told already that it is over.
    if (!this.#inTrouble || this.#waiting.length > 0) return;
    this.#inTrouble = false;
    this.events.emit('auditWritable', { late: late.length, lost: this.#missed });
    this.#missed = 0;
  }
}
