import { expect } from 'chai';
import fc from 'fast-check';
import { TIME_COLUMNS, timeAt, timeColumn } from '../../../src/operations/dashboard/response-times.js';
import { runs } from '../../support/long-runs.js';

function counted(times: readonly number[]): Uint32Array {
  const counts = new Uint32Array(TIME_COLUMNS);
  for (const time of times) counts[timeColumn(time)] = (counts[timeColumn(time)] ?? 0) + 1;
  return counts;
}

describe('response times', () => {
  it('are unknown where there are none', () => {
    expect(timeAt(counted([]), 0.95)).to.equal(undefined);
  });

  it('are told within the bounds that they are counted by', () => {
    const times = [...Array.from({ length: 94 }, () => 40), ...Array.from({ length: 6 }, () => 900)];
    expect(timeAt(counted(times), 0.5)).to.be.within(30, 50);
    expect(timeAt(counted(times), 0.95)).to.be.within(700, 1_000);
  });

  it('have a longest one, and take what is no time', () => {
    expect(timeAt(counted([10_000_000]), 0.95)).to.equal(60_000);
    expect(timeColumn(0)).to.equal(0);
    expect(timeColumn(-5)).to.equal(0);
    expect(timeColumn(Number.NaN)).to.be.lessThan(TIME_COLUMNS);
  });

  it('are off by no more than their bounds are apart', () => {
    const times = fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(times, fc.constantFrom(0.5, 0.95), (all, share) => {
        const sorted = [...all].sort((a, b) => a - b);
        const exact = sorted[Math.ceil(share * all.length) - 1] ?? 0;
        const told = timeAt(counted(all), share) ?? 0;
        expect(told).to.be.within(exact / 2.01, exact * 2.01);
      }),
      { numRuns: runs(200) },
    );
  });
});
