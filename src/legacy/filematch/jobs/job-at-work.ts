import type { AuditEntry } from '../../../operations/audit-trail.js';
import type { EventSink } from '../../../operations/events.js';
import { causeOf } from './cause.js';
import type { WaitingFor } from './filematch-jobs.js';
import type { Job } from './job.js';
import { rowOf } from './job-record.js';
import type { JobRows } from './job-rows.js';
import { Stopped } from './job-watch.js';

/** A job while it is worked on: how it was last stored, and what it waits for. */
export class JobAtWork {
  readonly #rows: JobRows;
  readonly #events: EventSink;
  readonly #onChange: () => void;
  #job: Job;
  /** What was being stored when that failed. */
  #inDoubt: { readonly job: Job; readonly record: string } | undefined;
  readonly #waits = new Set<{ readonly waitingFor: WaitingFor }>();
  readonly #told = new Set<WaitingFor>();

  constructor(parts: { readonly rows: JobRows; readonly events: EventSink }, job: Job, onChange: () => void) {
    this.#rows = parts.rows;
    this.#events = parts.events;
    this.#job = job;
    this.#onChange = onChange;
  }

  get job(): Job {
    return this.#job;
  }

  /** What it waits for, of several reasons the first one; null while it works. */
  get waitingFor(): WaitingFor | null {
    const [first] = this.#waits;
    return first?.waitingFor ?? null;
  }

  /**
   * Stores what has changed, with audit entries, all or none.
   * @param overAt when nothing is left to do
   * @throws StoreFailed; then the job is as it was. Stopped when the store does not have it any more
   */
  save(changes: Partial<Job>, entries: readonly AuditEntry[] = [], overAt: Date | null = null): void {
    const changed = { ...this.#job, ...changes };
    const row = rowOf(changed, overAt);
    this.#inDoubt = { job: changed, record: row.record };
    try {
      this.#rows.save(row, entries);
    } catch (error) {
      // Without end it would be tried again.
      if (this.#isGone()) throw new Stopped('gone');
      throw error;
    }
    this.#took(changed);
  }

  /**
   * Whether what `save` last failed to store was stored nevertheless, as happens when only the answer of the disk is lost; then it
   * counts. @throws StoreFailed
   */
  wasStoredAfterAll(): boolean {
    if (this.#inDoubt === undefined) return false;
    const { job, record } = this.#inDoubt;
    if (this.#rows.byId(job.id)?.record !== record) return false;
    this.#took(job);
    return true;
  }

  /** Says that a part of the work waits, once for each reason. @returns ends the waiting */
  waits(waitingFor: WaitingFor, error?: unknown): () => void {
    const wait = { waitingFor };
    this.#waits.add(wait);
    if (!this.#told.has(waitingFor)) {
      this.#told.add(waitingFor);
      this.#events.emit('filematchJobWaiting', {
        jobId: this.#job.id,
        clientId: this.#job.clientId,
        waitingFor,
        ...causeOf(error),
      });
    }
    this.#onChange();
    return () => {
      if (this.#waits.delete(wait)) this.#onChange();
    };
  }

  /** Says that the work goes on, so that trouble that comes again is told again; not what a part of it still waits for. */
  goesOn(): void {
    this.#told.clear();
    for (const { waitingFor } of this.#waits) this.#told.add(waitingFor);
  }

  #isGone(): boolean {
    try {
      return this.#rows.byId(this.#job.id) === undefined;
    } catch {
      return false;
    }
  }

  #took(job: Job): void {
    this.#inDoubt = undefined;
    this.#job = job;
    this.#onChange();
  }
}
