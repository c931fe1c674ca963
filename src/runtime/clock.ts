/** The time, handed to every part that needs it, so that tests decide what time it is. */
export interface Clock {
  /** The present instant. */
  now(): Date;
  /** Resolves after `milliseconds`; rejects with the signal's reason as soon as `signal` aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** As {@link alarm}, for less than a sleep that is cut short costs; a clock may do without. */
  readonly alarm?: (milliseconds: number, ring: () => void) => StopAlarm;
}

/** Keeps an alarm from ringing; later it changes nothing. */
export type StopAlarm = () => void;

/** Calls `ring` after `milliseconds` by that clock, unless it is stopped before. For limits that are hardly ever reached. */
export function alarm(clock: Clock, milliseconds: number, ring: () => void): StopAlarm {
  if (clock.alarm !== undefined) return clock.alarm(milliseconds, ring);
  const stopped = new AbortController();
  clock.sleep(milliseconds, stopped.signal).then(ring, () => {
    // Stopped in time.
  });
  return () => {
    // Without a reason, each abort makes an error with a stack.
    stopped.abort('the alarm was stopped');
  };
}
