import { createHash } from 'node:crypto';
import type BetterSqlite3 from 'better-sqlite3';
import type { NonceLedger } from '../access/nonce-ledger.js';
import { StoreFailed } from '../errors/errors.js';
import type { Clock } from '../runtime/clock.js';
import { nonceQueries } from './nonce-queries.js';

/** Nonces that one user may have alive; more than any client sends in the time that they are remembered. */
const LIVE_NONCES = 100_000;
/** Rows that a write removes on its way when their time has come; more than it adds, so that the table cannot grow. */
const FORGOTTEN_PER_WRITE = 20;
/**
 * How much longer than necessary a nonce is remembered: for messages that were taken in at the last moment and wait, and
 * for a clock that is set back.
 */
const GRACE_MILLISECONDS = 5 * 60_000;

/** Used nonces in the store, known by digests of user name and nonce. */
export class NonceRepository implements NonceLedger {
  readonly #isUsed: BetterSqlite3.Statement<[Buffer, Buffer]>;
  readonly #alive: BetterSqlite3.Statement<[Buffer]>;
  readonly #insert: BetterSqlite3.Statement<[Buffer, Buffer, string]>;
  readonly #forget: BetterSqlite3.Statement<[string, number]>;
  readonly #use: BetterSqlite3.Transaction<
    (user: Buffer, nonce: Buffer, forgetAt: string) => ReturnType<NonceLedger['use']>
  >;

  /** @param assertInPlace throws when the database file is no longer the one that its path names. */
  constructor(
    database: BetterSqlite3.Database,
    private readonly clock: Clock,
    private readonly assertInPlace: () => void,
    private readonly liveNonces = LIVE_NONCES,
  ) {
    this.#isUsed = database.prepare<[Buffer, Buffer]>(nonceQueries.isUsed).pluck();
    this.#alive = database.prepare<[Buffer]>(nonceQueries.alive).pluck();
    this.#insert = database.prepare(nonceQueries.use);
    this.#forget = database.prepare(nonceQueries.forget);
    this.#use = database.transaction((user: Buffer, nonce: Buffer, forgetAt: string) => {
      this.forgetBefore(this.clock.now(), FORGOTTEN_PER_WRITE);
      if (this.#isUsed.get(user, nonce) !== 0) return 'used';
      if (Number(this.#alive.get(user)) >= this.liveNonces) return 'full';
      this.#insert.run(user, nonce, forgetAt);
      return 'fresh';
    });
  }

  use(username: string, nonce: Uint8Array, forgetAt: Date): 'fresh' | 'used' | 'full' {
    try {
      this.assertInPlace();
      const keptUntil = new Date(forgetAt.getTime() + GRACE_MILLISECONDS).toISOString();
      // Immediate, so that of two processes that look at once only one finds it fresh.
      return this.#use.immediate(digestOf(username), digestOf(nonce), keptUntil);
    } catch (error) {
      throw new StoreFailed('a nonce could not be looked up or taken note of', error);
    }
  }

  /**
   * Deletes what need not be known any more, at most `limit`; call again until it returns 0.
   * @returns how many were deleted
   */
  forgetBefore(instant: Date, limit = 1_000): number {
    return this.#forget.run(instant.toISOString(), limit).changes;
  }
}

function digestOf(value: string | Uint8Array): Buffer {
  return createHash('sha256').update(value).digest();
}
