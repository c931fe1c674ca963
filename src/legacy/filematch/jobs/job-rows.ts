import type { AuditEntry } from '../../../operations/audit-trail.js';

/** A job as the store keeps it. What it says is sealed; the rest is there to be found by. */
export interface JobRow {
  readonly id: string;
  readonly clientId: string;
  readonly door: string;
  readonly state: string;
  /** Whether it is over, and so counts for retention. */
  readonly over: boolean;
  readonly acceptedAt: Date;
  readonly overAt: Date | null;
  /** What an operator or the client wants of it, written by others than who works on it. */
  readonly hold: string | null;
  /** The job in JSON. Opened when it is read, which throws what the seal throws (SealBroken, UnknownSealingKey). */
  readonly record: string;
}

/** Which jobs are listed; what is not said does not matter. */
export interface Listed {
  readonly clientId?: string | undefined;
  readonly over?: boolean | undefined;
  readonly state?: string | undefined;
  /** Those that came by this door are left out. */
  readonly exceptDoor?: string | undefined;
  readonly limit: number;
}

/** Where jobs are kept. @throws StoreFailed from everything */
export interface JobRows {
  /**
   * Adds a job. Unless it is forced, not when the same client has brought a file with the same digest before and that job
   * neither was rejected nor failed.
   * @returns the id of that job; undefined when this one was added
   */
  add(
    row: Omit<JobRow, 'hold'>,
    content: { readonly sha256: string; readonly forced: boolean },
  ): string | undefined;
  byId(id: string): JobRow | undefined;
  /** Those of a client, or all; the newest first, or of those that are not over the oldest. */
  list(which: Listed): readonly JobRow[];
  /** Those that were over before the instant, the longest over first, from the one on that comes after so many. */
  overBefore(instant: Date, which: { readonly limit: number; readonly after: number }): readonly JobRow[];
  /**
   * Replaces state, over, overAt and record, and writes audit entries, all or none, durably. `hold` and what was fixed at the
   * acceptance stay as they are. A job that was removed meanwhile is an error, and nothing is written.
   */
  save(row: Omit<JobRow, 'hold'>, entries: readonly AuditEntry[]): void;
  /** @returns whether there is such a job that is in no final state, even if it is not over yet, and not cancelled */
  setHold(id: string, hold: string | null): boolean;
  /** Nothing happens where there is none. */
  remove(id: string): void;
}
