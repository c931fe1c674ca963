import { expect } from 'chai';
import fc from 'fast-check';
import { RateBudget } from '../../../src/registry/persontjenesten/calls/rate-budget.js';
import { Span } from '../../../src/runtime/span.js';
import { runs } from '../../support/long-runs.js';
import { ManualClock } from '../../support/manual-clock.js';

describe('a rate budget', () => {
  it('tells after how long the next call may go', () => {
    const clock = new ManualClock();
    const budget = new RateBudget(5, clock);
    expect(budget.wait).to.equal(0);
    budget.spend();
    expect(budget.wait).to.equal(200);
    clock.advance(199);
    expect(budget.wait).to.equal(1);
    clock.advance(1);
    expect(budget.wait).to.equal(0);
  });

  it('saves no more than a tenth of a second', () => {
    const clock = new ManualClock();
    const budget = new RateBudget(100, clock);
    clock.advance(3_600_000);
    let gone = 0;
    for (; budget.wait === 0; gone += 1) budget.spend();
    expect(gone).to.equal(10);
  });

  it('goes on when the clock is set back', () => {
    const clock = new ManualClock();
    const budget = new RateBudget(5, clock);
    budget.spend();
    clock.advance(-3_600_000);
    expect(budget.wait).to.equal(200);
    clock.advance(200);
    expect(budget.wait).to.equal(0);
  });

  it('is kept in every second, and used up by those who ask for all of it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 40 }),
        (perSecond, pauses) => {
          const clock = new ManualClock();
          const budget = new RateBudget(perSecond, clock);
          const gone: number[] = [];
          const began = clock.now().getTime();
          for (const pause of pauses) {
            clock.advance(pause);
            while (budget.wait === 0) {
              budget.spend();
              gone.push(clock.now().getTime());
            }
            clock.advance(budget.wait);
            expect(budget.wait, 'what was told comes true').to.equal(0);
          }
          for (const at of gone) {
            const within = gone.filter((other) => other >= at && other < at + 1_000).length;
            expect(within).to.be.at.most(Math.ceil(perSecond * 1.1) + 1);
          }
          const seconds = (clock.now().getTime() - began) / 1_000;
          expect(gone.length).to.be.at.most(seconds * perSecond + Math.max(1, perSecond / 10) + 1e-6);
        },
      ),
      { numRuns: runs(100) },
    );
  });
});

describe('a span of time', () => {
  it('ends when it is over', () => {
    const clock = new ManualClock();
    const span = new Span(clock, 1_000);
    clock.advance(999);
    expect(span.left).to.equal(1);
    clock.advance(1);
    expect(span.left).to.equal(0);
    clock.advance(1);
    expect(span.left).to.equal(0);
  });

  it('is not prolonged by more than itself when the clock is set back', () => {
    const clock = new ManualClock();
    const span = new Span(clock, 1_000);
    clock.advance(-3_600_000);
    expect(span.left).to.equal(1_000);
    clock.advance(1_000);
    expect(span.left).to.equal(0);
  });
});
