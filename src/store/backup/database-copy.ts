import { existsSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { DATABASE_FILE } from '../database.js';
import { migrations } from '../migrations.js';
import { SchemaTooNew, StoreUnavailable, reasonOf } from '../store-errors.js';

/** In one go: a copy in portions begins anew with every commit of somebody else, and would never end beside a busy adapter. */
const EVERY_PAGE = 0x7fff_ffff;

/**
 * Copies the database of a data folder as it is at one moment, whoever has it open and writes to it. The source is not changed,
 * whatever its schema version is.
 * @param to the folder of the copy, without a database yet
 * @throws StoreUnavailable
 */
export async function copyDatabase(directory: string, to: string): Promise<void> {
  await withDatabase(directory, async (database) => {
    await database.backup(path.join(to, DATABASE_FILE), { progress: () => EVERY_PAGE });
  });
}

/** What a database is like, looked at from outside. */
export interface DatabaseCondition {
  /** How many steps of its history it has behind it. */
  readonly schema: number;
  /** What SQLite finds wrong with it; none where it is whole. Names of tables and pages, never content. */
  readonly faults: readonly string[];
}

/** Looks through a database without changing its schema. @throws StoreUnavailable */
export function conditionOf(directory: string): Promise<DatabaseCondition> {
  return withDatabase(directory, (database) => {
    // A NOT NULL or a key that does not hold is told with the row's number, never with what stands there.
    const faults = integrityRows
      .parse(database.pragma('integrity_check(20)'))
      .map(({ integrity_check: said }) => said);
    return { schema: versionOf(database), faults: faults.filter((fault) => fault !== 'ok') };
  });
}

/** The steps that a start would take, by name. @throws SchemaTooNew, StoreUnavailable */
export async function stepsToCome(directory: string): Promise<readonly string[]> {
  const schema = await withDatabase(directory, versionOf);
  if (schema > migrations.length) throw new SchemaTooNew(directory, schema, migrations.length);
  return migrations.slice(schema).map(({ name }) => name);
}

/** How many help numbers were given out by the store of a folder; undefined where there is none that could tell. */
export async function helpNumbersIn(directory: string): Promise<number | undefined> {
  try {
    return await withDatabase(directory, (database) =>
      Number(database.prepare('SELECT count(*) FROM help_number').pluck().get()),
    );
  } catch (error) {
    if (error instanceof StoreUnavailable) return undefined;
    throw error;
  }
}

async function withDatabase<Result>(
  directory: string,
  use: (database: BetterSqlite3.Database) => Promise<Result> | Result,
): Promise<Result> {
  const file = path.join(directory, DATABASE_FILE);
  if (!existsSync(file)) throw new StoreUnavailable(directory, 'there is no database in it');
  let database: BetterSqlite3.Database | undefined;
  try {
    database = new BetterSqlite3(file, { fileMustExist: true, timeout: 5_000 });
    return await use(database);
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    throw new StoreUnavailable(directory, reasonOf(error), error);
  } finally {
    database?.close();
  }
}

function versionOf(database: BetterSqlite3.Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

const integrityRows = z.array(z.object({ integrity_check: z.string() }));
