import type BetterSqlite3 from 'better-sqlite3';
import { StoreFailed } from '../errors/errors.js';
import type { ForwardedMessages, SentMessage } from '../registry/forwarded-messages.js';
import type { Clock } from '../runtime/clock.js';
import { forwardedMessageQueries } from './forwarded-message-queries.js';
import type { Pseudonymiser } from './pseudonymiser.js';

/** What the repository is made of. */
export interface ForwardedMessageParts {
  readonly database: BetterSqlite3.Database;
  readonly pseudonymiser: Pick<Pseudonymiser, 'digestOf'>;
  readonly clock: Clock;
  /** Throws when the database file is no longer the one that its path names. */
  readonly assertInPlace: () => void;
}

/** Forwarded messages in the store, by keyed digests: ids are the sender's words, and may say anything. */
export class StoredForwardedMessages implements ForwardedMessages {
  readonly #isKnown: BetterSqlite3.Statement<[Buffer]>;
  readonly #remember: BetterSqlite3.Statement<[Buffer, number]>;
  readonly #forget: BetterSqlite3.Statement<[number, number]>;

  constructor(private readonly parts: ForwardedMessageParts) {
    const { database } = parts;
    this.#isKnown = database.prepare<[Buffer]>(forwardedMessageQueries.isKnown).pluck();
    this.#remember = database.prepare(forwardedMessageQueries.remember);
    this.#forget = database.prepare(forwardedMessageQueries.forget);
  }

  isKnown(message: SentMessage): boolean {
    return this.#attempt(() => this.#isKnown.get(this.#digestOf(message)) === 1);
  }

  remember(message: SentMessage): void {
    const at = this.parts.clock.now().getTime();
    this.#attempt(() => this.#remember.run(this.#digestOf(message), at));
  }

  /**
   * Deletes what was let through before an instant, at most `limit`; call again until it returns 0.
   * @returns how many were deleted
   */
  forgetBefore(instant: Date, limit = 1_000): number {
    return this.#forget.run(instant.getTime(), limit).changes;
  }

  #digestOf({ clientId, messageId }: SentMessage): Buffer {
    return this.parts.pseudonymiser.digestOf('forwarded message', JSON.stringify([clientId, messageId]));
  }

  #attempt<Result>(work: () => Result): Result {
    try {
      this.parts.assertInPlace();
      return work();
    } catch (error) {
      throw new StoreFailed('a message to the old register could not be looked up or taken note of', error);
    }
  }
}
