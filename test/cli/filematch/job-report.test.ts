import { expect } from 'chai';
import { conclusion, passedOver, settledBefore, type Asked } from '../../../src/cli/filematch/job-report.js';
import { CommandFailed } from '../../../src/cli/report.js';
import type { JobView } from '../../../src/legacy/filematch/jobs/filematch-jobs.js';
import { someJob, someSurvey, someView, viewAt } from '../../support/filematch-job-view.js';

const receipt = {
  jobId: someJob().id,
  state: 'COMPLETED',
  inputFile: 'people.csv',
  receivedAt: '2026-03-01T13:00:00+01:00',
  outputFile: 'people.J.resultat.csv',
};

function complaint(view: JobView): CommandFailed {
  try {
    conclusion(view, undefined);
  } catch (error) {
    if (error instanceof CommandFailed) return error;
  }
  throw new Error('no complaint');
}

describe('what is said of a job at its end', () => {
  it('is how the rows came out and where the files lie', () => {
    const totals = {
      recordCount: 8,
      matched: 1_006,
      changed: 5,
      noMatch: 1,
      ambiguous: 0,
      rejected: 1,
      technical: 0,
    };
    const view = someView({
      state: 'COMPLETED',
      checkpoint: { ...someJob().checkpoint, rows: 1_008, totals },
    });
    expect(conclusion(view, receipt)).to.equal(
      'Job 01JBR8Q2W5N7K3M4P6T8V9X0YZ is complete: 1 008 rows, 1 006 matched (5 with changes), 1 not found, 0 ambiguous, 1 rejected, 0 with technical errors.\n' +
        '  Result   /out/people.J.resultat.csv\n' +
        '  Receipt  /out/people.01JBR8Q2W5N7K3M4P6T8V9X0YZ.kvittering.json\n',
    );
    expect(conclusion(view, { ...receipt, rejectFile: 'people.J.avvist.csv' })).to.match(
      /resultat\.csv\n {2}Rejects {2}\/out\/people\.J\.avvist\.csv\n {2}Receipt /,
    );
  });

  it('is why it was rejected or has failed, with exit code 1', () => {
    const rejected = complaint(
      someView({ state: 'REJECTED', ending: { code: 'E010', reason: 'Antallet stemmer ikke.' } }),
    );
    expect(rejected.exitCode).to.equal(1);
    expect(rejected.message).to.match(/nothing was looked up \(E010\)\. Antallet stemmer ikke\.$/);
    const cancelled = complaint(
      someView({ state: 'FAILED', ending: { code: 'cancelled', reason: 'Avbrutt.' } }),
    );
    expect(cancelled.exitCode).to.equal(1);
    expect(cancelled.message).to.match(/failed \(cancelled\)\. Avbrutt\.$/);
    const gaveUp = complaint(
      someView({ state: 'FAILED', ending: { code: 'gave-up', reason: 'Ingen svar.' } }),
    );
    expect(gaveUp.message).to.contain('filematch resume 01JBR8Q2W5N7K3M4P6T8V9X0YZ');
  });

  it('is where it stands and how it goes on when it was interrupted, with exit code 130', () => {
    const standing = complaint(viewAt(425));
    expect(standing.exitCode).to.equal(130);
    expect(standing.message)
      .to.contain('stands at row 425 of 1 000')
      .and.to.contain('The same command goes on')
      .and.to.contain('filematch cancel 01JBR8Q2W5N7K3M4P6T8V9X0YZ');
    expect(complaint(someView({ survey: null, state: 'RECEIVED' })).message).to.contain('has been taken in');
  });
});

const nothing: Asked = { mode: undefined, customerRef: undefined, directory: undefined };

describe('what the header of a file settles', () => {
  it('is told where the command line says something else', () => {
    const view = someView();
    expect(passedOver(view, { ...nothing, mode: 'K' })).to.contain('mode V');
    expect(passedOver(view, { ...nothing, mode: 'V', customerRef: 'WASH-1' })).to.contain(
      'customer reference',
    );
  });

  it('is not told where they agree, nothing was asked, or nothing is known yet', () => {
    const view = someView({ survey: { ...someSurvey, header: { ...someSurvey.header, customerRef: 'A' } } });
    expect(passedOver(view, { ...nothing, mode: 'V', customerRef: 'A' })).to.equal(undefined);
    expect(passedOver(view, nothing)).to.equal(undefined);
    const unknown = someView({ survey: null });
    expect(passedOver(unknown, { ...nothing, mode: 'K', customerRef: 'B' })).to.equal(undefined);
  });
});

describe('what a job was taken in with', () => {
  it('is told where the command line that goes on with it says something else', () => {
    for (const view of [someView(), someView({ survey: null })]) {
      expect(settledBefore(view, { mode: 'K', customerRef: 'WASH-1', directory: '/elsewhere' })).to.equal(
        'It goes on as it was taken in: with mode V and a customer reference of its own and results in /out.',
      );
    }
  });

  it('is not told where they agree, or nothing was asked', () => {
    expect(settledBefore(someView(), nothing)).to.equal(undefined);
    expect(settledBefore(someView(), { mode: 'V', customerRef: '', directory: '/out' })).to.equal(undefined);
  });
});
