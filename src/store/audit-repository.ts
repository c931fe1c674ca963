import type BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { AuditUnavailable } from '../errors/errors.js';
import type { AuditEntry } from '../operations/audit-trail.js';
import type { NationalId } from '../person/national-id.js';
import { ChainArithmetic, type RemovedRange } from './audit-chain.js';
import { AuditLedger } from './audit-ledger.js';
import { auditQueries } from './audit-queries.js';
import {
  auditRowOf,
  placeOf,
  readEntryOf,
  storedEntryOf,
  type AuditRow,
  type ReadAuditEntry,
  type StoredAuditEntry,
} from './audit-rows.js';
import { verifyChain, type AuditVerdict, type KnownEntry } from './audit-verification.js';
import type { AuditWriter } from './joint-audit-trail.js';
import type { Pseudonymiser } from './pseudonymiser.js';
import type { Sealer } from './sealer.js';

/** The legal basis or the purpose of what a client asks, by its id; undefined where none is configured. */
export type PurposeOf = (clientId: string | null) => string | undefined;

/** A time that begins with `from` and ends before `to`. */
export interface Period {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** The audit trail in the store. Everything is written and read in the calling thread. */
export class AuditRepository implements AuditWriter {
  readonly #sealer: Sealer;
  readonly #pseudonymiser: Pseudonymiser;
  readonly #purposeOf: PurposeOf;
  readonly #chain: ChainArithmetic;
  readonly #ledger: AuditLedger;
  readonly #database: BetterSqlite3.Database;
  readonly #insert: BetterSqlite3.Statement;
  readonly #entriesAfter: BetterSqlite3.Statement<[number, number]>;
  readonly #entriesBySubject: BetterSqlite3.Statement<[string, number, number]>;
  readonly #ofRequest: BetterSqlite3.Statement<[string, string, string, number]>;
  readonly #span: BetterSqlite3.Statement<[string, string]>;
  readonly #append: BetterSqlite3.Transaction<(entries: readonly AuditEntry[]) => void>;
  readonly #purge: BetterSqlite3.Transaction<(before: string, limit: number) => number>;
  readonly #assertInPlace: () => void;

