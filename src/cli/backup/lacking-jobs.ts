import { statSync } from 'node:fs';
import { join } from 'node:path';
import { canBeTakenUp } from '../../legacy/filematch/jobs/endings.js';
import { jobOf } from '../../legacy/filematch/jobs/job-record.js';
import type { Job } from '../../legacy/filematch/jobs/job.js';
import type { Store } from '../../store/store.js';

/** How long each sealed file of a job has to be at least. */
type Wanted = Readonly<Partial<Record<'input' | 'result' | 'rejects', number>>>;

/**
 * The Filematch jobs that would not get on, or whose result could not be fetched, with what lies in that folder of their files.
 * A job whose row does not open is passed over: there is nothing that it could be compared with.
 */
export function lackingJobs({ filematchJobs }: Store, spool: string): readonly string[] {
  return filematchJobs.list({ limit: Number.MAX_SAFE_INTEGER }).flatMap((row) => {
    const job = readable(row);
    if (job === undefined) return [];
    const isThere = Object.entries(wantedFor(job)).every(
      ([file, length]) => lengthOf(join(spool, job.id, file)) >= length,
    );
    return isThere ? [] : [job.id];
  });
}

function wantedFor(job: Job): Wanted {
  const { state, input, checkpoint, digests } = job;
  const output = { result: checkpoint.result.length, rejects: checkpoint.rejects.length };
  // A result that was taken away with its digests cannot be fetched any more anyway.
  if (state === 'COMPLETED') return digests === null ? {} : output;
  if ((state === 'REJECTED' || state === 'FAILED') && !canBeTakenUp(job)) return {};
  return { ...output, input: input.sealed.length };
}

/** 0 for a file of which nothing counts, which need not be there. */
function lengthOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function readable(row: Parameters<typeof jobOf>[0]): Job | undefined {
  try {
    return jobOf(row);
  } catch {
    return undefined;
  }
}
