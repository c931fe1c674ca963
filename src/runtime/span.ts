import type { Clock } from './clock.js';

/**
 * A stretch of time that begins now. When the clock is set back it begins anew, and never lasts longer than that; once it was
 * seen to be over it stays so.
 */
export class Span {
  #begun: number;
  #isOver = false;

  constructor(
    private readonly clock: Clock,
    readonly milliseconds: number,
  ) {
    this.#begun = clock.now().getTime();
  }

  /** What is left of it, in milliseconds; 0 when it is over. */
  get left(): number {
    if (this.#isOver) return 0;
    const now = this.clock.now().getTime();
    if (now < this.#begun) this.#begun = now;
    const left = Math.max(0, this.#begun + this.milliseconds - now);
    this.#isOver = left === 0;
    return left;
  }
}