  /** @param assertInPlace throws when the database file is no longer the one that its path names. */
  constructor(
    database: BetterSqlite3.Database,
    sealer: Sealer,
    pseudonymiser: Pseudonymiser,
    assertInPlace: () => void,
    purposeOf: PurposeOf = () => undefined,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#pseudonymiser = pseudonymiser;
    this.#assertInPlace = assertInPlace;
    this.#purposeOf = purposeOf;
    this.#chain = new ChainArithmetic(pseudonymiser);
    this.#ledger = new AuditLedger(database, this.#chain);
    this.#insert = database.prepare(auditQueries.insert);
    this.#entriesAfter = database.prepare(auditQueries.entriesAfter);
    this.#entriesBySubject = database.prepare(auditQueries.entriesBySubject);
    this.#ofRequest = database.prepare(auditQueries.ofRequest);
    this.#span = database.prepare(auditQueries.span);
    this.#append = database.transaction((entries: readonly AuditEntry[]) => {
      this.insertWithin(entries);
    });
    this.#purge = removal(database, this.#ledger);
  }

  /** Adds entries to a transaction of the same connection that has the write lock. @throws what SQLite throws */
  insertWithin(entries: readonly AuditEntry[]): void {
    const [first] = entries;
    if (first === undefined) return;
    const { head, tail } = this.#ledger.tail(first.at.toISOString());
    let { seq, link } = tail;
    for (const entry of entries) {
      seq += 1;
      link = this.#insertOne(entry, seq, link);
    }
    this.#ledger.moveTo(head, { seq, link });
  }

  #insertOne(entry: AuditEntry, seq: number, previous: string): string {
    const row = {
      seq,
      at: entry.at.toISOString(),
      correlationId: entry.correlationId,
      clientId: entry.clientId,
      protocol: entry.protocol,
      operation: entry.operation,
      purpose: this.#purposeOf(entry.clientId) ?? null,
      pseudonym:
        entry.subject === null ? (entry.pseudonym ?? null) : this.#pseudonymiser.pseudonymOf(entry.subject),
      outcome: entry.outcome,
      keptSource: entry.keptSource,
      sealedDetail: this.#sealer.seal(Buffer.from(JSON.stringify(entry.detail), 'utf8'), placeOf(seq)),
    };
    const link = this.#chain.linkOf(previous, row);
    this.#insert.run(
      seq,
      row.at,
      row.correlationId,
      row.clientId,
      row.protocol,
      row.operation,
      row.purpose,
      row.pseudonym,
      row.outcome,
      row.keptSource,
      row.sealedDetail,
      link,
    );
    return link;
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
    for (const row of this.#pages((after) => this.#entriesAfter.all(after, pageSize))) {
      yield storedEntryOf(row, this.#sealer);
    }
  }

  /**
   * The entries about one person, oldest first; entries made under another pseudonym key are not found.
   * @throws UnknownSealingKey, SealBroken
   */
  *bySubject(subject: NationalId, pageSize = 500): Generator<StoredAuditEntry> {
    for (const row of this.#about(subject, pageSize)) yield storedEntryOf(row, this.#sealer);
  }

  /** Those about one person that were made in the period, oldest first, for people to read. */
  *readAbout(subject: NationalId, period: Period = {}, pageSize = 500): Generator<ReadAuditEntry> {
    const { from, to } = boundsOf(period);
    for (const row of this.#about(subject, pageSize)) {
      if (row.at >= from && row.at < to) yield readEntryOf(row, this.#sealer);
    }
  }

  /** Those that were made in the period, in the order of their numbers, for people to read. */
  *readAll(period: Period = {}, pageSize = 500): Generator<ReadAuditEntry> {
    const { from, to } = boundsOf(period);
    const { first, last } = spanRow.parse(this.#span.get(from, to));
    if (first === null || last === null) return;
    const rows = this.#pages((after) => this.#entriesAfter.all(after, pageSize), first - 1);
    for (const row of rows) {
      if (row.seq > last) return;
      if (row.at >= from && row.at < to) yield readEntryOf(row, this.#sealer);
    }
  }

  /** Those of one request that were made in the period, in the order of their time; the first of them where there are many. */
  ofRequest(correlationId: string, period: Period, most = 100): readonly ReadAuditEntry[] {
    const { from, to } = boundsOf(period);
    return this.#ofRequest
      .all(correlationId, from, to, most)
      .map((row) => readEntryOf(auditRowOf(row), this.#sealer));
  }

  /**
   * Looks through the whole chain, page by page, so that entries may be recorded meanwhile.
   * @param known an entry that was noted outside the store, which must still be there
   */
  verify(known?: KnownEntry): AuditVerdict {
    const pageSize = 1_000;
    const page = this.#database.transaction((after: number, use: (rows: readonly AuditRow[]) => boolean) =>
      use(this.#entriesAfter.all(after, pageSize).map(auditRowOf)),
    );
    return verifyChain({ chain: this.#chain, ledger: this.#ledger, sealer: this.#sealer, page, known });
  }

  /**
   * What is wrong with the end of the chain, in words; undefined where it is as it was left. Looks at the last entry alone, and
   * so at once, whatever there is before it; {@link verify} looks at all.
   */
  endTrouble(): string | undefined {
    return this.#database.transaction(() => {
      const head = this.#ledger.head();
      if (head === undefined) return undefined;
      if (!head.genuine) return 'the record of where the audit trail ends was changed';
      const [found, after] = this.#entriesAfter.all(head.seq - 1, 2).map(auditRowOf);
      // Retention may have taken the last entry; what it leaves is looked at by who looks through the whole chain.
      const isTaken = this.#ledger.removedBetween(head.seq, head.seq).some(({ genuine }) => genuine);
      if (found?.seq !== head.seq) {
        if (found !== undefined) return 'the audit trail has entries behind its end';
        return isTaken || head.seq <= head.beginsAfter
          ? undefined
          : 'the last entries of the audit trail are gone';
      }
      if (after !== undefined) return 'the audit trail has entries behind its end';
      return head.seq <= head.beginsAfter || found.link === head.link
        ? undefined
        : 'the last entry of the audit trail was changed';
    })();
  }

  /**
   * Deletes entries made before the instant, the oldest first and at most `limit`, so that the write lock is held
   * briefly; call again until it returns 0. What is deleted leaves a sealed note of which they were, so that the chain goes on behind it.
   * @returns how many were deleted
   */
  purgeBefore(instant: Date, limit = 1_000): number {
    return this.#purge.immediate(instant.toISOString(), limit);
  }

  *#about(subject: NationalId, pageSize: number): Generator<AuditRow> {
    const pseudonym = this.#pseudonymiser.pseudonymOf(subject);
    yield* this.#pages((after) => this.#entriesBySubject.all(pseudonym, after, pageSize));
  }

  *#pages(read: (after: number) => unknown[], start = 0): Generator<AuditRow> {
    let after = start;
    for (let rows = read(after); rows.length > 0; rows = read(after)) {
      for (const found of rows) {
        const row = auditRowOf(found);
        after = row.seq;
        yield row;
      }
    }
  }
}

/** Takes old entries away, and notes which they were in the same transaction. */
function removal(
  database: BetterSqlite3.Database,
  ledger: AuditLedger,
): BetterSqlite3.Transaction<(before: string, limit: number) => number> {
  const oldest = database.prepare<[string, number]>(auditQueries.oldest);
  const remove = database.prepare<[number, number]>(auditQueries.remove);
  return database.transaction((before: string, limit: number) => {
    const rows = oldest.all(before, limit).map((row) => oldRow.parse(row));
    for (const range of rangesOf(rows)) {
      remove.run(range.first, range.last);
      ledger.addRemoved(range);
    }
    return rows.length;
  });
}

/** Entries whose numbers follow one another as one: two processes write in nearly the order of the times of requests. */
function rangesOf(rows: readonly z.infer<typeof oldRow>[]): readonly RemovedRange[] {
  const ranges: RemovedRange[] = [];
  for (const { seq, at, link } of rows) {
    const last = ranges.at(-1);
    if (last?.last !== seq - 1) ranges.push({ first: seq, last: seq, link, madeUntil: at });
    else {
      const madeUntil = at > last.madeUntil ? at : last.madeUntil;
      ranges.splice(-1, 1, { first: last.first, last: seq, link, madeUntil });
    }
  }
  return ranges;
}

function boundsOf({ from, to }: Period): { readonly from: string; readonly to: string } {
  // Every time that is written is before the letter.
  return { from: from?.toISOString() ?? '', to: to?.toISOString() ?? 'Z' };
}

const spanRow = z.object({ first: z.number().nullable(), last: z.number().nullable() });

const oldRow = z.object({ seq: z.number(), at: z.string(), link: z.string().nullable() });
