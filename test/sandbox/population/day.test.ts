import { expect } from 'chai';
import fc from 'fast-check';
import { civilDate, dayFrom, isoDay } from '../../../src/sandbox/population/generated/day.js';

describe('days of the generated population', () => {
  it('are written as the calendar writes them', () => {
    fc.assert(
      fc.property(fc.integer({ min: -60_000, max: 40_000 }), (day) => {
        expect(isoDay(day)).to.equal(new Date(day * 86_400_000).toISOString().slice(0, 10));
      }),
    );
  });

  it('are the same after a round trip through year, month and day', () => {
    fc.assert(
      fc.property(fc.integer({ min: -60_000, max: 40_000 }), (day) => {
        const { year, month, dayOfMonth } = civilDate(day);
        expect(dayFrom(year, month, dayOfMonth)).to.equal(day);
      }),
    );
  });
});
