import { expect } from 'chai';
import { ElapsedTime } from '../../src/runtime/elapsed-time.js';
import { ManualClock } from '../support/manual-clock.js';

describe('elapsed time', () => {
  it('is what has passed since it began', () => {
    const clock = new ManualClock();
    const time = new ElapsedTime(clock);
    expect(time.milliseconds).to.equal(0);
    clock.advance(1_500);
    expect(time.milliseconds).to.equal(1_500);
  });

  it('goes on from where it was when the clock is set back', () => {
    const clock = new ManualClock();
    const time = new ElapsedTime(clock);
    clock.advance(1_000);
    expect(time.milliseconds).to.equal(1_000);
    clock.advance(-3_600_000);
    expect(time.milliseconds).to.equal(1_000);
    clock.advance(500);
    expect(time.milliseconds).to.equal(1_500);
  });
});
