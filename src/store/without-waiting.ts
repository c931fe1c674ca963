import BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { StoreBusy } from '../registry/cutover/store-busy.js';

/**
 * Work that is given up at once where another process has the write lock: while SQLite waits for it, nobody in this process is
 * answered. @throws StoreBusy, and what `work` throws
 */
export function withoutWaiting<Result>(database: BetterSqlite3.Database, work: () => Result): Result {
  const usual = z.number().parse(database.pragma('busy_timeout', { simple: true }));
  database.pragma('busy_timeout = 0');
  try {
    return work();
  } catch (error) {
    throw isBusy(error) ? new StoreBusy('another process writes to the store', error) : error;
  } finally {
    database.pragma(`busy_timeout = ${usual}`);
  }
}

/** Whether an error, or what led to it, is that somebody else has the lock. */
function isBusy(error: unknown): boolean {
  if (error instanceof BetterSqlite3.SqliteError) return error.code.startsWith('SQLITE_BUSY');
  return error instanceof Error && isBusy(error.cause);
}
