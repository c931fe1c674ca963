import { existsSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { errorCode } from '../errors/error-code.js';
import { OWN_FILE_PREFIX, prepareDataDirectory } from './data-directory.js';
import { createPrivately } from './private-file.js';
import { StoreUnavailable, reasonOf } from './store-errors.js';

/** An empty file in the data folder that everybody who has the store open holds a lock on. */
export const IN_USE_FILE = `${OWN_FILE_PREFIX}in-use`;

/** There from when a restore begins to exchange files until it has. Its folder holds neither the one store nor the other. */
export const EXCHANGE_MARK = `${OWN_FILE_PREFIX}restoring`;

/** Lets go of a folder. A second call does nothing. */
export type Leave = () => void;

/**
 * Says that the data folder is in use, beside others who use it. The lock is the operating system's, so it goes with the process,
 * however that ends, and it is there whatever has become of the database.
 * @throws StoreUnavailable while a backup is restored into the folder, or when that was broken off
 */
export function shareDirectory(directory: string): Leave {
  const lock = lockIn(directory, (database) => {
    database.exec('BEGIN');
    // The lock for readers is taken by the first look.
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
  });
  if (lock === undefined) {
    throw new StoreUnavailable(directory, 'a backup is being restored into it; wait until that is done');
  }
  if (existsSync(path.join(directory, EXCHANGE_MARK))) {
    lock();
    throw new StoreUnavailable(
      directory,
      'a restore into it was broken off; give the command preg-adapter restore again',
    );
  }
  return lock;
}

/**
 * Takes the data folder for this process alone.
 * @returns undefined while somebody has the store open
 * @throws StoreUnavailable
 */
export function takeDirectory(directory: string): Leave | undefined {
  return lockIn(directory, (database) => {
    database.exec('BEGIN EXCLUSIVE');
  });
}

function lockIn(directory: string, take: (database: BetterSqlite3.Database) => void): Leave | undefined {
  prepareDataDirectory(directory);
  const file = path.join(directory, IN_USE_FILE);
  let database: BetterSqlite3.Database | undefined;
  try {
    createPrivately(file);
    database = new BetterSqlite3(file, { timeout: 0, fileMustExist: true });
    take(database);
    const held = database;
    return () => {
      held.close();
    };
  } catch (error) {
    database?.close();
    if (errorCode(error) === 'SQLITE_BUSY') return undefined;
    throw new StoreUnavailable(directory, reasonOf(error), error);
  }
}
