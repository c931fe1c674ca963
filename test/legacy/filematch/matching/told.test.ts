import { expect } from 'chai';
import type { MatchStatus, RowOutcome } from '../../../../src/legacy/filematch/matching/matcher.js';
import { matchStatuses } from '../../../../src/legacy/filematch/matching/matcher.js';
import { tellIn } from '../../../../src/legacy/filematch/matching/told.js';
import type { OutputRow } from '../../../../src/legacy/filematch/record.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

function outcome(status: MatchStatus, changeMask = '000000000000', told: OutputRow = {}): RowOutcome {
  return {
    status,
    changeMask,
    errorCode: null,
    told: { ownRef: 'A', matchStatus: status, changeMask, ...told },
    subject: null,
    auditOutcome: 'found',
  };
}

describe('what is written of an outcome', () => {
  const whole: OutputRow = {
    ownRef: 'A',
    ninIn: syntheticNumber(),
    matchStatus: '11',
    matchMethod: 'I',
    candidates: '1',
    changeMask: '010000000000',
    errorCode: 'E901',
    nin: syntheticNumber(),
    newNin: syntheticNumber(1),
    surname: 'LØV',
    regStatus: '1',
    postalType: '0',
  };

  it('is all of it in mode V', () => {
    expect(tellIn(outcome('11', '010000000000', whole), 'V')).to.deep.equal(whole);
  });

  it('is status and mask alone in mode K, and nothing of the person', () => {
    expect(tellIn(outcome('11', '010000000000', whole), 'K')).to.deep.equal({
      ownRef: 'A',
      ninIn: syntheticNumber(),
      matchStatus: '11',
      matchMethod: 'I',
      candidates: '1',
      changeMask: '010000000000',
      errorCode: 'E901',
    });
  });

  it('is nothing in mode E of people of whom nothing differs and nothing was filled in', () => {
    for (const status of ['10', '11', '12', '20', '21'] as const) {
      for (const mask of ['000000000000', '000000333000', '033333333303']) {
        expect(tellIn(outcome(status, mask), 'E'), status).to.equal(null);
        expect(tellIn(outcome(status, mask), 'V'), status).to.not.equal(null);
        expect(tellIn(outcome(status, mask), 'K'), status).to.not.equal(null);
      }
      for (const mask of ['100000000000', '000200000000', '000000333001']) {
        expect(tellIn(outcome(status, mask, whole), 'E'), mask).to.include({ surname: 'LØV' });
      }
    }
  });

  it('is never left out in mode E where there was no answer or not one', () => {
    const others = matchStatuses.filter((status) => status > '21');
    expect(others).to.have.length(9);
    for (const status of others) expect(tellIn(outcome(status), 'E'), status).to.not.equal(null);
  });
});
