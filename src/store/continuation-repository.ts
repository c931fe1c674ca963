import type BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { StoreFailed } from '../errors/errors.js';
import { isNationalId, type NationalId } from '../person/national-id.js';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import { continuationQueries } from './continuation-queries.js';
import type { Pseudonymiser } from './pseudonymiser.js';
import type { SealedPlace, Sealer } from './sealer.js';

/** The hits of a search that may be continued. */
export interface StoredHits {
  readonly clientId: string;
  readonly queryTag: string;
  readonly queryDigest: string;
  readonly numbers: readonly NationalId[];
  readonly total: number;
  readonly byAddress: boolean;
}

/** What continuations are kept with. */
export interface ContinuationParts {
  readonly database: BetterSqlite3.Database;
  readonly sealer: Sealer;
  readonly pseudonymiser: Pseudonymiser;
  readonly clock: Clock;
  readonly random: Random;
  /** Throws when the database file is no longer the one that its path names. */
  readonly assertInPlace: () => void;
}

/** Searches that a client may have begun and not ended. */
const MOST_OF_CLIENT = 20;
/** Rows that a write removes on its way when their time has come; more than it adds, so that the table cannot grow. */
const FORGOTTEN_PER_WRITE = 20;
const NAME_OCTETS = 16;

/** The hits of searches that may be continued, sealed in the store. @throws StoreFailed from everything */
export class StoredContinuations {
  readonly #parts: ContinuationParts;
  readonly #statements: Statements;

  constructor(
    parts: ContinuationParts,
    private readonly mostOfClient = MOST_OF_CLIENT,
  ) {
    this.#parts = parts;
    this.#statements = prepare(parts.database);
  }

  /**
   * Keeps hits until then. A client that has too many loses those it asked for longest ago.
   * @returns the name that tells them: 32 of 0-9a-f
   */
  keep(hits: StoredHits, until: Date): string {
    const name = Buffer.from(this.#parts.random.bytes(NAME_OCTETS)).toString('hex');
    const { clientId } = hits;
    const content = Buffer.from(JSON.stringify(hits), 'utf8');
    this.#write(() => {
      this.forgetBefore(this.#parts.clock.now(), FORGOTTEN_PER_WRITE);
      this.#statements.keep.run({
        name,
        clientId,
        query: this.#queryOf(clientId, hits.queryTag),
        forgetAt: until.toISOString(),
        sealedHits: this.#parts.sealer.seal(content, placeOf(name, clientId)),
      });
      this.#statements.forgetBeyond.run({ clientId, most: this.mostOfClient });
    });
    return name;
  }

  /** The hits of that client under a name, kept until then from now on; undefined when there are none, or no longer. */
  find(clientId: string, name: string, until: Date): StoredHits | undefined {
    return this.#write(() => {
      const now = this.#parts.clock.now().toISOString();
      const found = this.#statements.find.get({ name, clientId, now });
      if (found === undefined) return undefined;
      const sealed = z.instanceof(Uint8Array).parse(found);
      const content = Buffer.from(this.#parts.sealer.open(sealed, placeOf(name, clientId)));
      this.#statements.prolong.run({ name, forgetAt: until.toISOString() });
      return hitsSchema.parse(JSON.parse(content.toString('utf8')));
    });
  }

  /** Forgets what that client asked for under a query tag. @returns how many searches that were */
  endQuery(clientId: string, queryTag: string): number {
    return this.#write(
      () => this.#statements.endQuery.run({ clientId, query: this.#queryOf(clientId, queryTag) }).changes,
    );
  }

  /**
   * Deletes what need not be known any more, at most `limit`; call again until it returns 0.
   * @returns how many were deleted
   */
  forgetBefore(instant: Date, limit = 1_000): number {
    return this.#statements.forget.run(instant.toISOString(), limit).changes;
  }

  /** Keyed: clients put what they like into a tag. */
  #queryOf(clientId: string, queryTag: string): Buffer {
    return this.#parts.pseudonymiser.digestOf('hl7v2 query', JSON.stringify([clientId, queryTag]));
  }

  /** The write lock is taken first, so that what is read is what is changed. */
  #write<Result>(work: () => Result): Result {
    try {
      this.#parts.assertInPlace();
      return this.#parts.database.transaction(work).immediate();
    } catch (error) {
      throw new StoreFailed('continuations could not be read or written', error);
    }
  }
}

type Statements = ReturnType<typeof prepare>;

function prepare(database: BetterSqlite3.Database) {
  const prepared = (sql: string): BetterSqlite3.Statement => database.prepare(sql);
  return {
    keep: prepared(continuationQueries.keep),
    find: prepared(continuationQueries.find).pluck(),
    prolong: prepared(continuationQueries.prolong),
    endQuery: prepared(continuationQueries.endQuery),
    forgetBeyond: prepared(continuationQueries.forgetBeyond),
    forget: prepared(continuationQueries.forget),
  };
}

/** With the client: whoever changes the row cannot give the hits to another one. */
function placeOf(name: string, clientId: string): SealedPlace {
  return { table: 'hl7v2_continuation', column: 'sealed_hits', row: `${name} ${clientId}` };
}

const hitsSchema = z.object({
  clientId: z.string(),
  queryTag: z.string(),
  queryDigest: z.string(),
  numbers: z.array(z.string().refine(isNationalId)),
  total: z.number(),
  byAddress: z.boolean(),
});
