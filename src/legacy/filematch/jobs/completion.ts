import { createHash } from 'node:crypto';
import { InternalError } from '../../../errors/errors.js';
import type { OutputFile } from './delivery.js';
import type { Extent } from './job.js';
import { persistently, piecesOf, type JobContext } from './job-context.js';
import { Stopped } from './job-watch.js';
import { formOf, receiptOf, rejectsName, resultName } from './receipts.js';

/**
 * Brings a result that is complete to where its door puts results: reads it back once, which finds out whether it is whole, then
 * delivers result, rejects and receipt.
 * @throws JobFilesLost, GaveUp, Stopped
 */
export async function complete(context: JobContext): Promise<void> {
  const { parts, job, watch } = context;
  const signal = watch.anyTime.now;
  if (job.job.digests === null) {
    const { result, rejects } = job.job.checkpoint;
    const digests = await persistently(context, signal, async () => ({
      result: await digestOf(context, 'result', result, signal),
      rejects: rejects.pieces === 0 ? null : await digestOf(context, 'rejects', rejects, signal),
    }));
    await persistently(context, signal, () => {
      job.save({ digests });
    });
  }
  await persistently(context, signal, async () => {
    const receipt = receiptOf(job.job, parts.forms);
    await parts.delivery.deliver(job.job, filesOf(context, signal), receipt);
  });
  await persistently(context, signal, () => {
    // Whoever was told that the job is cancelled must not find it completed. The end of the process is no reason to deliver twice.
    if (watch.isCancelled) throw new Stopped('cancelled');
    job.save({ state: 'COMPLETED', delivered: true });
  });
  const { id, clientId, checkpoint, startedAt, finishedAt } = job.job;
  parts.events.emit('filematchJobCompleted', {
    jobId: id,
    clientId,
    rows: checkpoint.rows,
    totals: { ...checkpoint.totals },
    seconds: Math.round(((finishedAt?.getTime() ?? 0) - (startedAt?.getTime() ?? 0)) / 1_000),
  });
}

function filesOf(context: JobContext, signal: AbortSignal): readonly OutputFile[] {
  const { parts, job } = context;
  const form = formOf(job.job, parts.forms);
  if (form === undefined) throw new InternalError('a job is complete and has no layout');
  const { result, rejects } = job.job.checkpoint;
  const files: OutputFile[] = [
    { name: resultName(job.job, form), content: () => piecesOf(context, 'result', result, signal) },
  ];
  if (rejects.pieces > 0) {
    files.push({ name: rejectsName(job.job), content: () => piecesOf(context, 'rejects', rejects, signal) });
  }
  return files;
}

async function digestOf(
  context: JobContext,
  file: 'result' | 'rejects',
  extent: Extent,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of piecesOf(context, file, extent, signal)) hash.update(piece);
  return hash.digest('hex');
}
