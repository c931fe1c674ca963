import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/runtime/clock.js';

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** A clock that stands still, its sleepers with it, until a test moves it. */
export class StandingClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(start: string) {
    this.#now = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#now);
  }

  /** How many are asleep. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
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
    });
    signal?.throwIfAborted();
  }

  /** Moves the time and wakes nobody. */
  move(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Moves the time, wakes whoever is due, and lets them run on. */
  async advance(milliseconds: number): Promise<void> {
    await turn();
    this.#now += milliseconds;
    for (const sleeper of this.#sleepers) {
      if (sleeper.due > this.#now) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
    await turn();
  }
}
