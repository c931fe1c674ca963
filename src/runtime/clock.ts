/** The time, handed to every part that needs it, so that tests decide what time it is. */
export interface Clock {
  /** The present instant. */
  now(): Date;
  /** Resolves after `milliseconds`; rejects with the signal's reason as soon as `signal` aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
