import { causeOf } from './cause.js';
import { complete } from './completion.js';
import { conclude } from './conclusion.js';
import { cancelled, endOf, type BadEnd } from './endings.js';
import type { FilematchJobsParts } from './engine.js';
import { isOver } from './job.js';
import { JobAtWork } from './job-at-work.js';
import { persistently, type JobContext } from './job-context.js';
import { jobOf } from './job-record.js';
import { JobWatch, Stopped, type StopReason } from './job-watch.js';
import { matchRows } from './matching.js';
import { Patience } from './patience.js';
import type { RowBudget } from './row-budget.js';
import { validate } from './validation.js';

/** How far work on a job came: to its end, to a stop, or nowhere since somebody else is at it. */
export type WorkEnd = 'over' | Exclude<StopReason, 'cancelled'> | 'elsewhere';

/** Who looks on while a job is worked on. */
export interface Onlooker {
  begins(job: JobAtWork, watch: JobWatch): void;
  /** Something is different. */
  changed(job: JobAtWork): void;
  /** Nobody is looked up any more. */
  matched(): void;
}

/** Works on one job at a time, each under its claim, from where it stands. */
export class JobWorker {
  readonly #parts: FilematchJobsParts;
  readonly #budget: RowBudget;

  constructor(parts: FilematchJobsParts, budget: RowBudget) {
    this.#parts = parts;
    this.#budget = budget;
  }

  /**
   * Works on a job as far as it goes. Whatever is wrong with the job ends the job.
   * @param ending aborts when the process ends
   * @throws StoreFailed before the work began, InternalError for a job that cannot be read
   */
  async work(id: string, ending: AbortSignal, onlooker: Onlooker): Promise<WorkEnd> {
    const { spool, rows, clock, settings, clients } = this.#parts;
    if (rows.byId(id) === undefined) return 'gone';
    const claim = spool.claim(id);
    if (claim === undefined) return 'elsewhere';
    try {
      // Under the claim nobody else changes it.
      const row = rows.byId(id);
      if (row === undefined) return 'gone';
      if (row.over) return 'over';
      const job: JobAtWork = new JobAtWork(this.#parts, jobOf(row), () => {
        onlooker.changed(job);
      });
      const { clientId } = row;
      const client = clients.get(clientId);
      const hasOtherClient = (): boolean => clients.get(clientId) !== client;
      const watch = new JobWatch(id, { rows, clock, window: settings.window, hasOtherClient }, ending);
      const patience = new Patience(this.#parts, settings.patienceHours, job);
      const context = { parts: this.#parts, budget: this.#budget, job, claim, patience, watch };
      try {
        onlooker.begins(job, watch);
        await this.#through(context, ending, onlooker);
        return 'over';
      } catch (error) {
        if (ending.aborted) return 'ending';
        if (error instanceof Stopped && error.why !== 'cancelled') return error.why;
        throw error;
      } finally {
        await watch.end();
      }
    } finally {
      claim.release();
    }
  }

  async #through(context: JobContext, ending: AbortSignal, onlooker: Onlooker): Promise<void> {
    const { job, watch } = context;
    while (!isOver(job.job)) {
      try {
        watch.anyTime.now.throwIfAborted();
        if (job.job.checkpoint.complete) {
          onlooker.matched();
          await complete(context);
        } else {
          await this.#step(context);
        }
      } catch (error) {
        const isCancelled = error instanceof Stopped && error.why === 'cancelled';
        if (error instanceof Stopped && !isCancelled) throw error;
        await this.#endBadly(context, ending, isCancelled ? undefined : error);
      }
    }
    onlooker.matched();
    await conclude(context, ending);
  }

  async #step(context: JobContext): Promise<void> {
    const { parts, job, watch, patience } = context;
    watch.anyTime.soon.throwIfAborted();
    const client = parts.clients.get(job.job.clientId);
    const { survey } = job.job;
    if (client === undefined) await this.#waitForClient(patience, watch.anyTime.soon);
    else if (survey === null) await validate(context, client);
    else await matchRows(context, client, survey);
  }

  /** Clients come back when the settings are read anew: the watch sees it, or the next process. */
  async #waitForClient(patience: Patience, signal: AbortSignal): Promise<never> {
    const tries = patience.tries();
    const trouble = {
      waitingFor: 'client',
      error: undefined,
      leaveAloneMilliseconds: 0,
      mayBeTheQuestion: false,
    } as const;
    try {
      for (;;) await tries.again(trouble, signal);
    } finally {
      tries.end();
    }
  }

  /** @param error undefined where the job was cancelled */
  async #endBadly(context: JobContext, ending: AbortSignal, error: unknown): Promise<void> {
    const { parts, job } = context;
    const { state, ending: why }: BadEnd =
      error === undefined ? cancelled : endOf(error, parts.settings.patienceHours);
    const forever = { patience: new Patience(parts, Number.POSITIVE_INFINITY, job) };
    const finishedAt = parts.clock.now();
    await persistently(forever, ending, () => {
      job.save({ state, ending: why, finishedAt, delivered: false });
    });
    const { id: jobId, clientId, checkpoint } = job.job;
    const { code } = why;
    if (state === 'REJECTED') parts.events.emit('filematchJobRejected', { jobId, clientId, code });
    else {
      const cause = causeOf(error);
      parts.events.emit('filematchJobFailed', { jobId, clientId, code, rowsDone: checkpoint.rows, ...cause });
    }
  }
}
