import type { Clock } from '../../../runtime/clock.js';
import type { Stops } from './lookup.js';
import { holdOf } from './job-record.js';
import type { JobRows } from './job-rows.js';
import { isOpen, type Window } from './window.js';

/**
 * Why work on a job stopped before its end; `gone` is what the store does not have any more, and `client` is begun anew on behalf of
 * the client as it is now.
 */
export type StopReason = 'paused' | 'cancelled' | 'window' | 'client' | 'ending' | 'gone';

/** The work on a job stops; not an error of anything. */
export class Stopped extends Error {
  constructor(readonly why: StopReason) {
    super(`stopped: ${why}`);
    this.name = 'Stopped';
  }
}

/** How often is looked what others want of the job, in milliseconds. */
const LOOKED_EVERY = 1_000;

/** What a watch goes by. */
export interface WatchParts {
  readonly rows: Pick<JobRows, 'byId'>;
  readonly window: Window | undefined;
  readonly clock: Clock;
  /** Whether the client is another one by now than when the watch began: it was changed, switched off, or on again. */
  readonly hasOtherClient: () => boolean;
}

/** Looks, while a job is worked on, whether it still may be: what others want of it, and what time of day it is. */
export class JobWatch {
  readonly #id: string;
  readonly #parts: WatchParts;
  readonly #now = new AbortController();
  readonly #paused = new AbortController();
  readonly #closed = new AbortController();
  readonly #changed = new AbortController();
  readonly #over = new AbortController();
  readonly #watching: Promise<void>;
  /** Stops for what may be done whatever the time of day. */
  readonly anyTime: Stops;
  /** Stops for lookups. */
  readonly inWindow: Stops;

  /** @param ending aborts when the process ends */
  constructor(id: string, parts: WatchParts, ending: AbortSignal) {
    this.#id = id;
    this.#parts = parts;
    const now = this.#now.signal;
    const soon = AbortSignal.any([now, this.#paused.signal, this.#changed.signal]);
    this.anyTime = { now, soon };
    this.inWindow = { now, soon: AbortSignal.any([soon, this.#closed.signal]) };
    const end = (): void => {
      this.#now.abort(new Stopped('ending'));
    };
    if (ending.aborted) end();
    ending.addEventListener('abort', end, { once: true, signal: this.#over.signal });
    this.look();
    this.#watching = this.#watch();
  }

  /** Looks at once. */
  look(): void {
    const hold = this.#hold();
    if (hold === 'cancelled' && !this.#now.signal.aborted) this.#now.abort(new Stopped('cancelled'));
    if (hold === 'paused' && !this.#paused.signal.aborted) this.#paused.abort(new Stopped('paused'));
    const { window, clock, hasOtherClient } = this.#parts;
    if (hasOtherClient() && !this.#changed.signal.aborted) this.#changed.abort(new Stopped('client'));
    if (!isOpen(window, clock.now()) && !this.#closed.signal.aborted)
      this.#closed.abort(new Stopped('window'));
  }

  /** Whether the job is cancelled, asked of the store at this moment, also when the process ends. */
  get isCancelled(): boolean {
    return this.#hold() === 'cancelled';
  }

  /** Ends the watch. */
  async end(): Promise<void> {
    this.#over.abort();
    await this.#watching;
  }

  #hold(): 'paused' | 'cancelled' | null {
    try {
      const row = this.#parts.rows.byId(this.#id);
      return row === undefined ? null : holdOf(row);
    } catch {
      // The work itself meets the trouble of the store, and waits it out.
      return null;
    }
  }

  async #watch(): Promise<void> {
    const { clock } = this.#parts;
    try {
      for (;;) {
        await clock.sleep(LOOKED_EVERY, this.#over.signal);
        this.look();
      }
    } catch (error) {
      if (!this.#over.signal.aborted) throw error;
    }
  }
}
