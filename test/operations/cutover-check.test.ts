import { expect } from 'chai';
import { cutoverCheck } from '../../src/operations/cutover-check.js';

describe('the check of the cutover', () => {
  it('is well while nobody is held back and everybody is compared', () => {
    expect(cutoverCheck(() => ({ heldBack: [], dropped: 0 }))()).to.deep.equal({ status: 'ok' });
  });

  it('warns of clients that the guard holds back, and of comparisons that were left out', () => {
    expect(cutoverCheck(() => ({ heldBack: ['epj', 'lab'], dropped: 7 }))()).to.deep.equal({
      status: 'warning',
      reason:
        'moved back to PREG until an operator acts: epj, lab; 7 people were not compared lately, since too many waited',
    });
  });
});
