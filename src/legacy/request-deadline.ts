import { CallerLeft, UpstreamTimeout } from '../errors/errors.js';
import type { Deadline } from '../runtime/deadline.js';

/** The deadline of a request that somebody waits for (Decided 14): no answer in time, or nobody there any more. */
export function requestDeadline(limits: Pick<Deadline, 'clock' | 'milliseconds' | 'signal'>): Deadline {
  return {
    ...limits,
    timeUp: () => new UpstreamTimeout('no answer was ready at the deadline'),
    givenUp: callerLeft,
  };
}

/** Nobody waits for the answer any more. */
export function callerLeft(): CallerLeft {
  return new CallerLeft('the caller left before an answer was ready');
}
