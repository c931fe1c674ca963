import { AuditUnavailable } from '../errors/errors.js';
import type { AuditEntry, AuditTrail } from '../operations/audit-trail.js';
import type { Clock } from '../runtime/clock.js';
import { isTroubleOfTheStore } from './store-errors.js';

/** Writes entries at once and durably, all or none. @throws AuditUnavailable with its cause */
export interface AuditWriter {
  record(entries: readonly AuditEntry[]): void;
}

interface Waiting {
  readonly entries: readonly AuditEntry[];
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** A turn of the event loop that takes as long was not spent on waiting for something to do, in milliseconds. */
const BUSY = 1;

/** The longest that an entry waits for others, in milliseconds. */
const LONGEST_WAIT = 5;

/** Of so many each bears little of the wait for the disk, and more of them would begin their next questions all at once. */
const ENOUGH = 8;

/**
 * Writes the entries of requests that end together in one transaction, since waiting for the disk costs the same for one and
 * for many. A turn of the event loop gathers what ends in it, and further ones do while the process has its hands full or others
 * come: then waiting for the disk less often is what gets everybody answered sooner. docs/decisions/010.
 */
export class JointAuditTrail implements AuditTrail {
  #waiting: Waiting[] = [];

  constructor(
    private readonly writer: AuditWriter,
    private readonly clock: Clock,
  ) {}

  record(entries: readonly AuditEntry[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entries, resolve, reject });
      if (this.#waiting.length > 1) return;
      const now = this.#now();
      this.#writeWhenQuiet(now, now, 1);
    });
  }

  #writeWhenQuiet(openedAt: number, turnedAt: number, size: number): void {
    setImmediate(() => {
      const now = this.#now();
      const isQuiet = this.#waiting.length === size && now - turnedAt < BUSY;
      // A clock that was set back does not tell how long they have waited.
      const isLate = now < openedAt || now - openedAt >= LONGEST_WAIT;
      if (isQuiet || isLate || this.#waiting.length >= ENOUGH) this.#write();
      else this.#writeWhenQuiet(openedAt, now, this.#waiting.length);
    });
  }

  #now(): number {
    return this.clock.now().getTime();
  }

  #write(): void {
    const together = this.#waiting;
    this.#waiting = [];
    if (this.#writeOnce(together)) return;
    // Whoever cannot be written takes nobody along.
    for (const one of together) this.#writeOnce([one]);
  }

  /** @returns whether everybody has been told; otherwise the trouble may be that of one among many */
  #writeOnce(together: readonly Waiting[]): boolean {
    try {
      this.writer.record(together.flatMap(({ entries }) => entries));
    } catch (error) {
      // Each further attempt would wait out the same lock, or ask the same disk.
      if (together.length > 1 && !isOfTheStore(error)) return false;
      for (const { reject } of together) reject(error);
      return true;
    }
    for (const { resolve } of together) resolve();
    return true;
  }
}

function isOfTheStore(error: unknown): boolean {
  return error instanceof AuditUnavailable && isTroubleOfTheStore(error.cause);
}
