import { existsSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { DATABASE_FILE } from './database.js';
import { migrations } from './migrations.js';
import { StoreUnavailable, reasonOf } from './store-errors.js';

/** What a look at the database of a data folder has found. */
export interface DatabaseLook {
  /** The version of its schema; undefined where there is no database yet. */
  readonly found: number | undefined;
  /** The version that this program works with. */
  readonly known: number;
}

/** Looks without changing anything, not even the schema. @throws StoreUnavailable for a database that cannot be read */
export function lookAtDatabase(directory: string): DatabaseLook {
  const known = migrations.length;
  const file = path.join(directory, DATABASE_FILE);
  try {
    if (!existsSync(file)) return { found: undefined, known };
    const database = new BetterSqlite3(file, { readonly: true, fileMustExist: true });
    try {
      const found: unknown = database.pragma('user_version', { simple: true });
      return { found: typeof found === 'number' ? found : 0, known };
    } finally {
      database.close();
    }
  } catch (error) {
    throw new StoreUnavailable(directory, reasonOf(error), error);
  }
}
