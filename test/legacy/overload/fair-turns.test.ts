import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { FairTurns } from '../../../src/legacy/overload/fair-turns.js';
import { StandingClock } from '../../support/standing-clock.js';

describe('fair turns', () => {
  let clock: StandingClock;
  let turns: FairTurns;
  let passed: string[];

  beforeEach(() => {
    clock = new StandingClock('2026-03-01T12:00:00Z');
    turns = new FairTurns(clock, 4);
    passed = [];
  });

  function come(group: string, count: number): void {
    for (let index = 0; index < count; index += 1) {
      void turns.pass(group).then(() => passed.push(group));
    }
  }

  it('let a few pass at once, and a few more in each turn of the event loop', async () => {
    come('a', 10);
    await Promise.resolve();
    expect(passed).to.have.length(4);
    await turn();
    expect(passed).to.have.length(8);
    await turn();
    expect(passed).to.have.length(10);
  });

  it('take one of each group after another, however many one of them sends', async () => {
    come('storm', 12);
    come('quiet', 2);
    await turn();
    expect(passed.slice(4)).to.deep.equal(['storm', 'quiet', 'storm', 'quiet']);
    await turn();
    await turn();
    await turn();
    expect(passed).to.have.length(14);
  });

  it('measure how long one more would wait', async () => {
    expect(turns.expectedWait).to.equal(0);
    come('a', 4 + 40);
    expect(turns.expectedWait).to.equal(40);
    for (let count = 0; count < 8; count += 1) {
      await turn();
      clock.move(12);
    }
    // 3 ms for each who passes, where 1 was the guess.
    expect(turns.expectedWait / (44 - passed.length)).to.be.within(1.5, 3);
  });

  it('let fewer pass where each takes long, so that nobody is kept from a refusal', async () => {
    come('a', 4 + 400);
    for (let count = 0; count < 60; count += 1) {
      await turn();
      clock.move(80);
    }
    const before = passed.length;
    await turn();
    expect(passed.length - before).to.equal(1);
  });

  it('learn nothing from a clock that is put back, or from a machine that slept', async () => {
    come('a', 4 + 40);
    await turn();
    clock.move(-3_600_000);
    await turn();
    expect(turns.expectedWait).to.be.within(20, 32);
    clock.move(3_600_000);
    await turn();
    expect(turns.expectedWait / (44 - passed.length)).to.be.below(7);
  });

  it('tell for how long somebody has been waiting at all times', async () => {
    come('a', 12);
    clock.move(300);
    expect(turns.crowdedFor).to.equal(300);
    await turn();
    expect(turns.crowdedFor).to.equal(300);
    await turn();
    expect(turns.crowdedFor).to.equal(0);
  });
});
