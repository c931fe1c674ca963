import type { Clock } from '../../../runtime/clock.js';

/** How many rows all jobs together may look up in a second (`filematch.rowsPerSecond`). */
export class RowBudget {
  readonly #clock: Clock;
  readonly #rowsPerSecond: number | undefined;
  /** From when on there is room again, in milliseconds. */
  #free = 0;
  #seen = 0;

  constructor(clock: Clock, rowsPerSecond: number | undefined) {
    this.#clock = clock;
    this.#rowsPerSecond = rowsPerSecond;
  }

  /** Waits until so many rows more are within the budget. @throws the signal's reason */
  async take(rows: number, signal: AbortSignal): Promise<void> {
    if (this.#rowsPerSecond === undefined || rows === 0) return;
    const now = this.#clock.now().getTime();
    // When the clock is set back, so is what was promised by it.
    if (now < this.#seen) this.#free -= this.#seen - now;
    this.#seen = now;
    const start = Math.max(now, this.#free);
    this.#free = start + (rows * 1_000) / this.#rowsPerSecond;
    if (start > now) await this.#clock.sleep(start - now, signal);
  }
}
