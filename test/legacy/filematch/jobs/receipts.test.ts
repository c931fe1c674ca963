import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { packageRoot } from '../../../../src/config/package-root.js';
import { START } from '../../../../src/legacy/filematch/jobs/checkpoint.js';
import type { Job } from '../../../../src/legacy/filematch/jobs/job.js';
import { receiptOf } from '../../../../src/legacy/filematch/jobs/receipts.js';
import { plainForms } from '../../../support/filematch-forms.js';

const sampleFile = join(
  packageRoot(),
  ...['..', 'shared', 'contracts', 'samples', 'filematch', '35-filematch-receipt.json'],
);

const anyReceipt = z.record(z.string(), z.unknown());

/** What is taken from the sample to make a job of. */
const sampleReceipt = z.object({
  jobId: z.string(),
  orgNumber: z.string(),
  customerRef: z.string(),
  inputFile: z.string(),
  inputSha256: z.string(),
  receivedAt: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  counts: z.record(z.string(), z.number()),
});

const id = '01JBR8Q2W5N7K3M4P6T8V9X0YZ';

const received: Job = {
  id,
  clientId: 'ward',
  door: 'http',
  state: 'RECEIVED',
  input: {
    fileName: 'PFM_888888888_20250301_0001.csv',
    bytes: 10,
    sha256: 'ab'.repeat(32),
    sealed: START.result,
    receivedAt: new Date('2025-03-01T12:00:00Z'),
    registerTimestamp: new Date('2025-03-01T12:00:00Z'),
    mode: 'V',
    customerRef: 'VASK',
    remoteAddress: '10.0.0.1',
    directory: null,
  },
  survey: null,
  checkpoint: START,
  startedAt: null,
  finishedAt: null,
  digests: null,
  ending: null,
  delivered: false,
};

const running: Job = {
  ...received,
  state: 'RUNNING',
  startedAt: new Date('2025-03-01T12:00:02Z'),
  survey: {
    layout: 'plain',
    charset: 'windows-1252',
    header: { orgNumber: '888888888', customerRef: 'HODET', createdAt: '', mode: 'K' },
    rows: 9,
  },
  checkpoint: { ...START, rows: 3, totals: { ...START.totals, recordCount: 3, matched: 3 }, cut: 2 },
};

/** What a receipt says, without what it does not know. */
function said(job: Job, forms: Pick<typeof plainForms, 'describe'> = plainForms): unknown {
  return JSON.parse(JSON.stringify(receiptOf(job, forms)));
}

describe('the receipt of a Filematch job', () => {
  it('says at first what came in', () => {
    expect(said(received)).to.deep.equal({
      jobId: id,
      state: 'RECEIVED',
      customerRef: 'VASK',
      inputFile: 'PFM_888888888_20250301_0001.csv',
      inputSha256: 'ab'.repeat(32),
      receivedAt: '2025-03-01T13:00:00+01:00',
    });
  });

  it('says what the file is and how far it is, and names no result yet', () => {
    expect(said(running)).to.deep.include({
      state: 'RUNNING',
      orgNumber: '888888888',
      customerRef: 'HODET',
      format: 'csv',
      formatVersion: '0001',
      charset: 'windows-1252',
      startedAt: '2025-03-01T13:00:02+01:00',
    });
    expect(said(running)).to.have.nested.property('counts.matched', 3);
    expect(said(running)).to.have.nested.property('counts.cut', 2);
    expect(said(running)).to.not.have.any.keys('outputFile', 'outputSha256', 'finishedAt', 'errorCode');
  });

  it('names the files of a result that is complete, and says COMPLETED while it is on its way', () => {
    const digests = { result: 'cd'.repeat(32), rejects: 'ef'.repeat(32) };
    expect(said({ ...running, digests })).to.include({
      state: 'COMPLETED',
      outputFile: `PFM_888888888_20250301_0001.${id}.resultat.csv`,
      outputSha256: 'cd'.repeat(32),
      rejectFile: `PFM_888888888_20250301_0001.${id}.avvist.csv`,
      rejectSha256: 'ef'.repeat(32),
    });
    const without = said({ ...running, digests: { ...digests, rejects: null } });
    expect(without).to.not.have.any.keys('rejectFile', 'rejectSha256');
  });

  it('says why there is none', () => {
    const failed: Job = {
      ...running,
      state: 'FAILED',
      digests: { result: 'cd'.repeat(32), rejects: null },
      ending: { code: 'gave-up', reason: 'Mappen kunne ikke brukes.' },
    };
    expect(said(failed)).to.include({
      state: 'FAILED',
      errorCode: 'gave-up',
      reason: 'Mappen kunne ikke brukes.',
    });
    expect(said(failed)).to.not.have.property('outputFile');
  });

  it('is as the contract’s own sample, where it is at hand', function () {
    if (!existsSync(sampleFile)) this.skip();
    const asItStands = anyReceipt.parse(JSON.parse(readFileSync(sampleFile, 'utf8')));
    const sample = sampleReceipt.parse(asItStands);
    const totals = { ...START.totals, ...sample.counts };
    const header = {
      orgNumber: sample.orgNumber,
      customerRef: sample.customerRef,
      createdAt: '',
      mode: 'V' as const,
    };
    const job: Job = {
      ...received,
      id: sample.jobId,
      state: 'COMPLETED',
      input: {
        ...received.input,
        fileName: sample.inputFile,
        sha256: sample.inputSha256,
        receivedAt: new Date(sample.receivedAt),
      },
      survey: { layout: 'plain', charset: 'ISO-8859-1', header, rows: totals.recordCount },
      checkpoint: { ...START, rows: totals.recordCount, totals },
      startedAt: new Date(sample.startedAt),
      finishedAt: new Date(sample.finishedAt),
      digests: { result: 'cd'.repeat(32), rejects: 'ef'.repeat(32) },
    };
    const { outputSha256, rejectSha256, ...receipt } = anyReceipt.parse(
      said(job, { describe: () => ({ format: 'fixed', formatVersion: '0001', extension: 'txt' }) }),
    );
    expect([outputSha256, rejectSha256]).to.deep.equal(['cd'.repeat(32), 'ef'.repeat(32)]);
    expect(receipt).to.deep.equal({ ...asItStands, counts: { ...sample.counts, cut: 0, replaced: 0 } });
    expect(Object.keys(receipt)).to.deep.equal(Object.keys(asItStands));
  });

  it('says nothing of a form that is not configured any more', () => {
    const forms = { describe: () => undefined };
    expect(said(running, forms)).to.not.have.any.keys('format', 'formatVersion');
  });
});
