import BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { migrate, type Migration } from './migrations.js';

/**
 * The tables, indexes and triggers that are not as the steps make them: missing, of other columns, or there beyond them. What SQLite
 * keeps of their text differs from one version of it to another, so names and columns are compared.
 */
export function schemaDifferences(
  database: BetterSqlite3.Database,
  steps: readonly Migration[],
): readonly string[] {
  const model = new BetterSqlite3(':memory:');
  try {
    migrate(model, steps);
    const [expected, found] = [shapeOf(model), shapeOf(database)];
    const names = new Set([...expected.keys(), ...found.keys()]);
    return [...names].filter((name) => expected.get(name) !== found.get(name)).sort();
  } finally {
    model.close();
  }
}

function shapeOf(database: BetterSqlite3.Database): ReadonlyMap<string, string> {
  const objects = database
    .prepare(
      `SELECT type, name, tbl_name AS belongsTo FROM sqlite_schema WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'`,
    )
    .all();
  return new Map(
    objects.map((row) => {
      const { type, name, belongsTo } = schemaRow.parse(row);
      return [name, JSON.stringify([type, belongsTo, columnsOf(database, type, name)])];
    }),
  );
}

function columnsOf(database: BetterSqlite3.Database, type: string, name: string): readonly unknown[] {
  switch (type) {
    case 'table':
      return database
        .prepare(
          'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?) ORDER BY cid',
        )
        .all(name);
    case 'index':
      return database.prepare('SELECT name, "desc", key FROM pragma_index_xinfo(?) ORDER BY seqno').all(name);
    default:
      return [];
  }
}

const schemaRow = z.object({ type: z.string(), name: z.string(), belongsTo: z.string() });
