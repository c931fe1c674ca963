import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { CallerLeft, UpstreamTimeout, UpstreamUnavailable } from '../../../src/errors/errors.js';
import { AttemptTimeout, CallTimeout } from '../../../src/registry/persontjenesten/calls/attempt-timeout.js';
import { StandingClock } from '../../support/standing-clock.js';
import { lookup } from '../transport-bench.js';
import { answer, OtherSide, outcomeOf, settle, type Outcome } from './calls-bench.js';

describe('an attempt', () => {
  let clock: StandingClock;
  let side: OtherSide;
  let deadline: AbortController;
  let timeout: AttemptTimeout;

  beforeEach(() => {
    clock = new StandingClock('2026-03-01T12:00:00Z');
    side = new OtherSide();
    deadline = new AbortController();
    timeout = new AttemptTimeout(10_000, clock);
  });

  function begin(): Outcome {
    return outcomeOf(timeout.send(lookup({ signal: deadline.signal }), side.send));
  }

  it('that is answered in time leaves neither timer nor listener', async () => {
    const outcome = begin();
    await clock.advance(9_999);
    side.reached[0]?.answer(answer());
    await settle();
    expect(outcome.state).to.equal('answered');
    expect(clock.sleeping).to.equal(0);
    expect(getEventListeners(deadline.signal, 'abort')).to.have.length(0);
  });

  it('that fails does so as it failed, and leaves neither timer nor listener', async () => {
    const outcome = begin();
    const error = new UpstreamUnavailable('cut');
    side.reached[0]?.fail(error);
    await settle();
    expect(outcome.error).to.equal(error);
    expect([clock.sleeping, getEventListeners(deadline.signal, 'abort').length]).to.deep.equal([0, 0]);
  });

  it('that takes too long is given up as CallTimeout, which is an UpstreamTimeout', async () => {
    const outcome = begin();
    await clock.advance(9_999);
    expect(outcome.state).to.equal('waits');
    await clock.advance(1);
    await settle();
    expect(outcome.error).to.be.instanceOf(CallTimeout).and.instanceOf(UpstreamTimeout);
    expect(side.reached[0]?.request.signal.aborted).to.equal(true);
    expect(deadline.signal.aborted, 'the deadline of the request is another matter').to.equal(false);
  });

  it('that meets the deadline before half of its time tells nothing of Persontjenesten', async () => {
    const outcome = begin();
    await clock.advance(4_999);
    const reason = new UpstreamTimeout('time is up');
    deadline.abort(reason);
    await settle();
    expect(outcome.error).to.equal(reason);
  });

  it('that meets the deadline after half of its time was not answered', async () => {
    const outcome = begin();
    await clock.advance(5_000);
    deadline.abort(new UpstreamTimeout('time is up'));
    await settle();
    expect(outcome.error).to.be.instanceOf(CallTimeout);
  });

  it('that meets a deadline without a reason of ours is no different', async () => {
    const outcome = begin();
    await clock.advance(5_000);
    deadline.abort();
    await settle();
    expect(outcome.error).to.be.instanceOf(CallTimeout);
  });

  it('whose caller leaves tells nothing of Persontjenesten, however late', async () => {
    const outcome = begin();
    await clock.advance(9_000);
    const reason = new CallerLeft('left');
    deadline.abort(reason);
    await settle();
    expect(outcome.error).to.equal(reason);
  });

  it('for somebody who is gone already is not made', async () => {
    const reason = new CallerLeft('left');
    deadline.abort(reason);
    const outcome = begin();
    await settle();
    expect(outcome.error).to.equal(reason);
    expect([side.reached.length, clock.sleeping]).to.deep.equal([0, 0]);
  });
});
