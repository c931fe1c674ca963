import type { ErrorCode } from '../../../errors/catalogue.js';
import { errorCode } from '../../../errors/error-code.js';
import { AdapterError, UpstreamRateLimited, UpstreamUnavailable } from '../../../errors/errors.js';
import { FolderUnusable } from './delivery.js';
import type { WaitingFor } from './filematch-jobs.js';

/** Trouble that passes, by itself or when somebody mends it. */
export interface Trouble {
  readonly waitingFor: WaitingFor;
  readonly error: unknown;
  /** How long the other side wants to be left alone, in milliseconds. */
  readonly leaveAloneMilliseconds: number;
  /** Whether the question itself might be to blame. */
  readonly mayBeTheQuestion: boolean;
}

/** What was kept of a job is gone or was changed: it cannot be worked on any more. */
export class JobFilesLost extends Error {
  constructor(cause?: unknown) {
    super('the files of a job are gone or damaged', cause === undefined ? undefined : { cause });
    this.name = 'JobFilesLost';
  }
}

/** The register refuses the question, whoever asks and whenever. */
const ofTheQuestion: ReadonlySet<ErrorCode> = new Set([
  'upstream-rejected',
  'invalid-query',
  'too-many-hits',
  'preg-refused',
]);

/** A question can be such that it never gets another answer than this. */
const perhapsOfTheQuestion: ReadonlySet<ErrorCode> = new Set([
  'upstream-timeout',
  'upstream-unavailable',
  'upstream-invalid-answer',
  'preg-unavailable',
  'preg-rejected',
]);

const ofTheStore: ReadonlySet<ErrorCode> = new Set(['store-failed', 'audit-unavailable']);

/** The longest that the wish to be left alone is followed without asking whether it still holds. */
const LONGEST_LEFT_ALONE = 10 * 60_000;

/** What Node.js reports of files: a disk that is full, fails, or refuses. Not of programs that misuse it. */
const ofTheDisk =
  /^E(ACCES|AGAIN|BUSY|DQUOT|EXIST|FBIG|INTR|IO|ISDIR|LOOP|MFILE|MLINK|NAMETOOLONG|NFILE|NODEV|NOENT|NOLCK|NOMEM|NOSPC|NOTDIR|NOTEMPTY|NXIO|OVERFLOW|PERM|ROFS|STALE|TIMEDOUT|TXTBSY|XDEV)$/;

/** Whether the register will never answer this very question. */
export function isOfTheQuestion(error: unknown): error is AdapterError {
  return error instanceof AdapterError && ofTheQuestion.has(error.code);
}

/**
 * What an error means that is not of the question: trouble that passes; undefined for what nobody foresaw. A token or an access
 * that is refused passes when somebody mends the settings, so that no row has to pay for it.
 */
export function troubleOf(error: unknown): Trouble | undefined {
  const trouble = (waitingFor: WaitingFor): Trouble => ({
    waitingFor,
    error,
    leaveAloneMilliseconds: leaveAlone(error),
    mayBeTheQuestion: error instanceof AdapterError && perhapsOfTheQuestion.has(error.code),
  });
  if (error instanceof FolderUnusable) return trouble('folder');
  if (error instanceof AdapterError) {
    if (error.code === 'internal') return undefined;
    return trouble(ofTheStore.has(error.code) ? 'disk' : 'register');
  }
  const code = errorCode(error) ?? '';
  return ofTheDisk.test(code) || code === 'unknown-sealing-key' ? trouble('disk') : undefined;
}

/**
 * The pieces of a file of a job. @throws JobFilesLost where it is gone or damaged; what else reading throws, such as ENOENT while
 * the whole folder of the job is away
 */
export async function* jobFilePieces(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces;
  } catch (error) {
    throw isDamage(error) ? new JobFilesLost(error) : error;
  }
}

/** Whether what was sealed is not there as it was sealed; the store, which tells so by this code, is not known here. */
export function isDamage(error: unknown): boolean {
  return errorCode(error) === 'seal-broken';
}

function leaveAlone(error: unknown): number {
  const seconds =
    error instanceof UpstreamUnavailable || error instanceof UpstreamRateLimited
      ? (error.retryAfterSeconds ?? 0)
      : 0;
  return Math.min(LONGEST_LEFT_ALONE, seconds * 1_000);
}
