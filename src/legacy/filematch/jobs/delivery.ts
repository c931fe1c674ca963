import type { Job } from './job.js';
import type { Receipt } from './receipt.js';

/**
 * Where results go, and what becomes of the file that a job came from. Jobs that are fetched by HTTP have neither: for them
 * nothing happens. Everything may be asked again, after a crash at any moment, and comes to the same.
 */
export interface Delivery {
  /**
   * Puts the files where the job's door puts them, in their order, and the receipt last: each whole or not at all, and on the
   * disk when this resolves. What stands there of the same name is replaced.
   * @throws FolderUnusable; what reading the files throws
   */
  deliver(job: Job, files: readonly OutputFile[], receipt: Receipt): Promise<void>;
  /**
   * Once it is stored that the job is over: deletes the delivered original of a job that completed, and puts that of one that
   * was rejected or failed to the rejected ones, and deletes what was delivered of its result. @throws FolderUnusable
   */
  settle(job: Job): Promise<void>;
  /** Deletes all that was delivered of a job of a folder, its original included. @throws FolderUnusable */
  discard(job: Job): Promise<void>;
}

/** A file to deliver. */
export interface OutputFile {
  readonly name: string;
  /** Opened anew for each attempt. */
  readonly content: () => AsyncIterable<Uint8Array>;
}

/** A folder that results go to or files come from is gone, full, or not ours to write: it passes when somebody mends it. */
export class FolderUnusable extends Error {
  /**
   * @param reason a sentence without names of files, fit for the health page
   * @param code of the system; its error is not kept, since it names files
   */
  constructor(
    readonly reason: string,
    readonly code?: string,
  ) {
    super(reason);
    this.name = 'FolderUnusable';
  }
}
