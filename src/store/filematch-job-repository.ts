import type BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { StoreFailed } from '../errors/errors.js';
import type { AuditEntry } from '../operations/audit-trail.js';
import type { AuditRepository } from './audit-repository.js';
import { filematchJobQueries } from './filematch-job-queries.js';
import type { Pseudonymiser } from './pseudonymiser.js';
import type { SealedPlace, Sealer } from './sealer.js';

/** A job: what it is found by, and what it says, which is sealed. */
export interface StoredFilematchJob {
  readonly id: string;
  readonly clientId: string;
  readonly door: string;
  /** COMPLETED, REJECTED and FAILED are final; of a job that is one of the latter two the content may come again. */
  readonly state: string;
  readonly over: boolean;
  readonly acceptedAt: Date;
  readonly overAt: Date | null;
  readonly hold: string | null;
  /** @throws SealBroken, UnknownSealingKey */
  readonly record: string;
}

type WrittenJob = Omit<StoredFilematchJob, 'hold'>;

/** What the jobs are kept with. */
export interface FilematchJobParts {
  readonly database: BetterSqlite3.Database;
  readonly sealer: Sealer;
  readonly pseudonymiser: Pseudonymiser;
  /** Of the same database. */
  readonly audit: Pick<AuditRepository, 'insertWithin'>;
  /** Throws when the database file is no longer the one that its path names. */
  readonly assertInPlace: () => void;
}

/** The Filematch jobs in the store. Everything is written and read in the calling thread. @throws StoreFailed from everything */
export class StoredFilematchJobs {
  readonly #parts: FilematchJobParts;
  readonly #statements: Statements;

  constructor(parts: FilematchJobParts) {
    this.#parts = parts;
    this.#statements = prepare(parts.database);
  }

