import type { FilematchJobsParts } from './engine.js';
import type { JobAtWork } from './job-at-work.js';
import type { JobWatch } from './job-watch.js';
import { keepTrying, type Attempt, type Patience } from './patience.js';
import type { RowBudget } from './row-budget.js';
import type { JobClaim, SpoolFile } from './spool.js';
import { JobFilesLost, jobFilePieces, troubleOf, type Trouble } from './trouble.js';
import type { Extent } from './job.js';

/** Everything that the steps of a job work with. */
export interface JobContext {
  readonly parts: FilematchJobsParts;
  readonly budget: RowBudget;
  readonly job: JobAtWork;
  readonly claim: JobClaim;
  readonly patience: Patience;
  readonly watch: JobWatch;
}

/** Does something with the store or the disk, and waits trouble out. @throws GaveUp, JobFilesLost, the signal's reason */
export async function persistently<Result>(
  { patience }: Pick<JobContext, 'patience'>,
  signal: AbortSignal,
  attempt: Attempt<Result>['attempt'],
): Promise<Result> {
  return keepTrying({ patience, signal, attempt, troubleOf: troubleOfFiles });
}

/** What counts of a file of the job. @throws JobFilesLost, the signal's reason, what the file system throws */
export async function* piecesOf(
  { parts, job }: Pick<JobContext, 'parts' | 'job'>,
  file: SpoolFile,
  extent: Extent,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const piece of jobFilePieces(parts.spool.read(job.job.id, file, extent))) {
    signal.throwIfAborted();
    yield piece;
  }
}

function troubleOfFiles(error: unknown): Trouble | undefined {
  return error instanceof JobFilesLost ? undefined : troubleOf(error);
}
