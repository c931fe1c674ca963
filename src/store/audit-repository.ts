import type BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { protocols } from '../access/legacy-client.js';
import { AuditUnavailable } from '../errors/errors.js';
import type { AuditDetail, AuditEntry } from '../operations/audit-trail.js';
import { routes, sources } from '../registry/cutover/route.js';
import type { NationalId } from '../person/national-id.js';
import { auditQueries } from './audit-queries.js';
import type { AuditWriter } from './joint-audit-trail.js';
import type { Pseudonymiser } from './pseudonymiser.js';
import type { SealedPlace, Sealer } from './sealer.js';

/** An entry as it is read back: the person under the pseudonym, the detail opened. */
export interface StoredAuditEntry {
  /** Ascending without gaps until retention removes the oldest. */
  readonly seq: number;
  readonly at: Date;
  readonly correlationId: string;
  readonly clientId: string | null;
  readonly protocol: string;
  readonly operation: string | null;
  readonly pseudonym: string | null;
  /** As written; an older entry may hold an error code that is gone from the catalogue. */
  readonly outcome: string;
  /** Null too for entries from before there was a cache. */
  readonly keptSource: string | null;
  readonly detail: AuditDetail;
}

/** The audit trail in the store. Everything is written and read in the calling thread. */
export class AuditRepository implements AuditWriter {
  readonly #sealer: Sealer;
  readonly #pseudonymiser: Pseudonymiser;
  readonly #nextSeq: BetterSqlite3.Statement<[]>;
  readonly #insert: BetterSqlite3.Statement;
  readonly #entriesAfter: BetterSqlite3.Statement<[number, number]>;
  readonly #entriesBySubject: BetterSqlite3.Statement<[string, number, number]>;
  readonly #purgeBefore: BetterSqlite3.Statement<[string, number]>;
  readonly #append: BetterSqlite3.Transaction<(entries: readonly AuditEntry[]) => void>;
  readonly #assertInPlace: () => void;

  /** @param assertInPlace throws when the database file is no longer the one that its path names. */
  constructor(
    database: BetterSqlite3.Database,
    sealer: Sealer,
    pseudonymiser: Pseudonymiser,
    assertInPlace: () => void,
  ) {
    this.#sealer = sealer;
    this.#pseudonymiser = pseudonymiser;
    this.#assertInPlace = assertInPlace;
    this.#nextSeq = database.prepare(auditQueries.nextSeq);
    this.#insert = database.prepare(auditQueries.insert);
    this.#entriesAfter = database.prepare(auditQueries.entriesAfter);
    this.#entriesBySubject = database.prepare(auditQueries.entriesBySubject);
    this.#purgeBefore = database.prepare(auditQueries.purgeBefore);
    this.#append = database.transaction((entries: readonly AuditEntry[]) => {
      this.insertWithin(entries);
    });
  }

  /** Adds entries to a transaction of the same connection that has the write lock. @throws what SQLite throws */
  insertWithin(entries: readonly AuditEntry[]): void {
    const { next } = nextSeqRow.parse(this.#nextSeq.get());
    entries.forEach((entry, index) => {
      this.#insertOne(entry, next + index);
    });
  }

  #insertOne(entry: AuditEntry, seq: number): void {
    this.#insert.run(
      seq,
      entry.at.toISOString(),
      entry.correlationId,
      entry.clientId,
      entry.protocol,
      entry.operation,
      entry.subject === null ? (entry.pseudonym ?? null) : this.#pseudonymiser.pseudonymOf(entry.subject),
      entry.outcome,
      entry.keptSource,
      this.#sealer.seal(Buffer.from(JSON.stringify(entry.detail), 'utf8'), placeOf(seq)),
    );
  }

  record(entries: readonly AuditEntry[]): void {
    try {
      this.#assertInPlace();
      // The write lock is taken first, so that the number read is the number used.
      this.#append.immediate(entries);
    } catch (error) {
      throw new AuditUnavailable('the audit entry could not be written', error);
    }
  }

  /**
   * All entries, oldest first. Read page by page, so entries may be recorded while a caller still iterates.
   * @throws UnknownSealingKey, SealBroken
   */
  *entries(pageSize = 500): Generator<StoredAuditEntry> {
    yield* this.#pages((after) => this.#entriesAfter.all(after, pageSize));
  }

  /**
   * The entries about one person, oldest first; entries made under another pseudonym key are not found.
   * @throws UnknownSealingKey, SealBroken
   */
  *bySubject(subject: NationalId, pageSize = 500): Generator<StoredAuditEntry> {
    const pseudonym = this.#pseudonymiser.pseudonymOf(subject);
    yield* this.#pages((after) => this.#entriesBySubject.all(pseudonym, after, pageSize));
  }

  /**
   * Deletes entries made before the instant, the oldest first and at most `limit`, so that the write lock is held
   * briefly; call again until it returns 0.
   * @returns how many were deleted
   */
  purgeBefore(instant: Date, limit = 1_000): number {
    return this.#purgeBefore.run(instant.toISOString(), limit).changes;
  }

  *#pages(read: (after: number) => unknown[]): Generator<StoredAuditEntry> {
    let after = 0;
    for (let rows = read(after); rows.length > 0; rows = read(after)) {
      for (const row of rows) {
        const entry = this.#entryOf(row);
        after = entry.seq;
        yield entry;
      }
    }
  }

  #entryOf(row: unknown): StoredAuditEntry {
    const { sealed_detail, correlation_id, client_id, kept_source, at, ...rest } = entryRow.parse(row);
    const detail = Buffer.from(this.#sealer.open(sealed_detail, placeOf(rest.seq))).toString('utf8');
    return {
      ...rest,
      at: new Date(at),
      correlationId: correlation_id,
      clientId: client_id,
      keptSource: kept_source,
      detail: detailForm.parse(JSON.parse(detail)),
    };
  }
}

function placeOf(seq: number): SealedPlace {
  return { table: 'audit_entry', column: 'sealed_detail', row: String(seq) };
}

const nextSeqRow = z.object({ next: z.number() });

const entryRow = z.object({
  seq: z.number(),
  at: z.string(),
  correlation_id: z.string(),
  client_id: z.string().nullable(),
  protocol: z.string(),
  operation: z.string().nullable(),
  pseudonym: z.string().nullable(),
  outcome: z.string(),
  kept_source: z.string().nullable(),
  sealed_detail: z.instanceof(Uint8Array),
});

const detailForm = z.object({
  remoteAddress: z.string(),
  requester: z.string().optional(),
  job: z.string().optional(),
  receiver: z.string().optional(),
  count: z.number().optional(),
  settings: z.array(z.string()).optional(),
  answeredBy: z.array(z.object({ route: z.enum(routes), source: z.enum(sources) })).optional(),
  scope: z
    .object({
      clientId: z.string().optional(),
      protocol: z.enum(protocols).optional(),
      operation: z.string().optional(),
    })
    .optional(),
  route: z.object({ route: z.enum(routes), percent: z.number().optional() }).optional(),
  reason: z.string().optional(),
});
