import { mkdirSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { errorCode } from '../errors/error-code.js';
import { StoreFailed } from '../errors/errors.js';
import type { Random } from '../runtime/random.js';
import { createPrivately } from './private-file.js';
import { ReferenceIndex } from './reference-index.js';

/** The right to work on a job, and what is known of the references in its file. */
export interface StoredJobClaim {
  /** Whether no earlier row has the reference. @throws StoreFailed; the question may be asked again */
  isFirst(ownRef: string, row: number): boolean;
  /** A second call does nothing. */
  release(): void;
}

/** Takes jobs for this process. The lock is the operating system's, so it goes with the process, however that ends. */
export class JobClaims {
  readonly #held = new Set<StoredJobClaim>();

  constructor(private readonly random: Random) {}

  /**
   * @param folder the job's; made where there is none
   * @returns undefined when another process, or another part of this one, has the job
   * @throws StoreFailed
   */
  take(folder: string): StoredJobClaim | undefined {
    const lock = attempt(() => {
      for (const each of [path.dirname(folder), folder]) mkdirSync(each, { recursive: true, mode: 0o700 });
      return lockOf(path.join(folder, 'claim'));
    });
    if (lock === undefined) return undefined;
    const index = new ReferenceIndex(path.join(folder, 'references'), this.random);
    const claim: StoredJobClaim = {
      isFirst: (ownRef, row) => {
        if (!lock.open) throw new StoreFailed('the claim of the job was released');
        return attempt(() => index.isFirst(ownRef, row));
      },
      release: () => {
        if (!this.#held.delete(claim)) return;
        // The index first: once the lock is gone, its file is another's.
        index.close();
        lock.close();
      },
    };
    this.#held.add(claim);
    return claim;
  }

  releaseAll(): void {
    for (const claim of this.#held) claim.release();
  }
}

/**
 * A connection with a transaction that never does anything: its file has SQLite's exclusive lock for as long as it is open.
 * A file of its own, since an error may end a transaction that writes, and the lock with it.
 */
function lockOf(file: string): BetterSqlite3.Database | undefined {
  createPrivately(file);
  const database = new BetterSqlite3(file, { timeout: 0, fileMustExist: true });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (errorCode(error) === 'SQLITE_BUSY') return undefined;
    throw error;
  }
}

function attempt<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new StoreFailed('the claim of a Filematch job could not be used', error);
  }
}
