import type { Clock } from './clock.js';

/** The computer's own clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  // node:timers/promises would make an error with a stack of each sleep that is cut short.
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
  // Every request and each of its calls has a limit that hardly ever comes.
  alarm: (milliseconds, ring) => {
    const timer = setTimeout(ring, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};
