import { expect } from 'chai';
import { CallerLeft, UpstreamTimeout, UpstreamUnavailable } from '../../src/errors/errors.js';
import { withDeadline } from '../../src/runtime/deadline.js';
import { rejectionOf } from '../support/rejection.js';
import { StandingClock } from '../support/standing-clock.js';

describe('a deadline', () => {
  function deadlineOf(clock: StandingClock): Parameters<typeof withDeadline>[0] {
    return {
      clock,
      milliseconds: 1_000,
      signal: new AbortController().signal,
      timeUp: () => new UpstreamTimeout('time is up'),
      givenUp: () => new CallerLeft('nobody waits'),
    };
  }

  it('aborts what still runs when a part of the work has failed', async () => {
    const clock = new StandingClock('2026-03-01T12:00:00Z');
    let stalled: AbortSignal | undefined;
    const outcome = withDeadline(deadlineOf(clock), (signal) => {
      stalled = signal;
      return Promise.all([
        Promise.reject(new UpstreamUnavailable('status 503')),
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(new CallerLeft('nobody waits'));
          });
        }),
      ]);
    });
    expect(await rejectionOf(outcome)).to.be.instanceOf(UpstreamUnavailable);
    expect(stalled?.aborted).to.equal(true);
    expect(stalled?.reason).to.be.instanceOf(CallerLeft);
    expect(clock.sleeping).to.equal(0);
  });
});
