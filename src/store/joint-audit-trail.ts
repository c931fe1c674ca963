import type { AuditEntry, AuditTrail } from '../operations/audit-trail.js';

/** Writes entries at once and durably, all or none. @throws AuditUnavailable */
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
    if (this.#writeJointly(together)) return;
    // Whoever cannot be written takes nobody along.
    for (const { entries, resolve, reject } of together) {
      try {
        this.writer.record(entries);
        resolve();
      } catch (error) {
        reject(error);
      }
    }
  }

  #writeJointly(together: readonly Waiting[]): boolean {
    if (together.length === 1) return false;
    try {
      this.writer.record(together.flatMap(({ entries }) => entries));
    } catch {
      return false;
    }
    for (const { resolve } of together) resolve();
    return true;
  }
}
