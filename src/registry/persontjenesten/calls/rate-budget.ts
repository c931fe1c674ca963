import type { Clock } from '../../../runtime/clock.js';

/** So much of a second's worth may go at once. */
const BURST_SECONDS = 0.1;

/** This part of it is not for calls that nobody waits for. */
const SPARED = 0.5;

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
    return this.#waitFor(1);
  }

  /** The same for a call that leaves half of it to others. */
  get waitToSpare(): number {
    return this.#waitFor(Math.min(this.#most, 1 + this.#most * SPARED));
  }

  /** Takes what one call costs. To be asked only while {@link wait} is 0. */
  spend(): void {
    this.#held -= 1;
  }

  #waitFor(held: number): number {
    this.#fill();
    return this.#held >= held ? 0 : Math.ceil(((held - this.#held) / this.perSecond) * 1_000);
  }

  #fill(): void {
    const now = this.clock.now().getTime();
    // A clock that was set back takes nothing away.
    const seconds = Math.max(0, now - this.#filledAt) / 1_000;
    this.#held = Math.min(this.#most, this.#held + seconds * this.perSecond);
    this.#filledAt = now;
  }
}
