import { expect } from 'chai';
import { isRejected, START, Tally } from '../../../../src/legacy/filematch/jobs/checkpoint.js';
import { matchStatuses } from '../../../../src/legacy/filematch/matching/matcher.js';
import type { Totals } from '../../../../src/legacy/filematch/record.js';

const unchanged = '000000000000';
const intact = { cut: false, replaced: false };

describe('the totals of a Filematch job', () => {
  const totals: Readonly<Record<(typeof matchStatuses)[number], keyof Totals>> = {
    '10': 'matched',
    '11': 'matched',
    '12': 'matched',
    '20': 'matched',
    '21': 'matched',
    '30': 'ambiguous',
    '40': 'noMatch',
    '41': 'noMatch',
    '50': 'rejected',
    '51': 'rejected',
    '52': 'rejected',
    '53': 'rejected',
    '60': 'ambiguous',
    '90': 'technical',
  };
  for (const status of matchStatuses) {
    it(`count status ${status} as ${totals[status]}`, () => {
      const tally = new Tally(START);
      tally.add({ status, changeMask: unchanged }, intact);
      expect(tally.totals).to.deep.equal({ ...START.totals, recordCount: 1, [totals[status]]: 1 });
      expect(isRejected({ status })).to.equal(totals[status] === 'rejected');
    });
  }

  it('count what differs and what was filled as changed, what is withheld not', () => {
    const tally = new Tally(START);
    for (const changeMask of ['010000000000', '000200000000', '000000333000', unchanged]) {
      tally.add({ status: '11', changeMask }, intact);
    }
    expect(tally.totals).to.include({ matched: 4, changed: 2 });
  });

  it('go on from a checkpoint, and count rows that are left out, but not as written', () => {
    const tally = new Tally({ ...START, rows: 7, cut: 1, totals: { ...START.totals, matched: 6 } });
    tally.add({ status: '10', changeMask: unchanged }, null);
    tally.add({ status: '10', changeMask: unchanged }, { cut: true, replaced: true });
    const extent = { pieces: 2, length: 99 };
    expect(tally.checkpoint(extent, START.rejects, true)).to.deep.equal({
      rows: 9,
      result: extent,
      rejects: START.rejects,
      totals: { ...START.totals, recordCount: 1, matched: 8 },
      cut: 2,
      replaced: 1,
      complete: true,
    });
  });
});
