import type { Clock } from '../../../runtime/clock.js';
import type { JobView, WaitingFor } from './filematch-jobs.js';
import { isBeyondPausing, isOver, type Hold, type Job } from './job.js';
import type { JobAtWork } from './job-at-work.js';
import { holdOf, jobOf } from './job-record.js';
import type { JobRow, JobRows, Listed } from './job-rows.js';
import type { JobWatch } from './job-watch.js';
import { isOpen, type Window } from './window.js';

/** How jobs are at the moment: as they are stored, and for those that this process works on what they wait for. */
export class JobViews {
  readonly #rows: JobRows;
  readonly #times: { readonly window: Window | undefined; readonly clock: Clock };
  readonly #atWork = new Map<string, { readonly job: JobAtWork; readonly watch: JobWatch }>();

  constructor(rows: JobRows, times: { readonly window: Window | undefined; readonly clock: Clock }) {
    this.#rows = rows;
    this.#times = times;
  }

  /** A job is worked on from now on. */
  begins(job: JobAtWork, watch: JobWatch): void {
    this.#atWork.set(job.job.id, { job, watch });
  }

  ends(id: string): void {
    this.#atWork.delete(id);
  }

  /** Makes whoever works on a job look what is wanted of it. */
  look(id: string): void {
    this.#atWork.get(id)?.watch.look();
  }

  /** @throws StoreFailed, InternalError for one that cannot be read */
  of(id: string): JobView | undefined {
    const row = this.#rows.byId(id);
    return row === undefined ? undefined : this.#viewOf(row);
  }

  /** Those that can be read. @throws StoreFailed */
  list(which: Listed): readonly JobView[] {
    return this.#rows.list(which).flatMap((row) => {
      try {
        return [this.#viewOf(row)];
      } catch {
        return [];
      }
    });
  }

  #viewOf(row: JobRow): JobView {
    const job = jobOf(row);
    const wanted = isOver(job) ? null : holdOf(row);
    const hold = wanted === 'paused' && isBeyondPausing(job) ? null : wanted;
    return { job, hold, waitingFor: row.over ? null : this.#waitingFor(job, hold) };
  }

  #waitingFor(job: Job, hold: Hold | null): WaitingFor | null {
    if (hold === 'paused') return 'resume';
    const atWork = this.#atWork.get(job.id);
    if (atWork !== undefined) return atWork.job.waitingFor;
    if (hold === 'cancelled' || isBeyondPausing(job)) return null;
    if (job.state === 'RECEIVED') return 'turn';
    if (job.state === 'RUNNING' && !isOpen(this.#times.window, this.#times.clock.now())) return 'window';
    // Other processes may be at it, too; but for one of the command line, they are not while this one is at another of the client.
    return job.door !== 'command-line' && this.#isTurnOfAnother(job.clientId) ? 'turn' : null;
  }

  #isTurnOfAnother(clientId: string): boolean {
    return [...this.#atWork.values()].some(
      ({ job: { job } }) => job.clientId === clientId && !isBeyondPausing(job),
    );
  }
}
