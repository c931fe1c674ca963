import { chmodSync, closeSync, constants, existsSync, openSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { OWN_FILE_PREFIX, prepareDataDirectory } from './data-directory.js';
import { migrate, migrations, type Migration } from './migrations.js';
import { schemaDifferences } from './schema-shape.js';
import { SchemaTooNew, StoreUnavailable, reasonOf } from './store-errors.js';

/** The database's file name in the data folder. */
export const DATABASE_FILE = `${OWN_FILE_PREFIX}sqlite`;

/** How long a start waits for another process's write lock, which may be changing the schema. */
const BUSY_AT_START_MILLISECONDS = 5_000;

/** The same for a statement later on. The lock is held for milliseconds then, and the whole process waits. */
const BUSY_MILLISECONDS = 2_000;

/**
 * Opens the database in the data folder, making both where they are missing, and brings its schema up to date.
 * @throws StoreUnavailable, or SchemaTooNew for a database of a newer program; nothing is left open or changed then.
 */
export function openDatabase(
  directory: string,
  steps: readonly Migration[] = migrations,
): BetterSqlite3.Database {
  prepareDataDirectory(directory);
  const file = path.join(directory, DATABASE_FILE);
  let database: BetterSqlite3.Database | undefined;
  try {
    createPrivately(file);
    database = new BetterSqlite3(file, { timeout: BUSY_AT_START_MILLISECONDS });
    const found = configureAndMigrate(database, steps);
    if (found > steps.length) throw new SchemaTooNew(directory, found, steps.length);
    if (found < steps.length) assertShape(database, directory, steps);
    database.pragma(`busy_timeout = ${BUSY_MILLISECONDS}`);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof StoreUnavailable) throw error;
    throw new StoreUnavailable(directory, reasonOf(error), error);
  }
}

/** A step that found other tables than it was written for shows here, and not under the first request that needs them. */
function assertShape(database: BetterSqlite3.Database, directory: string, steps: readonly Migration[]): void {
  const differences = schemaDifferences(database, steps);
  if (differences.length === 0) return;
  throw new StoreUnavailable(
    directory,
    `its database is not as schema version ${steps.length} is made: ${differences.join(', ')}; somebody else changed it, restore a backup`,
  );
}

/** A database that lives as long as its connection. */
export function openMemoryDatabase(): BetterSqlite3.Database {
  const database = new BetterSqlite3(':memory:');
  migrate(database, migrations);
  return database;
}

/** SQLite gives -wal and -shm the rights of the database file, so that file gets its rights before SQLite sees it. */
function createPrivately(file: string): void {
  // Opened for writing: SQLite itself would silently fall back to reading only.
  closeSync(openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600));
  for (const name of [file, `${file}-wal`, `${file}-shm`]) {
    if (existsSync(name)) chmodSync(name, 0o600);
  }
}

function configureAndMigrate(database: BetterSqlite3.Database, steps: readonly Migration[]): number {
  enterWalMode(database);
  // NORMAL may lose the last commits when the power goes; an audit entry is on the disk before its answer leaves.
  database.pragma('synchronous = FULL');
  // The same promise on macOS, where fsync alone does not reach the disk.
  database.pragma('fullfsync = ON');
  // What retention deletes is overwritten, not only unlinked.
  database.pragma('secure_delete = ON');
  database.pragma('journal_size_limit = 67108864');
  database.pragma('trusted_schema = OFF');
  return migrate(database, steps);
}

function enterWalMode(database: BetterSqlite3.Database): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      database.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      // Of two processes that make a database together one is told "busy" at once, without the busy timeout.
      // Taking the write lock waits for the other; after that the mode is set already.
      if (!(error instanceof BetterSqlite3.SqliteError) || error.code !== 'SQLITE_BUSY' || attempt === 10) {
        throw error;
      }
      database.exec('BEGIN IMMEDIATE; COMMIT');
    }
  }
}
