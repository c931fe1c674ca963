import { causeOf } from './cause.js';
import { canBeTakenUp } from './endings.js';
import type { JobContext } from './job-context.js';
import { persistently } from './job-context.js';
import { Stopped } from './job-watch.js';
import { GaveUp, Patience } from './patience.js';
import { receiptOf } from './receipts.js';

/**
 * What is left to do for a job in a final state: the receipt of one that did not complete, the original, and what is not needed any
 * more. A folder that cannot be used is not waited for by a job that was cancelled or that has waited long enough.
 * @throws Stopped when the process ends; then it is done again at the next start
 */
export async function conclude(context: JobContext, ending: AbortSignal): Promise<void> {
  const { parts, job } = context;
  const { delivery, spool, settings, clock } = parts;
  await asFarAsPossible(context, ending, async (patient, signal) => {
    if (job.job.delivered) return;
    await persistently(patient, signal, () => delivery.deliver(job.job, [], receiptOf(job.job, parts.forms)));
    await persistently(patient, signal, () => {
      job.save({ delivered: true });
    });
  });
  await asFarAsPossible(context, ending, (patient, signal) =>
    persistently(patient, signal, () => delivery.settle(job.job)),
  );
  const { id, state } = job.job;
  await asFarAsPossible(context, ending, (patient, signal) =>
    persistently(patient, signal, async () => {
      if (canBeTakenUp(job.job)) return;
      if (!settings.keepInput) await spool.discard(id, 'input');
      if (state === 'COMPLETED') return;
      await spool.discard(id, 'result');
      await spool.discard(id, 'rejects');
    }),
  );
  const forever = { patience: new Patience(parts, Number.POSITIVE_INFINITY, job) };
  await persistently(forever, ending, () => {
    job.save({}, [], clock.now());
  });
}

/** Does a step, and goes on without it when it cannot be done: the job is decided, and must not stand for ever. */
async function asFarAsPossible(
  { parts, job, watch }: JobContext,
  ending: AbortSignal,
  step: (context: { readonly patience: Patience }, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { now } = watch.anyTime;
  const isHopeless = now.aborted || job.job.ending?.code === 'gave-up';
  const patience = new Patience(parts, isHopeless ? 0 : parts.settings.patienceHours, job);
  try {
    await step({ patience }, now);
  } catch (error) {
    ending.throwIfAborted();
    if (error instanceof GaveUp || error instanceof Stopped) return;
    const { id: jobId, clientId } = job.job;
    parts.events.emit('filematchJobFailed', { jobId, clientId, code: 'internal', ...causeOf(error) });
  }
}
