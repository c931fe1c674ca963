import { setImmediate as turnOfEvents } from 'node:timers/promises';
import type { ApiRequest, ApiResponse } from '../../../src/registry/persontjenesten/transport.js';
import type { StandingClock } from '../../support/standing-clock.js';

/** An answer of Persontjenesten. */
export function answer(status = 200, headers: Readonly<Record<string, string>> = {}): ApiResponse {
  return { status, headers, body: '{}' };
}

/** One call that reached the other side, and that a test answers. */
export interface Reached {
  readonly request: ApiRequest;
  answer(response?: ApiResponse): void;
  fail(error: Error): void;
}

/** The other side: holds every call until the test answers it, or the call is given up. */
export class OtherSide {
  readonly reached: Reached[] = [];

  readonly send = (request: ApiRequest): Promise<ApiResponse> =>
    new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        reject(error);
      };
      request.signal.addEventListener('abort', () => {
        fail(request.signal.reason instanceof Error ? request.signal.reason : new Error('aborted'));
      });
      this.reached.push({
        request,
        answer: (response = answer()) => {
          resolve(response);
        },
        fail,
      });
    });
}

/** What became of a promise so far. */
export interface Outcome {
  state: 'waits' | 'answered' | 'failed';
  error: unknown;
}

/** Watches a promise, which may fail without anybody else caring. */
export function outcomeOf(promise: Promise<unknown>): Outcome {
  const outcome: Outcome = { state: 'waits', error: undefined };
  promise.then(
    () => {
      outcome.state = 'answered';
    },
    (error: unknown) => {
      outcome.state = 'failed';
      outcome.error = error;
    },
  );
  return outcome;
}

/** Lets everything that can happen now happen; with a clock, what is due on it too. */
export async function settle(clock?: StandingClock): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    await turnOfEvents();
    await clock?.advance(0);
  }
}
