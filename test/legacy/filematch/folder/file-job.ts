import type { Job, JobInput } from '../../../../src/legacy/filematch/jobs/job.js';

const nothing = { pieces: 0, length: 0 };

/** A job of a folder that was taken in and not begun. */
export function fileJob(id: string, input: Partial<JobInput>, changes: Partial<Job> = {}): Job {
  const receivedAt = new Date('2026-03-01T12:00:00Z');
  return {
    id,
    clientId: 'epj',
    door: 'folder',
    state: 'RECEIVED',
    input: {
      fileName: 'PFM_999888777_20260301_0001.csv',
      bytes: 0,
      sha256: '',
      sealed: nothing,
      receivedAt,
      registerTimestamp: receivedAt,
      mode: 'V',
      customerRef: '',
      remoteAddress: 'folder',
      directory: null,
      ...input,
    },
    survey: null,
    checkpoint: {
      rows: 0,
      result: nothing,
      rejects: nothing,
      totals: {
        ...{ recordCount: 0, matched: 0, changed: 0, noMatch: 0, ambiguous: 0, rejected: 0, technical: 0 },
      },
      cut: 0,
      replaced: 0,
      complete: false,
    },
    startedAt: null,
    finishedAt: null,
    digests: null,
    ending: null,
    delivered: false,
    ...changes,
  };
}
