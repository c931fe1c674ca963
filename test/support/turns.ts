import { setImmediate } from 'node:timers/promises';

/** Turns of the event loop that pass when a test says so. */
export class Turns {
  #waiting: (() => void)[] = [];

  /** How many wait for the turn to pass. */
  get waiting(): number {
    return this.#waiting.length;
  }

  readonly turn = (): Promise<void> =>
    new Promise((resolve) => {
      this.#waiting.push(resolve);
    });

  /** Lets turns pass, and whoever waited run on. */
  async pass(count = 1): Promise<void> {
    for (let passed = 0; passed < count; passed += 1) {
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const resume of waiting) resume();
      await setImmediate();
    }
  }
}
