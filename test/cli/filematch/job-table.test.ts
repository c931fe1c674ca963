import { expect } from 'chai';
import { jobDetails, jobTable } from '../../../src/cli/filematch/job-table.js';
import { someJob, someView, viewAt } from '../../support/filematch-job-view.js';

describe('the table of Filematch jobs', () => {
  const jobs = [
    viewAt(425),
    viewAt(1_000, { waitingFor: 'register' }),
    viewAt(10, { hold: 'paused' }),
    viewAt(10, { hold: 'cancelled' }),
    someView({ state: 'RECEIVED', survey: null, clientId: 'lab' }),
    someView({ state: 'REJECTED', ending: { code: 'E010', reason: 'Antallet stemmer ikke.' } }),
    someView({ state: 'COMPLETED' }),
  ];

  it('has a line for each job, in columns', () => {
    const lines = jobTable(jobs, false).split('\n');
    expect(lines[0]).to.match(/^JOB +CLIENT +RECEIVED \(UTC\) +ROWS +STATE$/);
    expect(lines[1]).to.match(
      /^01JBR8Q2W5N7K3M4P6T8V9X0YZ {2}epj-sandbox {2}2026-03-01 12:00 {2}425 of 1 000 +RUNNING$/,
    );
    expect(lines[2]).to.match(/RUNNING, waiting for Persontjenesten$/);
    expect(lines[3]).to.match(/RUNNING, paused$/);
    expect(lines[4]).to.match(/RUNNING, is being cancelled$/);
    expect(lines[5]).to.match(/ lab +2026-03-01 12:00 +RECEIVED$/);
    expect(lines[6]).to.match(/REJECTED \(E010\)$/);
    expect(lines[7]).to.match(/COMPLETED$/);
    const places = lines.slice(0, -1).map((line) => line.search(/(?:STATE|[A-Z]{7,}(?: \(|,|$))[^ ]*/));
    expect(new Set(places.slice(1)).size).to.equal(1);
  });

  it('names files only where it is told to, and nothing that a terminal would obey', () => {
    const sly = someView({
      input: { ...someJob().input, fileName: 'a\u001B[2J\u202Eb\r\n.csv' },
    });
    expect(jobTable([sly], false))
      .not.to.contain('.csv')
      .and.not.to.contain('FILE');
    expect(jobTable([sly], true)).to.match(/ RUNNING {2}a\?\[2J\?b\?\?\.csv\n$/);
    expect(jobDetails(sly, false)).not.to.contain('.csv');
    expect(jobDetails(sly, true)).to.match(/^File +a\?\[2J\?b\?\?\.csv$/m);
  });

  it('tells everything about one job', () => {
    const checkpoint = {
      ...someJob().checkpoint,
      rows: 900,
      cut: 3,
      replaced: 1_200,
      totals: {
        recordCount: 900,
        matched: 850,
        changed: 20,
        noMatch: 30,
        ambiguous: 5,
        rejected: 14,
        technical: 1,
      },
    };
    const text = jobDetails(someView({ checkpoint }), false);
    for (const line of [
      /^Job +01JBR8Q2W5N7K3M4P6T8V9X0YZ$/m,
      /^Came by +command-line$/m,
      /^Octets +12 345$/m,
      /^Received +2026-03-01T12:00:00\.000Z$/m,
      /^Layout +pfm-csv, UTF-8$/m,
      /^Rows +900 of 1 000$/m,
      /^Matched +850, 20 of them with changes$/m,
      /^Rejected +14$/m,
      /^Letters replaced +1 200 rows$/m,
    ]) {
      expect(text).to.match(line);
    }
    expect(text).not.to.contain('Finished').and.not.to.contain('Reason');
    const failed = someView({ state: 'FAILED', ending: { code: 'gave-up', reason: 'Ingen svar.' } });
    expect(jobDetails(failed, false)).to.match(/^State +FAILED \(gave-up\)\nReason +gave-up: Ingen svar\.$/m);
  });
});
