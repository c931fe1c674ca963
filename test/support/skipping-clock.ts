import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/runtime/clock.js';

/** Pauses between tries are shorter; the time that an attempt, a deadline or a hanging server takes is longer. */
const SHORT_MILLISECONDS = 9_000;

/** How far apart sleepers may have begun who began together. */
export const SLACK_MILLISECONDS = 1_000;

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/**
 * The computer's time, of which stretches are skipped: short sleeps are over at once, and move the time; long ones wait
 * until a test skips that far. For what talks to servers that go by the computer's own time.
 */
export class SkippingClock implements Clock {
  #skipped = 0;
  readonly #sleepers = new Set<Sleeper>();

  now(): Date {
    return new Date(Date.now() + this.#skipped);
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (milliseconds < SHORT_MILLISECONDS) await this.skip(milliseconds);
    else await this.#sleepUntil(this.now().getTime() + milliseconds, signal);
    signal?.throwIfAborted();
  }

  /** Moves the time, wakes whoever is due, and lets them run on. */
  async skip(milliseconds: number): Promise<void> {
    this.#skipped += milliseconds;
    const now = this.now().getTime();
    for (const sleeper of this.#sleepers) {
      if (sleeper.due > now) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
    await setImmediate();
  }

  /** Skips to when the first of those who sleep long are due, and a little further for those who began right after them. */
  async skipToNextWaking(): Promise<void> {
    const dues = Array.from(this.#sleepers, ({ due }) => due);
    if (dues.length === 0) return;
    await this.skip(Math.max(0, Math.min(...dues) - this.now().getTime()) + SLACK_MILLISECONDS);
  }

  /** Goes back to the computer's time. Who sleeps sleeps on until the same moment as before. */
  reset(): void {
    this.#skipped = 0;
  }

  async #sleepUntil(due: number, signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const stop = (): void => {
        this.#sleepers.delete(sleeper);
        resolve();
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const sleeper: Sleeper = { due, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', stop, { once: true });
    });
  }
}
