import { getEventListeners } from 'node:events';
import { mock } from 'node:test';
import { expect } from 'chai';
import { systemClock } from '../../src/runtime/system-clock.js';
import { rejectionOf } from '../support/rejection.js';

describe("the computer's clock", () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
  });

  afterEach(() => {
    mock.timers.reset();
  });

  it('sleeps as long as it is told, and leaves nothing at the signal', async () => {
    const { signal } = new AbortController();
    let isAwake = false;
    const sleep = systemClock.sleep(1_000, signal).then(() => {
      isAwake = true;
    });
    mock.timers.tick(999);
    await Promise.resolve();
    expect(isAwake).to.equal(false);
    mock.timers.tick(1);
    await sleep;
    expect(getEventListeners(signal, 'abort')).to.have.length(0);
  });

  it('is woken by the signal with its reason, and leaves nothing at it', async () => {
    const waking = new AbortController();
    const sleep = rejectionOf(systemClock.sleep(1_000, waking.signal));
    const reason = new Error('enough');
    waking.abort(reason);
    expect(await sleep).to.equal(reason);
    expect(getEventListeners(waking.signal, 'abort')).to.have.length(0);
  });

  it('does not fall asleep when it is woken already', async () => {
    const reason = new Error('enough');
    expect(await rejectionOf(systemClock.sleep(1_000, AbortSignal.abort(reason)))).to.equal(reason);
  });
});
