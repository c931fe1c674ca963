import {
  FileTooLarge,
  type Acceptance,
  type DeliveredFile,
  type FilematchJobs,
  type JobView,
} from '../../legacy/filematch/jobs/filematch-jobs.js';
import { isOver } from '../../legacy/filematch/jobs/job.js';
import { CommandFailed } from '../report.js';
import { INTERRUPTED } from './exit-codes.js';
import { grouped } from './progress-line.js';

/** What working through a file needs. */
export interface FileWork {
  readonly jobs: Pick<FilematchJobs, 'accept' | 'job' | 'finish'>;
  readonly file: DeliveredFile;
  readonly content: AsyncIterable<Uint8Array>;
  /** Aborts when the operator does not want to wait any longer. */
  readonly signal: AbortSignal;
  /** Told what happens: a job that goes on where it stood, and how far it comes. */
  readonly onTakenUp: (job: JobView) => void;
  readonly onProgress: (job: JobView) => void;
}

/**
 * Takes a file in and works on it until its job is over. A file of the same content, from the same client, whose job came from
 * the command line and is not over yet, is that job: it goes on where it stood.
 * @returns the job, which is over unless the signal aborted
 * @throws CommandFailed for a file that was processed before, or is being processed otherwise, and when interrupted before there
 * was a job; what accepting a file throws
 */
export async function workThrough({ jobs, file, signal, ...work }: FileWork): Promise<JobView> {
  const acceptance = await accepted(jobs, file, work.content, signal);
  if (acceptance.outcome === 'accepted') {
    work.onProgress(acceptance.job);
    return jobs.finish(acceptance.job.job.id, signal, work.onProgress);
  }
  if (acceptance.outcome === 'id-in-use') {
    throw new CommandFailed('The id of the job is in use already; try again.');
  }
  const { jobId: id } = acceptance;
  const earlier = jobs.job(id, file.clientId);
  if (earlier === undefined || isOver(earlier.job)) {
    throw new CommandFailed(
      `This file was processed before, as job ${id} (E012). With --force it is processed again.`,
    );
  }
  if (earlier.job.door !== 'command-line') {
    throw new CommandFailed(
      `This file is being processed already, as job ${id} that came by ${earlier.job.door} (E012).`,
    );
  }
  work.onTakenUp(earlier);
  return jobs.finish(id, signal, work.onProgress);
}

async function accepted(
  jobs: Pick<FilematchJobs, 'accept'>,
  file: DeliveredFile,
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<Acceptance> {
  try {
    return await jobs.accept(file, content);
  } catch (error) {
    if (error instanceof FileTooLarge) {
      throw new CommandFailed(
        `The file has more than ${grouped(error.maxBytes)} octets (filematch.maxFileBytes).`,
      );
    }
    if (!signal.aborted) throw error;
    throw new CommandFailed('Interrupted before the file was taken in; nothing was done.', INTERRUPTED);
  }
}
