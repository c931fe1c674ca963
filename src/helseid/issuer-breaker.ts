import { TokenUnavailable } from '../errors/errors.js';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import { Pause } from './pause.js';

/**
 * What all who want tokens of one issuer know of it. While it cannot serve, nobody asks; after the pause one does, and the
 * others wait for what comes of that. Refusals are about who asked, and say that the issuer is well.
 */
export class IssuerBreaker {
  readonly #pause: Pause;
  #probe: Promise<void> | undefined;

  constructor(clock: Clock, random: Random) {
    this.#pause = new Pause(clock, random);
  }

  /** What is left of the pause, in milliseconds; 0 without one. */
  get pauseLeft(): number {
    return this.#pause.left;
  }

  /** @throws TokenUnavailable at once during a pause, or what the attempt throws */
  async run<Result>(attempt: () => Promise<Result>): Promise<Result> {
    this.#pause.check();
    while (this.#probe !== undefined) {
      await this.#probe;
      this.#pause.check();
    }
    const { failures } = this.#pause;
    const attempting = this.#judged(attempt, failures);
    if (failures > 0) {
      this.#probe = settled(attempting).finally(() => {
        this.#probe = undefined;
      });
    }
    return attempting;
  }

  async #judged<Result>(attempt: () => Promise<Result>, failures: number): Promise<Result> {
    try {
      const result = await attempt();
      this.#pause.succeeded();
      return result;
    } catch (error) {
      if (error instanceof TokenUnavailable) throw this.#pause.failed(error, failures);
      this.#pause.succeeded();
      throw error;
    }
  }
}

async function settled(promise: Promise<unknown>): Promise<void> {
  await promise.catch(() => undefined);
}
