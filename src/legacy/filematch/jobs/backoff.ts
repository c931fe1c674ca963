import type { Random } from '../../../runtime/random.js';

const FIRST_MILLISECONDS = 1_000;
const LONGEST_MILLISECONDS = 60_000;

/** Ever longer pauses between tries: from one second, doubled up to one minute, a random part of the last half left out. */
export class Backoff {
  readonly #random: Random;
  #next = FIRST_MILLISECONDS;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The next pause, in milliseconds. */
  next(): number {
    const longest = this.#next;
    this.#next = Math.min(LONGEST_MILLISECONDS, longest * 2);
    const [chance = 0] = this.#random.bytes(1);
    return Math.round(longest * (1 - chance / 512));
  }

  /** Begins with short pauses again. */
  reset(): void {
    this.#next = FIRST_MILLISECONDS;
  }
}
