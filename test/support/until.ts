import { setImmediate } from 'node:timers/promises';

/** Lets everything else run until the condition holds. @throws Error when it does not after many rounds. */
export async function until(condition: () => boolean, rounds = 10_000): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    if (condition()) return;
    await setImmediate();
  }
  throw new Error('the condition never held');
}
