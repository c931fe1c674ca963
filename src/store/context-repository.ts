import type BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import type { ContextLedger, ContextState } from '../access/context-ledger.js';
import { StoreFailed } from '../errors/errors.js';
import type { Clock } from '../runtime/clock.js';
import { contextQueries } from './context-queries.js';

/** Rows that a write removes on its way when their time has come; more than it adds, so that the tables cannot grow. */
const FORGOTTEN_PER_WRITE = 20;

/** Cancelled security contexts and renewed keys in the store. Identifiers are random and say nothing of anybody. */
export class ContextRepository implements ContextLedger {
  readonly #stateOf: BetterSqlite3.Statement<[Record<string, unknown>]>;
  readonly #forget: readonly BetterSqlite3.Statement<[string, number]>[];
  readonly #cancel: BetterSqlite3.Transaction<(row: Record<string, unknown>) => void>;
  readonly #supersede: BetterSqlite3.Transaction<(row: Record<string, unknown>) => void>;

  /** @param assertInPlace throws when the database file is no longer the one that its path names. */
  constructor(
    database: BetterSqlite3.Database,
    private readonly clock: Clock,
    private readonly assertInPlace: () => void,
  ) {
    this.#stateOf = database.prepare(contextQueries.stateOf);
    this.#forget = [
      database.prepare(contextQueries.forgetCancelled),
      database.prepare(contextQueries.forgetSuperseded),
    ];
    const writing = (
      statement: BetterSqlite3.Statement<[Record<string, unknown>]>,
    ): BetterSqlite3.Transaction<(row: Record<string, unknown>) => void> =>
      database.transaction((row) => {
        this.#forgetSome(this.clock.now(), FORGOTTEN_PER_WRITE);
        statement.run(row);
      });
    this.#cancel = writing(database.prepare(contextQueries.cancel));
    this.#supersede = writing(database.prepare(contextQueries.supersede));
  }

  cancel(identifier: string, forgetAt: Date): void {
    this.#attempt(() => {
      this.#cancel.immediate({ identifier, forgetAt: forgetAt.toISOString() });
    });
  }

  supersede(identifier: string, instance: string, endsAt: Date, forgetAt: Date): void {
    this.#attempt(() => {
      this.#supersede.immediate({
        identifier,
        instance,
        endsAt: endsAt.toISOString(),
        forgetAt: forgetAt.toISOString(),
      });
    });
  }

  stateOf(identifier: string, instance: string): ContextState {
    return this.#attempt(() => {
      const { cancelled, keyEndsAt } = stateRow.parse(this.#stateOf.get({ identifier, instance }));
      return {
        cancelled: cancelled !== 0,
        keyEndsAt: keyEndsAt === null ? undefined : new Date(keyEndsAt),
      };
    });
  }

  /**
   * Deletes what need not be known any more, at most `limit` of each kind; call again until it returns 0.
   * @returns how many were deleted
   */
  forgetBefore(instant: Date, limit = 1_000): number {
    return this.#forgetSome(instant, limit);
  }

  #forgetSome(instant: Date, limit: number): number {
    return this.#forget.reduce(
      (total, statement) => total + statement.run(instant.toISOString(), limit).changes,
      0,
    );
  }

  #attempt<Result>(work: () => Result): Result {
    try {
      this.assertInPlace();
      return work();
    } catch (error) {
      throw new StoreFailed('the state of security contexts could not be read or written', error);
    }
  }
}

const stateRow = z.object({ cancelled: z.number(), keyEndsAt: z.string().nullable() });
