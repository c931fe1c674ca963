import type BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { BROKEN_LINK, type ChainArithmetic, type ChainHead, type RemovedRange } from './audit-chain.js';
import { auditQueries } from './audit-queries.js';

/** What the next entry follows. */
export interface ChainTail {
  readonly seq: number;
  readonly link: string;
}

/** A sealed record of the chain, and whether its seal is ours. */
export type Sealed<Record> = Record & { readonly genuine: boolean };

/** Keeps where the chain begins and ends and what retention took away. Everything belongs into the caller's transaction. */
export class AuditLedger {
  readonly #chain: ChainArithmetic;
  readonly #lastSeq: BetterSqlite3.Statement<[]>;
  readonly #sealOfHead: BetterSqlite3.Statement<[]>;
  readonly #head: BetterSqlite3.Statement<[]>;
  readonly #begin: BetterSqlite3.Statement;
  readonly #moveHead: BetterSqlite3.Statement<[number, string, string]>;
  readonly #removedBetween: BetterSqlite3.Statement<[number, number]>;
  readonly #addRemoved: BetterSqlite3.Statement;
  readonly #dropRemoved: BetterSqlite3.Statement<[number]>;
  /** What this process wrote last. Under the same seal it is still so. */
  #written: { readonly head: ChainHead; readonly seal: string } | undefined;

  constructor(database: BetterSqlite3.Database, chain: ChainArithmetic) {
    this.#chain = chain;
    this.#lastSeq = database.prepare(auditQueries.lastSeq).pluck();
    this.#sealOfHead = database.prepare(auditQueries.sealOfHead).pluck();
    this.#head = database.prepare(auditQueries.head);
    this.#begin = database.prepare(auditQueries.begin);
    this.#moveHead = database.prepare(auditQueries.moveHead);
    this.#removedBetween = database.prepare(auditQueries.removedBetween);
    this.#addRemoved = database.prepare(auditQueries.addRemoved);
    this.#dropRemoved = database.prepare(auditQueries.dropRemoved);
  }

  /** Undefined before the first entry. */
  head(): Sealed<ChainHead> | undefined {
    const found = this.#head.get();
    if (found === undefined) return undefined;
    const { begins_after: beginsAfter, began_at: beganAt, seq, link, seal } = headRow.parse(found);
    const head = { beginsAfter, beganAt, seq, link };
    return { ...head, genuine: this.#chain.sealOfHead(head) === seal };
  }

  /**
   * What the next entry follows; begins the chain where there is none. What was tampered with is not believed: the entry then
   * follows nothing, which is seen ever after, and people are answered all the same.
   */
  tail(now: string): { readonly head: ChainHead; readonly tail: ChainTail } {
    const written = this.#written;
    const isAsWritten = written !== undefined && this.#sealOfHead.get() === written.seal;
    const head = isAsWritten ? { ...written.head, genuine: true } : this.head();
    const seq = Number(this.#lastSeq.get());
    if (head === undefined) {
      const begun = { beginsAfter: seq, beganAt: now };
      const first = { ...begun, seq, link: this.#chain.beginning(begun) };
      this.#begin.run(seq, now, seq, first.link, this.#chain.sealOfHead(first));
      return { head: first, tail: first };
    }
    const link = head.genuine ? head.link : BROKEN_LINK;
    return { head, tail: { seq: Math.max(seq, head.seq), link } };
  }

  /** Writes down where the chain ends now. */
  moveTo({ beginsAfter, beganAt }: ChainHead, { seq, link }: ChainTail): void {
    const head = { beginsAfter, beganAt, seq, link };
    const seal = this.#chain.sealOfHead(head);
    this.#moveHead.run(seq, link, seal);
    this.#written = { head, seal };
  }

  /** What retention took away that has a part between the two numbers, in order. */
  removedBetween(first: number, last: number): readonly Sealed<RemovedRange>[] {
    return this.#removedBetween.all(first, last).map((row) => {
      const { made_until: madeUntil, seal, ...rest } = removedRow.parse(row);
      const range = { ...rest, madeUntil };
      return { ...range, genuine: this.#chain.sealOfRange(range) === seal };
    });
  }

  /** Adds what retention takes away, and joins it with its neighbours. What is not genuine is never joined, and so never vouched for. */
  addRemoved(range: RemovedRange): void {
    let joined = range;
    for (const { genuine, ...neighbour } of this.removedBetween(range.first - 1, range.last + 1)) {
      if (!genuine) continue;
      this.#dropRemoved.run(neighbour.first);
      joined = {
        first: Math.min(joined.first, neighbour.first),
        last: Math.max(joined.last, neighbour.last),
        link: neighbour.last > joined.last ? neighbour.link : joined.link,
        madeUntil: neighbour.madeUntil > joined.madeUntil ? neighbour.madeUntil : joined.madeUntil,
      };
    }
    const { first, last, link, madeUntil } = joined;
    this.#addRemoved.run(first, last, link, madeUntil, this.#chain.sealOfRange(joined));
  }
}

const headRow = z.object({
  begins_after: z.number(),
  began_at: z.string(),
  seq: z.number(),
  link: z.string(),
  seal: z.string(),
});

const removedRow = z.object({
  first: z.number(),
  last: z.number(),
  link: z.string().nullable(),
  made_until: z.string(),
  seal: z.string(),
});
