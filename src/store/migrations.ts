import type BetterSqlite3 from 'better-sqlite3';

/** One step of the schema. Appended, never edited: databases in the field have run it. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** The schema's history; a database that has run the first n has `user_version` n. */
export const migrations: readonly Migration[] = [
  {
    name: 'audit trail',
    sql: `
      CREATE TABLE audit_entry (
        -- AUTOINCREMENT: a number never comes back after a purge, so a gap always means a missing entry.
        seq            INTEGER PRIMARY KEY AUTOINCREMENT,
        at             TEXT NOT NULL, -- ISO 8601 in UTC with milliseconds: sorts as text
        correlation_id TEXT NOT NULL,
        client_id      TEXT,
        protocol       TEXT NOT NULL,
        operation      TEXT,
        pseudonym      TEXT,
        outcome        TEXT NOT NULL,
        sealed_detail  BLOB NOT NULL
      ) STRICT;

      -- "Who has looked this person up?" reads a handful of rows out of millions. Entries without a person are left out.
      CREATE INDEX audit_entry_by_pseudonym ON audit_entry (pseudonym) WHERE pseudonym IS NOT NULL;

      -- The daily purge finds the oldest entries without reading those it keeps.
      CREATE INDEX audit_entry_by_time ON audit_entry (at);

      -- One row, rewritten by the readiness check to prove that the store takes writes.
      CREATE TABLE probe (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        at TEXT NOT NULL
      ) STRICT;
    `,
  },
  {
    name: 'security contexts',
    sql: `
      -- A context token is good until it ends by itself, unless it stands here. Rows go when the token would have ended.
      CREATE TABLE cancelled_context (
        identifier TEXT PRIMARY KEY,
        forget_at  TEXT NOT NULL -- ISO 8601 in UTC with milliseconds
      ) STRICT;
      CREATE INDEX cancelled_context_by_time ON cancelled_context (forget_at);

      CREATE TABLE superseded_key (
        identifier TEXT NOT NULL,
        instance   TEXT NOT NULL, -- empty for the key that the context was issued with
        ends_at    TEXT NOT NULL,
        forget_at  TEXT NOT NULL,
        PRIMARY KEY (identifier, instance)
      ) STRICT;
      CREATE INDEX superseded_key_by_time ON superseded_key (forget_at);
    `,
  },
];

/**
 * Runs what the database has not run yet, each step in a transaction of its own together with the new version number,
 * so that an interrupted start leaves whole steps only. Processes that start together run each step once.
 * @returns the version that was found; when it is above `steps.length`, nothing was done.
 */
export function migrate(database: BetterSqlite3.Database, steps: readonly Migration[] = migrations): number {
  const found = version(database);
  for (const [index, step] of steps.entries()) {
    database
      .transaction(() => {
        // Read again under the write lock: another process may have been faster.
        if (version(database) > index) return;
        database.exec(step.sql);
        database.pragma(`user_version = ${index + 1}`);
      })
      .immediate();
  }
  return found;
}

function version(database: BetterSqlite3.Database): number {
  const value: unknown = database.pragma('user_version', { simple: true });
  if (typeof value !== 'number') throw new TypeError('user_version is not a number');
  return value;
}
