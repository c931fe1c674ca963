import { AuditUnavailable } from '../errors/errors.js';
import type { AuditEntry, AuditTrail } from '../operations/audit-trail.js';
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

/**
 * Writes the entries of requests that end together in one transaction, since waiting for the disk costs the same for one and
 * for many. Nobody waits for others to come: a turn of the event loop gathers what ends in it.
 */
export class JointAuditTrail implements AuditTrail {
  #waiting: Waiting[] = [];

  constructor(private readonly writer: AuditWriter) {}

  record(entries: readonly AuditEntry[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entries, resolve, reject });
      if (this.#waiting.length > 1) return;
      setImmediate(() => {
        this.#write();
      });
    });
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
