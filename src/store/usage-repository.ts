import type BetterSqlite3 from 'better-sqlite3';
import { StoreFailed } from '../errors/errors.js';
import type { UsageCount, UsageLog } from '../registry/cutover/compared-answers.js';
import { StoreBusy } from '../registry/cutover/store-busy.js';
import { usageQueries } from './usage-queries.js';
import { withoutWaiting } from './without-waiting.js';

/** What usage is kept with. */
export interface UsageParts {
  readonly database: BetterSqlite3.Database;
  /** Throws when the database file is no longer the one that its path names. */
  readonly assertInPlace: () => void;
}

/** Which client uses which operations and fields of the register, in the store: one row each, however often. */
export class StoredUsage implements UsageLog {
  readonly #parts: UsageParts;
  readonly #statements: Statements;

  constructor(parts: UsageParts) {
    this.#parts = parts;
    this.#statements = prepare(parts.database);
  }

  add(counts: readonly UsageCount[]): void {
    if (counts.length === 0) return;
    const { database } = this.#parts;
    const addAll = database.transaction(() => {
      for (const { clientId, protocol, operation, questions, fields, ...seen } of counts) {
        const row = {
          clientId,
          protocol,
          operation,
          firstSeen: seen.firstSeen.getTime(),
          lastSeen: seen.lastSeen.getTime(),
        };
        this.#statements.add.run({ ...row, questions });
        for (const [field, answers] of fields) this.#statements.addField.run({ ...row, field, answers });
      }
    });
    this.#attempt(() => {
      withoutWaiting(database, () => {
        addAll.immediate();
      });
    });
  }

  /** Deletes what nobody has used since then; there are never many. @returns how much */
  forgetBefore(instant: Date): number {
    const parameters = { before: instant.getTime() };
    return this.#write(
      () =>
        this.#statements.forget.run(parameters).changes +
        this.#statements.forgetFields.run(parameters).changes,
    );
  }

  #write<Result>(work: () => Result): Result {
    return this.#attempt(() => this.#parts.database.transaction(work).immediate());
  }

  #attempt<Result>(work: () => Result): Result {
    try {
      this.#parts.assertInPlace();
      return work();
    } catch (error) {
      if (error instanceof StoreBusy) throw error;
      throw new StoreFailed('it could not be written who uses what of the register', error);
    }
  }
}

type Statements = ReturnType<typeof prepare>;

function prepare(database: BetterSqlite3.Database) {
  const prepared = (sql: string): BetterSqlite3.Statement => database.prepare(sql);
  return {
    add: prepared(usageQueries.add),
    addField: prepared(usageQueries.addField),
    forget: prepared(usageQueries.forget),
    forgetFields: prepared(usageQueries.forgetFields),
  };
}