  /**
   * Adds a job, unless the same client brought the same content before in a job that was neither rejected nor failed.
   * @returns the id of that job; undefined when this one was added
   */
  add(
    row: WrittenJob,
    { sha256, forced }: { readonly sha256: string; readonly forced: boolean },
  ): string | undefined {
    // Keyed: the digest alone of a short file could be found by trying.
    const content = this.#parts.pseudonymiser.digestOf(
      'filematch content',
      JSON.stringify([row.clientId, sha256]),
    );
    return this.#write(() => {
      const earlier = forced ? undefined : this.#statements.sameContent.get(content);
      if (earlier !== undefined) return z.string().parse(earlier);
      this.#statements.add.run({ ...this.#columnsOf(row), content });
      return undefined;
    });
  }

  byId(id: string): StoredFilematchJob | undefined {
    return this.#attempt(() => {
      const found = this.#statements.byId.get(id);
      return found === undefined ? undefined : this.#jobOf(found);
    });
  }

  /** Those of a client, or all; the newest first, or of those that are not over the oldest. */
  list({
    clientId,
    over,
    state = null,
    exceptDoor = null,
    limit,
  }: {
    readonly clientId?: string | undefined;
    readonly over?: boolean | undefined;
    readonly state?: string | null | undefined;
    readonly exceptDoor?: string | null | undefined;
    readonly limit: number;
  }): readonly StoredFilematchJob[] {
    const lists = clientId === undefined ? this.#statements.ofAll : this.#statements.ofClient;
    const list = over === undefined ? lists.all : over ? lists.done : lists.toDo;
    const parameters = { state, exceptDoor, limit, ...(clientId === undefined ? {} : { clientId }) };
    return this.#attempt(() => list.all(parameters).map((found) => this.#jobOf(found)));
  }

  /** Those that were over before the instant, the longest over first, from the one on that comes after so many. */
  overBefore(
    instant: Date,
    { limit, after }: { readonly limit: number; readonly after: number },
  ): readonly StoredFilematchJob[] {
    return this.#attempt(() =>
      this.#statements.overBefore.all(instant.toISOString(), limit, after).map((found) => this.#jobOf(found)),
    );
  }

  /** Replaces state, over, overAt and record of a job that is there, and writes audit entries, all or none, durably. */
  save(row: WrittenJob, entries: readonly AuditEntry[]): void {
    this.#write(() => {
      const { id, clientId, state, over, overAt, sealedRecord } = this.#columnsOf(row);
      const { changes } = this.#statements.save.run({ id, clientId, state, over, overAt, sealedRecord });
      if (changes === 0) throw new StoreFailed('the job is not there any more');
      if (entries.length > 0) this.#parts.audit.insertWithin(entries);
    });
  }

  /** @returns whether there is such a job that is in no final state and not cancelled */
  setHold(id: string, hold: string | null): boolean {
    return this.#attempt(() => this.#statements.setHold.run({ id, hold }).changes > 0);
  }

  /** Nothing happens where there is none. */
  remove(id: string): void {
    this.#attempt(() => this.#statements.remove.run(id));
  }

  #columnsOf(row: WrittenJob) {
    return {
      id: row.id,
      clientId: row.clientId,
      door: row.door,
      state: row.state,
      over: row.over ? 1 : 0,
      acceptedAt: row.acceptedAt.toISOString(),
      overAt: row.overAt?.toISOString() ?? null,
      sealedRecord: this.#parts.sealer.seal(Buffer.from(row.record, 'utf8'), placeOf(row)),
    };
  }

  #jobOf(found: unknown): StoredFilematchJob {
    const { client_id, accepted_at, over_at, sealed_record, over, ...rest } = jobRow.parse(found);
    const { sealer } = this.#parts;
    return {
      ...rest,
      clientId: client_id,
      over: over === 1,
      acceptedAt: new Date(accepted_at),
      overAt: over_at === null ? null : new Date(over_at),
      // Opened when it is read: one that does not open must not hide the others.
      get record() {
        const place = placeOf({ id: rest.id, clientId: client_id });
        return Buffer.from(sealer.open(sealed_record, place)).toString('utf8');
      },
    };
  }

  /** The write lock is taken first, so that what is read is what is changed. */
  #write<Result>(work: () => Result): Result {
    return this.#attempt(() => this.#parts.database.transaction(work).immediate());
  }

  #attempt<Result>(work: () => Result): Result {
    try {
      this.#parts.assertInPlace();
      return work();
    } catch (error) {
      if (error instanceof StoreFailed) throw error;
      throw new StoreFailed('the Filematch jobs could not be read or written', error);
    }
  }
}

type Statements = ReturnType<typeof prepare>;

function prepare(database: BetterSqlite3.Database) {
  const prepared = (sql: string): BetterSqlite3.Statement => database.prepare(sql);
  const queries = filematchJobQueries;
  return {
    sameContent: prepared(queries.sameContent).pluck(),
    add: prepared(queries.add),
    byId: prepared(queries.byId),
    ofAll: { all: prepared(queries.all), toDo: prepared(queries.toDo), done: prepared(queries.done) },
    ofClient: {
      all: prepared(queries.allOfClient),
      toDo: prepared(queries.toDoOfClient),
      done: prepared(queries.doneOfClient),
    },
    overBefore: prepared(queries.overBefore),
    save: prepared(queries.save),
    setHold: prepared(queries.setHold),
    remove: prepared(queries.remove),
  };
}

/** With the client: whoever changes the row cannot give the job to another one. */
function placeOf({ id, clientId }: Pick<WrittenJob, 'id' | 'clientId'>): SealedPlace {
  return { table: 'filematch_job', column: 'sealed_record', row: `${id} ${clientId}` };
}

const jobRow = z.object({
  id: z.string(),
  client_id: z.string(),
  door: z.string(),
  state: z.string(),
  over: z.number(),
  accepted_at: z.string(),
  over_at: z.string().nullable(),
  hold: z.string().nullable(),
  sealed_record: z.instanceof(Uint8Array),
});
