import { expect } from 'chai';
import fc from 'fast-check';
import { grouped, progressLine, waitingTexts } from '../../../src/cli/filematch/progress-line.js';
import { someSurvey, someView, viewAt } from '../../support/filematch-job-view.js';
import { runs } from '../../support/long-runs.js';

const waitings = ['turn', 'window', 'resume', 'register', 'disk', 'folder', 'client'] as const;

const wide = { width: 100, bar: true };

describe('progress of a job in a line', () => {
  it('tells rows, percent, rate and time left, with a bar', () => {
    expect(progressLine(viewAt(425), 50, wide)).to.equal(
      `[${'#'.repeat(17)}${'.'.repeat(23)}]   42 %  425 of 1 000 rows  50 rows/s  12 s left`,
    );
  });

  it('does without a bar where none is wanted', () => {
    expect(progressLine(viewAt(425), 50, { width: Infinity, bar: false })).to.equal(
      ' 42 %  425 of 1 000 rows  50 rows/s  12 s left',
    );
  });

  for (const [rate, left] of [
    [100, '6 s left'],
    [9, '2 min left'],
    [0.5, '20 min left'],
    [0.1, '1 h 36 min left'],
    [0.001, '159 h left'],
  ] as const) {
    it(`guesses ${left} for the rest at ${rate} rows a second`, () => {
      expect(progressLine(viewAt(425), rate, wide)).to.match(new RegExp(`  ${left}$`));
    });
  }

  it('guesses nothing while nothing is done, or before a rate is known', () => {
    expect(progressLine(viewAt(425), 0, wide)).to.match(/ {2}0\.0 rows\/s$/);
    expect(progressLine(viewAt(425), undefined, wide)).to.match(/ {2}425 of 1 000 rows$/);
  });

  it('says what the job waits for in place of a rate', () => {
    for (const waitingFor of waitings) {
      const line = progressLine(viewAt(425, { waitingFor }), 50, { width: 200, bar: true });
      expect(line)
        .to.match(/ 42 % {2}425 of 1 000 rows {2}/)
        .and.not.to.contain('rows/s');
      expect(line).to.contain(waitingTexts[waitingFor]);
    }
  });

  it('says that the file is taken in, and that it is read', () => {
    expect(progressLine(undefined, undefined, wide)).to.equal('taking the file in');
    expect(progressLine(someView({ survey: null, state: 'VALIDATING' }), undefined, wide)).to.equal(
      'reading the file',
    );
  });

  it('is done with a file without rows, and never done too early', () => {
    const empty = someView({ survey: { ...someSurvey, rows: 0 } });
    expect(progressLine(empty, undefined, wide)).to.contain('100 %');
    expect(progressLine(viewAt(999), undefined, wide)).to.contain(' 99 %');
  });

  it('fits, however narrow it is, and leaves out the least needed first', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 120 }),
        fc.integer({ min: 0, max: 1_000 }),
        fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
        (width, rows, rate) => {
          expect(progressLine(viewAt(rows), rate, { width, bar: true }).length).to.be.at.most(width);
        },
      ),
      { numRuns: runs(200) },
    );
    const at = (width: number): string => progressLine(viewAt(425), 50, { width, bar: true });
    expect(at(46)).to.equal(' 42 %  425 of 1 000 rows  50 rows/s  12 s left');
    expect(at(45)).to.equal(' 42 %  425 of 1 000 rows  12 s left');
    expect(at(20)).to.equal(' 42 %  12 s left');
    expect(at(8)).to.equal(' 42 %');
    expect(at(3)).to.equal('');
  });

  it('groups digits by three', () => {
    expect([0, 999, 1_000, 1_234_567].map(grouped)).to.deep.equal(['0', '999', '1 000', '1 234 567']);
  });
});
