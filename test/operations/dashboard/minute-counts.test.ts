import { expect } from 'chai';
import fc from 'fast-check';
import { MinuteCounts, minuteOf } from '../../../src/operations/dashboard/minute-counts.js';
import { runs } from '../../support/long-runs.js';

describe('counts by the minute', () => {
  it('add up within their span, and forget what is older', () => {
    const counts = new MinuteCounts(3, 2);
    counts.add(100, 0);
    counts.add(100, 1, 5);
    counts.add(101, 0);
    expect([...counts.sum(101, 3)]).to.deep.equal([2, 5]);
    counts.add(103, 0);
    expect([...counts.sum(103, 3)]).to.deep.equal([2, 0]);
    expect([100, 101, 102, 103].map((minute) => counts.at(minute, 0))).to.deep.equal([0, 1, 0, 1]);
  });

  it('know nothing of minutes in which nothing happened', () => {
    const counts = new MinuteCounts(60, 1);
    counts.add(500, 0);
    expect([...counts.sum(559, 60)]).to.deep.equal([1]);
    expect([...counts.sum(560, 60)]).to.deep.equal([0]);
  });

  it('begin anew where the clock was set back', () => {
    const counts = new MinuteCounts(10, 1);
    counts.add(1_000, 0, 7);
    counts.add(990, 0);
    expect([...counts.sum(990, 10)]).to.deep.equal([1]);
    expect([...counts.sum(1_000, 10)]).to.deep.equal([0]);
  });

  it('count as a list of all would, whatever comes', () => {
    const happened = fc.array(fc.tuple(fc.nat(20), fc.nat(2)), { maxLength: 60 });
    fc.assert(
      fc.property(happened, fc.integer({ min: 1, max: 12 }), (steps, minutes) => {
        const counts = new MinuteCounts(12, 3);
        let minute = 1_000;
        const all = steps.map(([step, column]) => {
          minute += step;
          counts.add(minute, column);
          return { minute, column };
        });
        const expected = [0, 1, 2].map(
          (column) => all.filter((one) => one.column === column && one.minute > minute - minutes).length,
        );
        expect([...counts.sum(minute, minutes)]).to.deep.equal(expected);
      }),
      { numRuns: runs(200) },
    );
  });

  it('go by whole minutes', () => {
    expect(minuteOf(new Date(60_000))).to.equal(1);
    expect(minuteOf(new Date(119_999))).to.equal(1);
  });
});
