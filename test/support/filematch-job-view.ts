import type { JobView } from '../../src/legacy/filematch/jobs/filematch-jobs.js';
import type { Job, Survey } from '../../src/legacy/filematch/jobs/job.js';

/** When the job was accepted. */
export const RECEIVED_AT = new Date('2026-03-01T12:00:00Z');

export const someTotals = {
  recordCount: 0,
  matched: 0,
  changed: 0,
  noMatch: 0,
  ambiguous: 0,
  rejected: 0,
  technical: 0,
} as const;

const NOTHING = { pieces: 0, length: 0 };

/** A file of a thousand rows. */
export const someSurvey: Survey = {
  layout: 'pfm-csv',
  charset: 'UTF-8',
  header: { orgNumber: '999999999', customerRef: '', createdAt: '', mode: 'V' },
  rows: 1_000,
};

/** A job that came from the command line and runs, and what is asked otherwise. */
export function someJob(changes: Partial<Job> = {}): Job {
  return {
    id: '01JBR8Q2W5N7K3M4P6T8V9X0YZ',
    clientId: 'epj-sandbox',
    door: 'command-line',
    state: 'RUNNING',
    input: {
      fileName: 'people.csv',
      bytes: 12_345,
      sha256: 'ab'.repeat(32),
      sealed: NOTHING,
      receivedAt: RECEIVED_AT,
      registerTimestamp: RECEIVED_AT,
      mode: 'V',
      customerRef: '',
      remoteAddress: 'localhost',
      directory: '/out',
    },
    survey: someSurvey,
    checkpoint: {
      rows: 0,
      result: NOTHING,
      rejects: NOTHING,
      totals: someTotals,
      cut: 0,
      replaced: 0,
      complete: false,
    },
    startedAt: RECEIVED_AT,
    finishedAt: null,
    digests: null,
    ending: null,
    delivered: false,
    ...changes,
  };
}

/** The job as it is seen, at work. */
export function someView(changes: Partial<Job> = {}, seen: Partial<Omit<JobView, 'job'>> = {}): JobView {
  return { job: someJob(changes), hold: null, waitingFor: null, ...seen };
}

/** The same with so many rows done. */
export function viewAt(rows: number, seen: Partial<Omit<JobView, 'job'>> = {}): JobView {
  return someView({ checkpoint: { ...someJob().checkpoint, rows } }, seen);
}
