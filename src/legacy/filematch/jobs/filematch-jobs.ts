import type { Mode } from '../record.js';
import type { Door, Hold, Job } from './job.js';
import type { Listed } from './job-rows.js';
import type { Receipt } from './receipt.js';

/** The one engine behind all doors. */
export interface FilematchJobs {
  /**
   * Takes a file in: when this resolves, it is sealed on the disk and will be worked on whatever happens to this process.
   * Asked again with an id that a job of the client has, it tells of that job and reads nothing.
   * @throws FileTooLarge, NotAuthorised for a client that may not bring files, StoreFailed, what the source or the file system
   * throws; then nothing is left of it
   */
  accept(file: DeliveredFile, source: AsyncIterable<Uint8Array>): Promise<Acceptance>;
  /** A job; of another client than the one named as little as of one that there is not. */
  job(id: string, clientId?: string): JobView | undefined;
  /** The newest first, or of those that are not over the oldest. */
  jobs(which: Listed): readonly JobView[];
  /** @returns whether there is such a job in no final state, and, for a pause, not about to be delivered */
  hold(id: string, hold: Hold): boolean;
  /**
   * Ends a pause, and takes up a job that gave up or failed by a fault of ours.
   * @returns whether there is such a job; not while the files of one that failed are being put away or deleted
   */
  resume(id: string): boolean;
  /** The result or the rejects of a job that has completed, opened; undefined before that and where there are none. */
  read(id: string, file: 'result' | 'rejects'): AsyncIterable<Uint8Array> | undefined;
  /** What is said of the job to its client; complete only when it is over. */
  receipt(id: string): Receipt | undefined;
  /** Deletes a job that is over, with its files. @returns whether there was one */
  remove(id: string): Promise<boolean>;
  /** Works on all jobs of folders and HTTP, those included that an earlier process left; ends when the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** Works on one job until it is over or the signal aborts, which leaves it where it stands. */
  finish(id: string, signal: AbortSignal, onProgress: (job: JobView) => void): Promise<JobView>;
}

/** A file that a door hands in. */
export interface DeliveredFile {
  /** The id that the job shall have, of a door that must be able to ask again after a crash; else one is drawn. */
  readonly id?: string | undefined;
  readonly clientId: string;
  readonly door: Door;
  /** Without a path. */
  readonly fileName: string;
  readonly mode: Mode;
  readonly customerRef: string;
  readonly remoteAddress: string;
  /** As in `JobInput`; null where the result is fetched. */
  readonly directory: string | null;
  /** Take it even if it was processed before. */
  readonly forced: boolean;
}

/** Whether it was taken in. The id of what has been processed before is one of the same client. */
export type Acceptance =
  | { readonly outcome: 'accepted'; readonly job: JobView }
  /** E012. */
  | { readonly outcome: 'processed-before'; readonly jobId: string }
  /** The id is another job's, or being taken in at this moment, perhaps by another process. */
  | { readonly outcome: 'id-in-use' };

/** A job, and what it does at the moment. */
export interface JobView {
  readonly job: Job;
  readonly hold: Hold | null;
  /** What it waits for; null while it works and when it is over. */
  readonly waitingFor: WaitingFor | null;
}

/**
 * A job's turn, its time of day, the end of a pause; Persontjenesten, the disk, the folder of its results; or its client, that is
 * switched off, gone, or may not speak Filematch any more.
 */
export type WaitingFor = 'turn' | 'window' | 'resume' | 'register' | 'disk' | 'folder' | 'client';

/** The file has more octets than `filematch.maxFileBytes`. */
export class FileTooLarge extends Error {
  constructor(readonly maxBytes: number) {
    super(`the file has more than ${maxBytes} octets`);
    this.name = 'FileTooLarge';
  }
}
