import { expect } from 'chai';
import { verdictOn, type Candidate } from '../../../../src/legacy/filematch/matching/verdict.js';
import { pregPerson } from '../../../support/preg-person.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const thresholds = { strongScore: 85, weakScore: 60 };

function candidates(...points: readonly number[]): readonly Candidate[] {
  return points.map((one, index) => ({
    person: pregPerson({ nin: syntheticNumber(index) }),
    score: { points: one, mayBeStrong: true },
  }));
}

function verdict(...points: readonly number[]): string {
  const found = verdictOn(candidates(...points), thresholds);
  if (found.status === '30') return `30 ${found.candidates}`;
  if (found.status === '41') return '41';
  const index = points.findIndex((_, place) => syntheticNumber(place) === found.person.nin);
  return `${found.status} #${index}`;
}

describe('the verdict on candidates', () => {
  const cases: readonly (readonly [points: readonly number[], verdict: string])[] = [
    [[], '41'],
    [[59], '41'],
    [[0, 59, 30], '41'],
    [[60], '21 #0'],
    [[84], '21 #0'],
    [[85], '20 #0'],
    [[100], '20 #0'],
    [[50, 100, 50], '20 #1'],
    [[60, 60], '30 2'],
    [[82, 64], '30 2'],
    [[85, 84], '30 2'],
    [[100, 86], '30 2'],
    [[100, 85], '30 2'],
    [[80, 95], '20 #1'],
    [[81, 95], '30 2'],
    [[100, 80, 80], '20 #0'],
    [[100, 100, 70, 59], '30 3'],
  ];
  for (const [points, expected] of cases) {
    it(`on ${points.join(', ') || 'nobody'} is ${expected}`, () => {
      expect(verdict(...points)).to.equal(expected);
    });
  }

  it('takes none for strong who may not be', () => {
    const [only] = candidates(100);
    if (only === undefined) throw new Error('no candidate');
    const weak = { ...only, score: { points: 100, mayBeStrong: false } };
    expect(verdictOn([weak], thresholds).status).to.equal('21');
    expect(verdictOn([weak], { strongScore: 60, weakScore: 60 }).status).to.equal('21');
  });

  it('follows the settings', () => {
    expect(verdictOn(candidates(70), { strongScore: 70, weakScore: 70 }).status).to.equal('20');
    expect(verdictOn(candidates(70), { strongScore: 100, weakScore: 71 }).status).to.equal('41');
  });
});
