import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from './clock.js';

/** The computer's own clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds, signal) => {
    await wait(milliseconds, undefined, signal === undefined ? {} : { signal });
  },
};
