import type { Clock } from './clock.js';

/**
 * How much time has passed, by a clock that may be set back: that takes nothing away, and adds nothing. Time before it was set back
 * counts as far as somebody had looked.
 */
export class ElapsedTime {
  #seenAt: number;
  #milliseconds = 0;

  constructor(private readonly clock: Clock) {
    this.#seenAt = clock.now().getTime();
  }

  /** Since it was made; never less than before. */
  get milliseconds(): number {
    const now = this.clock.now().getTime();
    this.#milliseconds += Math.max(0, now - this.#seenAt);
    this.#seenAt = now;
    return this.#milliseconds;
  }
}
