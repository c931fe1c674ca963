import { asAdapterError, StoreFailed } from '../../../errors/errors.js';
import type { EventSink } from '../../../operations/events.js';
import type { Clock } from '../../../runtime/clock.js';
import { isBeyondPausing } from './job.js';
import { holdOf, jobOf } from './job-record.js';
import type { JobRow, JobRows } from './job-rows.js';
import type { WorkEnd } from './job-worker.js';
import { isOpen, type Window } from './window.js';

/** What the order of jobs is made from. */
export interface ScheduleParts {
  readonly rows: Pick<JobRows, 'list'>;
  readonly clientIds: () => readonly string[];
  readonly window: Window | undefined;
  readonly clock: Clock;
  readonly events: EventSink;
  /** @param onMatched called when nobody is looked up any more for the job */
  work(id: string, ending: AbortSignal, onMatched: () => void): Promise<WorkEnd>;
}

/** How often is looked what other processes have changed, in milliseconds. */
const LOOKED_EVERY = 1_000;

/** Jobs that are looked at at a time; when there are more, so many of each client. */
const AT_A_TIME = 500;
const OF_EACH_CLIENT = 20;

/** Results of a client that may wait to be delivered before its next job waits for them. */
const CONCLUDING_AT_A_TIME = 4;

/** Jobs that are cancelled at a time, beside those whose turn it is. */
const CANCELLED_AT_A_TIME = 4;

/**
 * Whose turn it is: one job of each client at a time, the oldest first, those of different clients side by side. What was cancelled
 * waits for no turn, since nobody is looked up for it. Jobs of the command line are left to it, unless they were cancelled and
 * nobody is there to end them.
 */
export class Schedule {
  readonly #parts: ScheduleParts;
  /** The jobs that are worked on, with their clients. */
  readonly #atWork = new Map<string, string>();
  /** By client, the job whose turn it is. */
  readonly #turns = new Map<string, string>();
  /** Those at work that were cancelled before, and have no turn. */
  readonly #cancelled = new Set<string>();
  /** Jobs that cannot even be failed; the next process may try. */
  readonly #broken = new Set<string>();
  readonly #work = new Set<Promise<void>>();
  #nap = new AbortController();
  #isBlind = false;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
  }

  /** Looks at once what is to be done. */
  wake(): void {
    this.#nap.abort(AWAKE);
  }

  /** Works on jobs until the signal aborts, and until none is touched any more. */
  async run(signal: AbortSignal): Promise<void> {
    const wake = (): void => {
      this.wake();
    };
    signal.addEventListener('abort', wake);
    while (!signal.aborted) {
      this.#look(signal);
      this.#nap = new AbortController();
      await this.#parts.clock.sleep(LOOKED_EVERY, this.#nap.signal).catch(() => undefined);
    }
    signal.removeEventListener('abort', wake);
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  #look(ending: AbortSignal): void {
    try {
      for (const row of this.#unfinished()) if (this.#mayBegin(row)) this.#begin(row, ending);
      this.#isBlind = false;
    } catch (error) {
      if (!this.#isBlind) this.#parts.events.emit('filematchJobsNotRead', { error: asAdapterError(error) });
      this.#isBlind = true;
    }
  }

  #unfinished(): readonly JobRow[] {
    const { rows, clientIds } = this.#parts;
    const oldest = rows.list({ over: false, limit: AT_A_TIME });
    if (oldest.length < AT_A_TIME) return oldest;
    // One client's flood does not hide the jobs of others.
    const each = clientIds().flatMap((clientId) =>
      rows.list({ clientId, over: false, limit: OF_EACH_CLIENT }),
    );
    return [...oldest, ...each];
  }

  #mayBegin(row: JobRow): boolean {
    const { id, clientId, door } = row;
    if (this.#atWork.has(id) || this.#broken.has(id)) return false;
    if (holdOf(row) === 'cancelled') return this.#cancelled.size < CANCELLED_AT_A_TIME;
    if (this.#turns.has(clientId) || door === 'command-line') return false;
    return this.#isTimeFor(row);
  }

  /** Out of the window files are read, but nobody is looked up; of what is paused either. What is complete is delivered in any case. */
  #isTimeFor(row: JobRow): boolean {
    const isPaused = holdOf(row) === 'paused';
    if (!isPaused && isOpen(this.#parts.window, this.#parts.clock.now())) return true;
    try {
      const job = jobOf(row);
      return isBeyondPausing(job) || (!isPaused && job.survey === null);
    } catch {
      // Whoever works on it finds out what is wrong with it.
      return true;
    }
  }

  #begin(row: JobRow, ending: AbortSignal): void {
    const { id, clientId } = row;
    this.#atWork.set(id, clientId);
    if (holdOf(row) === 'cancelled') this.#cancelled.add(id);
    else this.#turns.set(clientId, id);
    const work = this.#through(id, clientId, ending).finally(() => {
      this.#work.delete(work);
    });
    this.#work.add(work);
  }

  async #through(id: string, clientId: string, ending: AbortSignal): Promise<void> {
    const giveTurn = (): void => {
      const ofClient = [...this.#atWork].filter(
        ([each, client]) => client === clientId && !this.#cancelled.has(each),
      );
      if (this.#turns.get(clientId) !== id || ofClient.length > CONCLUDING_AT_A_TIME) return;
      this.#turns.delete(clientId);
      this.wake();
    };
    try {
      const end = await this.#parts.work(id, ending, giveTurn);
      if (end === 'over') this.wake();
    } catch (error) {
      if (error instanceof StoreFailed) return;
      this.#broken.add(id);
      const cause = asAdapterError(error);
      this.#parts.events.emit('filematchJobFailed', { jobId: id, clientId, code: 'internal', error: cause });
    } finally {
      this.#atWork.delete(id);
      this.#cancelled.delete(id);
      if (this.#turns.get(clientId) === id) this.#turns.delete(clientId);
    }
  }
}

const AWAKE = 'there may be something to do';
