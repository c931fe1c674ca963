import type { Clock } from '../runtime/clock.js';
import type { FrontDoor } from './http.js';

/** For so long after the last answer somebody is taken to be about to ask again, in milliseconds. */
const LINGERING = 1_000;

/** Tells whether people sit and wait for answers, so that work which nobody waits for keeps out of their way. */
export class PeopleWaiting {
  #requests = 0;
  #leftAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly clock: Clock) {}

  /** Whether a request is being answered, or one was a moment ago. */
  get somebody(): boolean {
    const since = this.clock.now().getTime() - this.#leftAt;
    // A clock that was set back tells nothing about when they left.
    return this.#requests > 0 || (since >= 0 && since < LINGERING);
  }

  /** The same door, seen by this. */
  at(door: FrontDoor): FrontDoor {
    return {
      ...door,
      answer: (request) => this.during(() => door.answer(request)),
    };
  }

  /** Whatever somebody waits for, seen by this. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#requests += 1;
    try {
      return await work();
    } finally {
      this.#requests -= 1;
      this.#leftAt = this.clock.now().getTime();
    }
  }
}
