import type { Clock } from '../../../runtime/clock.js';

/** So much of a second's worth may go at once. */
const BURST_SECONDS = 0.1;

/** So many calls per second and no more: a token bucket that holds a tenth of a second's worth. */
export class RateBudget {
  readonly #most: number;
  #held: number;
  #filledAt: number;

  constructor(
    private readonly perSecond: number,
    private readonly clock: Clock,
  ) {
    this.#most = Math.max(1, perSecond * BURST_SECONDS);
    this.#held = this.#most;
    this.#filledAt = clock.now().getTime();
  }

  /** For how long no call may go, in milliseconds; 0 when one may. */
  get wait(): number {
    this.#fill();
    return this.#held >= 1 ? 0 : Math.ceil(((1 - this.#held) / this.perSecond) * 1_000);
  }

  /** Takes what one call costs. To be asked only while {@link wait} is 0. */
  spend(): void {
    this.#held -= 1;
  }

  #fill(): void {
    const now = this.clock.now().getTime();
    // A clock that was set back takes nothing away.
    const seconds = Math.max(0, now - this.#filledAt) / 1_000;
    this.#held = Math.min(this.#most, this.#held + seconds * this.perSecond);
    this.#filledAt = now;
  }
}
