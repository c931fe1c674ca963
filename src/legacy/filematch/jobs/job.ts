import type { Charset, FileHeader, FilematchErrorCode, Mode, Totals } from '../record.js';

/** The states of a job (preg-xml-filematch-hl7v2 2.8). The last three are final. */
export const jobStates = ['RECEIVED', 'VALIDATING', 'RUNNING', 'COMPLETED', 'REJECTED', 'FAILED'] as const;
export type JobState = (typeof jobStates)[number];

/** How a file came in, and so where its result goes. */
export const doors = ['folder', 'http', 'command-line'] as const;
export type Door = (typeof doors)[number];

/** What an operator or the client wants of a job that is not over: pausing can be taken back, cancelling cannot. */
export type Hold = 'paused' | 'cancelled';

/** A file that was taken in, and how far it has come. */
export interface Job {
  /** ULID, fixed when the file is accepted. */
  readonly id: string;
  /** The client that it belongs to; nobody else learns that it exists. */
  readonly clientId: string;
  readonly door: Door;
  readonly state: JobState;
  readonly input: JobInput;
  /** What the first reading of the whole file found; null before. */
  readonly survey: Survey | null;
  readonly checkpoint: Checkpoint;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** What was written, once all of it is. */
  readonly digests: OutputDigests | null;
  /** Why it was rejected or has failed. */
  readonly ending: JobEnding | null;
  /** Whether the result lies where its door puts results. */
  readonly delivered: boolean;
}

/** What is fixed when a file is accepted. */
export interface JobInput {
  /** As the sender named it; never logged. */
  readonly fileName: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** How it lies in the spool. */
  readonly sealed: Extent;
  readonly receivedAt: Date;
  /** When the register is said to be read: one instant for the whole job. */
  readonly registerTimestamp: Date;
  /** What stands in for a header in files that have none. */
  readonly mode: Mode;
  readonly customerRef: string;
  /** Who brought it, for the audit trail. */
  readonly remoteAddress: string;
  /** Where results go: of `folder` the drop folder that holds inn/ and ut/, of `command-line` the very folder; a path. */
  readonly directory: string | null;
}

/** What a file is, by its form alone. */
export interface Survey {
  /** Name of the layout. */
  readonly layout: string;
  readonly charset: Charset;
  readonly header: FileHeader;
  /** Rows of data. */
  readonly rows: number;
}

/** How far a job has come: everything before is on the disk and audited, nothing after has left a trace that counts. */
export interface Checkpoint {
  /** Rows of input that are done. */
  readonly rows: number;
  /** Length and number of sealed pieces of the result so far. */
  readonly result: Extent;
  /** The same of the rejects. */
  readonly rejects: Extent;
  readonly totals: Totals;
  /** Rows with a text that was cut (Safety S11), and rows with letters that the charset lacks. */
  readonly cut: number;
  readonly replaced: number;
  /** Whether the trailer is written: nothing more comes. */
  readonly complete: boolean;
}

/** SHA-256 of the files of a job as they are delivered, hex. */
export interface OutputDigests {
  readonly result: string;
  /** Null where no row was rejected. */
  readonly rejects: string | null;
}

/** How much of a sealed file counts. */
export interface Extent {
  readonly pieces: number;
  /** In octets, as it lies on the disk. */
  readonly length: number;
}

/** How a job ended that did not complete. */
export interface JobEnding {
  readonly code: FilematchErrorCode | 'cancelled' | 'gave-up' | 'input-lost' | 'internal';
  /** For the receipt; holds no data of the file. */
  readonly reason: string;
}

/** Whether nobody is looked up for it any more: it only is brought to its end, which nothing but cancelling can hold up. */
export function isBeyondPausing(job: Pick<Job, 'state' | 'checkpoint'>): boolean {
  return job.checkpoint.complete || isOver(job);
}

/** Whether nothing more will happen to it. */
export function isOver({ state }: Pick<Job, 'state'>): boolean {
  return state === 'COMPLETED' || state === 'REJECTED' || state === 'FAILED';
}
