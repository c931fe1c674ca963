import { getEventListeners } from 'node:events';
import { mock } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import { expect } from 'chai';
import { alarm, type Clock } from '../../src/runtime/clock.js';
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

  const clocks = [
    ['of its own', systemClock],
    [
      'made of a sleep',
      {
        now: () => systemClock.now(),
        sleep: (...how: Parameters<Clock['sleep']>) => systemClock.sleep(...how),
      },
    ],
  ] as const;
  for (const [kind, clock] of clocks) {
    it(`rings an alarm ${kind} in time, once`, async () => {
      let rings = 0;
      const stop = alarm(clock, 1_000, () => {
        rings += 1;
      });
      mock.timers.tick(999);
      await settled();
      expect(rings).to.equal(0);
      mock.timers.tick(1);
      await settled();
      stop();
      mock.timers.tick(10_000);
      await settled();
      expect(rings).to.equal(1);
    });

    it(`rings no alarm ${kind} that was stopped`, async () => {
      let rings = 0;
      const stop = alarm(clock, 1_000, () => {
        rings += 1;
      });
      stop();
      mock.timers.tick(10_000);
      await settled();
      expect(rings).to.equal(0);
    });
  }
});
