import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/runtime/clock.js';

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** So many turns of the event loop without anybody going to sleep mean that all that can happen has happened. */
const QUIET_TURNS = 8;

/**
 * A clock that moves when nobody has anything to do any more: on to when the first sleeper is due. For work that waits for nothing
 * but time and memory. Call `stop` when the test is over.
 */
export class IdleClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();
  #quiet = 0;
  #isRunning = false;
  #isStopped = false;
  /** Called when the time has moved. */
  onMove: () => void = () => undefined;

  constructor(start = '2025-03-01T12:00:00Z') {
    this.#now = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#now);
  }

  stop(): void {
    this.#isStopped = true;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.#quiet = 0;
    await new Promise<void>((resolve) => {
      const stop = (): void => {
        this.#sleepers.delete(sleeper);
        resolve();
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const sleeper: Sleeper = { due: this.#now + milliseconds, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', stop, { once: true });
      void this.#run();
    });
    signal?.throwIfAborted();
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (this.#sleepers.size > 0 && !this.#isStopped) {
      await turn();
      this.#quiet += 1;
      if (this.#quiet < QUIET_TURNS) continue;
      this.#quiet = 0;
      const [next] = [...this.#sleepers].sort((one, other) => one.due - other.due);
      if (next === undefined) continue;
      this.#sleepers.delete(next);
      this.#now = Math.max(this.#now, next.due);
      this.onMove();
      next.wake();
    }
    this.#isRunning = false;
  }
}
