import type { Extent } from './job.js';

/** The sealed files of a job. */
export const spoolFiles = ['input', 'result', 'rejects'] as const;
export type SpoolFile = (typeof spoolFiles)[number];

/**
 * Where the files of jobs lie while they are worked on: sealed piece by piece, so that nothing readable is on the disk, no
 * piece can be changed or moved, and none has to be in memory but the one at hand.
 */
export interface Spool {
  /** Makes the job's folder. @throws what the file system throws */
  create(jobId: string): Promise<void>;
  /**
   * Opens a file to write behind what counts of it; what lies beyond that is cut off.
   * @throws SealBroken when less is there than counts; what the file system throws (ENOENT while the job's folder is away)
   */
  append(jobId: string, file: SpoolFile, from: Extent): Promise<SpoolWriter>;
  /**
   * The pieces that count, in order, opened. A file of which nothing counts need not be there.
   * @throws SealBroken, also when the file is gone from a folder that is there; UnknownSealingKey; what the file system throws
   *   (ENOENT while the job's folder is away)
   */
  read(jobId: string, file: SpoolFile, extent: Extent): AsyncIterable<Uint8Array>;
  /** Deletes one file, or the job's folder with all there is. Nothing happens where there is none. */
  discard(jobId: string, file?: SpoolFile): Promise<void>;
  /**
   * The jobs that have a folder, in any order. One without a row may be on its way in with another process: whoever takes it in
   * holds its claim until the row is there, and nobody discards it without.
   */
  jobs(): Promise<readonly string[]>;
  /**
   * Takes the job for this process, until it is released or the process ends, however it ends. Makes its folder where there is
   * none. Release it before discarding the folder, or right after.
   * @returns undefined when another process, or another part of this one, has it
   * @throws StoreFailed
   */
  claim(jobId: string): JobClaim | undefined;
}

/** Writes a sealed file. Not for use side by side. */
export interface SpoolWriter {
  /** Adds a piece, at most 16 MiB. After an error the writer is done for. */
  append(piece: Uint8Array): Promise<void>;
  /** What has been added is on the disk. @returns how much counts */
  sync(): Promise<Extent>;
  close(): Promise<void>;
}

/** The right to work on a job, and what is known of the references in its file, for files too large for memory. */
export interface JobClaim {
  /**
   * Whether no earlier row has the reference. The same row may ask again. Forgotten when the claim is released.
   * @throws StoreFailed; the question may be asked again
   */
  isFirst(ownRef: string, row: number): boolean;
  /** A second call does nothing. */
  release(): void;
}
