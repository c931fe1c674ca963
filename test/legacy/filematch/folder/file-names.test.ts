import { expect } from 'chai';
import fc from 'fast-check';
import {
  claimName,
  idOfReceipt,
  isClaimOf,
  isDeliveredOf,
  nameProblem,
  parseClaim,
  receiptName,
  refusedName,
  splitName,
  type Claim,
} from '../../../../src/legacy/filematch/folder/file-names.js';
import { newUlid } from '../../../../src/legacy/filematch/jobs/ulid.js';
import { CountedRandom } from '../../../support/counted-random.js';
import { runs } from '../../../support/long-runs.js';
import { ManualClock } from '../../../support/manual-clock.js';

const random = new CountedRandom();

const ids = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => newUlid(new ManualClock(date.toISOString()), random));
const deliveredNames = fc
  .stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,80}\.(?:csv|txt)$/)
  .filter((name) => nameProblem(name, ['csv', 'txt']) === undefined);
const claims: fc.Arbitrary<Claim> = fc.record({
  id: ids,
  installation: fc.stringMatching(/^[a-z0-9]{1,16}$/),
  name: deliveredNames,
  forced: fc.boolean(),
});

describe('names in a drop folder', () => {
  it('tell of a claim what was put into them', () => {
    fc.assert(
      fc.property(claims, (claim) => {
        expect(parseClaim(claimName(claim))).to.deep.equal(claim);
        expect(isClaimOf(claim.id, claimName(claim))).to.equal(true);
        expect(claimName(claim).length).to.be.below(255);
      }),
      { numRuns: runs(200) },
    );
  });

  it('are no claims when they were delivered', () => {
    fc.assert(
      fc.property(deliveredNames, (name) => {
        expect(parseClaim(name)).to.equal(undefined);
      }),
      { numRuns: runs(200) },
    );
  });

  it('tell of a receipt whose it is, and belong to that job alone', () => {
    fc.assert(
      fc.property(deliveredNames, ids, ids, (name, id, other) => {
        fc.pre(id !== other);
        expect(idOfReceipt(receiptName(name, id))).to.equal(id);
        for (const entry of [receiptName(name, id), refusedName(name, id)]) {
          expect(isDeliveredOf(id, entry)).to.equal(true);
          expect(isDeliveredOf(other, entry)).to.equal(false);
          expect(nameProblem(entry, [])).to.be.oneOf(['length', 'extension']);
        }
      }),
      { numRuns: runs(200) },
    );
  });

  it('are no claims where the id can be no job’s', () => {
    const claim = { id: '8ZZZZZZZZZZZZZZZZZZZZZZZZZ', installation: '0', name: 'a.csv', forced: false };
    expect(parseClaim(claimName(claim))).to.equal(undefined);
    expect(idOfReceipt(receiptName('a.csv', claim.id))).to.equal(undefined);
  });

  const names: Readonly<Record<string, readonly [stem: string, extension: string]>> = {
    'a.csv': ['a', 'csv'],
    'a.b.csv': ['a.b', 'csv'],
    a: ['a', ''],
    'a.': ['a', ''],
    '.csv': ['.csv', ''],
  };
  for (const [name, [stem, extension]] of Object.entries(names)) {
    it(`end before the last dot: ${name}`, () => {
      expect(splitName(name)).to.deep.equal({ stem, extension });
    });
  }

  it('may hold what a layout says, and long runs of digits that are no number', () => {
    expect(nameProblem('PFM_999888777_20260301_0001.dat', ['dat'])).to.equal(undefined);
    expect(nameProblem('2026030112.csv', ['csv'])).to.equal(undefined);
    expect(nameProblem('20260301123.csv', ['csv'])).to.equal('number');
  });

  it('may not end with a dot, which some systems drop', () => {
    expect(nameProblem('a.', [''])).to.equal('characters');
    expect(nameProblem('a', [''])).to.equal(undefined);
  });
});
