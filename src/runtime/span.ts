import type { Clock } from './clock.js';

/** A stretch of time that begins now. When the clock is set back it begins anew, and never lasts longer than that. */
export class Span {
  #begun: number;

  constructor(
    private readonly clock: Clock,
    readonly milliseconds: number,
  ) {
    this.#begun = clock.now().getTime();
  }

  /** What is left of it, in milliseconds; 0 when it is over. */
  get left(): number {
    const now = this.clock.now().getTime();
    if (now < this.#begun) this.#begun = now;
    return Math.max(0, this.#begun + this.milliseconds - now);
  }
}
