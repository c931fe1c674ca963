import { expect } from 'chai';
import { cutoverCheck } from '../../src/operations/cutover-check.js';

const well = { heldBack: [], heldInVain: [], areRoutesKnown: true, dropped: 0 };

describe('the check of the cutover', () => {
  it('is well while nobody is held back and everybody is compared', () => {
    expect(cutoverCheck(() => well)()).to.deep.equal({ status: 'ok' });
  });

  it('warns of clients that the guard holds back, and of comparisons that were left out', () => {
    expect(cutoverCheck(() => ({ ...well, heldBack: ['epj', 'lab'], dropped: 7 }))()).to.deep.equal({
      status: 'warning',
      reason:
        'moved back to PREG until an operator acts: epj, lab; 7 people were not compared lately, since too many waited',
      causes: ['held-back epj', 'held-back lab', 'dropped'],
    });
  });

  it('says who is held back at a PREG that does not answer, and what helps', () => {
    const state = { ...well, heldBack: ['epj', 'lab'], heldInVain: ['lab'] };
    expect(cutoverCheck(() => state)()).to.deep.equal({
      status: 'warning',
      reason:
        'moved back to PREG, which does not answer them: lab (cutover clear or set ends that); ' +
        'moved back to PREG until an operator acts: epj, lab',
      causes: ['held-in-vain lab', 'held-back epj', 'held-back lab'],
    });
  });

  it('fails while nobody can be answered', () => {
    expect(cutoverCheck(() => ({ ...well, areRoutesKnown: false }))().status).to.equal('failed');
  });
});
