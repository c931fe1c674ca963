import { alarm, type Clock } from './clock.js';

/** How long a piece of work may take, and what it fails with when it takes longer or is given up from outside. */
export interface Deadline {
  readonly clock: Clock;
  readonly milliseconds: number;
  /** Gives the work up before its time. */
  readonly signal: AbortSignal;
  /** What is thrown when time is up. */
  timeUp(): Error;
  /** What is thrown when `signal` aborts. */
  givenUp(): Error;
}

/**
 * Runs `work` under a deadline. Its signal aborts when time is up or the outer signal aborts, and the error for that
 * is thrown at once, also when the work takes no notice of the signal. It aborts, too, once the work has failed.
 */
export async function withDeadline<T>(
  deadline: Deadline,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ended = new AbortController();
  let stopWatching = (): void => undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    const stop = (error: Error): void => {
      // In this order: the work may fail with an error of its own making as soon as it sees the abort.
      reject(error);
      ended.abort(error);
    };
    const giveUp = (): void => {
      stop(deadline.givenUp());
    };
    if (deadline.signal.aborted) giveUp();
    deadline.signal.addEventListener('abort', giveUp, { once: true });
    const stopAlarm = alarm(deadline.clock, deadline.milliseconds, () => {
      stop(deadline.timeUp());
    });
    stopWatching = () => {
      deadline.signal.removeEventListener('abort', giveUp);
      stopAlarm();
    };
  });
  try {
    return await Promise.race([stopped, work(ended.signal)]);
  } catch (error) {
    // What still runs, such as the second of two calls of which the first has failed, runs for nobody.
    ended.abort(deadline.givenUp());
    throw error;
  } finally {
    stopWatching();
  }
}
