import { expect } from 'chai';
import fc from 'fast-check';
import { mostThatFit } from '../../../src/legacy/hl7v3/most-that-fit.js';

describe('the most that fit', () => {
  it('is everything that is no more than there is room for', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), (total, room) => {
        expect(mostThatFit(total, (count) => count <= room)).to.equal(Math.min(total, room));
      }),
    );
  });

  it('is found without trying each', () => {
    const tried: number[] = [];
    mostThatFit(100, (count) => {
      tried.push(count);
      return count <= 37;
    });
    expect(tried.length).to.be.lessThan(10);
  });
});
