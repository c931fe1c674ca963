import type { Clock } from './clock.js';

/** The computer's own clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  // Every request sleeps toward deadlines that hardly ever come, and node:timers/promises would make an error with a stack of each.
  sleep: async (milliseconds, signal) => {
    signal?.throwIfAborted();
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      signal?.addEventListener('abort', wake, { once: true });
    });
    signal?.throwIfAborted();
  },
};
