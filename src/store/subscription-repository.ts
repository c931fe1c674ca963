import type BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import type { NationalId } from '../person/national-id.js';
import { NotificationStore, type NotificationParts } from './notification-store.js';
import { notificationQueries, subscriptionQueries } from './notification-queries.js';
import { SealBroken, UnknownSealingKey } from './store-errors.js';

const DAY = 24 * 60 * 60_000;
/** Rows that one portion takes away, so that nobody waits for the write lock for long. */
const PORTION = 1_000;

/** How many subscriptions a receiver has. */
export type StoredSubscriptionCount = z.output<typeof countRow>;

/** Whom receivers of notifications follow, in the store. @throws StoreFailed from everything */
export class StoredSubscriptions {
  readonly #store: NotificationStore;
  readonly #statements: Statements;

  constructor(parts: NotificationParts) {
    this.#store = new NotificationStore(parts);
    this.#statements = prepare(parts.database);
  }

  addFound(receiver: string, nins: readonly NationalId[]): void {
    const now = this.#store.now();
    // Most lookups are of people who were looked up before, and write nothing.
    const others = this.#store.attempt(() => nins.filter((nin) => !this.#isFresh(receiver, nin, now)));
    if (others.length === 0) return;
    this.#store.write(() => {
      for (const nin of others) {
        if (this.#add(receiver, nin, 'lookup', now)) continue;
        this.#statements.renew.run({ receiver, number: this.#store.digestOf(nin), now });
      }
    });
  }

  toAskAbout(receiver: string, most: number): readonly NationalId[] {
    return this.#store.attempt(() =>
      this.#statements.toAskAbout
        .all({ receiver, now: this.#store.now(), limit: most })
        .flatMap((row) => this.#opened(receiver, numberRow.parse(row)) ?? []),
    );
  }

  tellReferences(receiver: string, references: ReadonlyMap<NationalId, string | null>): void {
    this.#store.write(() => {
      for (const [nin, personId] of references) {
        this.#statements.tellReference.run({
          receiver,
          number: this.#store.digestOf(nin),
          person: personId === null ? null : this.#store.digestOfPerson(personId),
          askAt: personId === null ? this.#store.now() + DAY : null,
        });
      }
    });
  }

  beginLoad(receiver: string): Date {
    return this.#store.attempt(() => {
      const newest = z.number().nullable().parse(this.#statements.newest.get(receiver)) ?? 0;
      return new Date(Math.max(this.#store.now(), newest + 1));
    });
  }

  load(
    receiver: string,
    numbers: readonly NationalId[],
    load: Date,
    { anew }: { readonly anew: boolean },
  ): number {
    const now = load.getTime();
    return this.#store.write(
      () =>
        numbers.filter((nin) => {
          if (this.#add(receiver, nin, 'file', now)) return true;
          const number = this.#store.digestOf(nin);
          // Under the newest key, so that older ones can go once everybody was loaded again.
          const sealedNumber = this.#store.seal(nin, number, 'notification_subscription');
          this.#statements.list.run({ receiver, number, sealedNumber, now, anew: anew ? 1 : 0 });
          return false;
        }).length,
    );
  }

  dropBefore(receiver: string, load: Date): number {
    const parameters = { receiver, before: load.getTime(), limit: PORTION };
    return this.#end(this.#statements.dropBefore, parameters);
  }

  clear(receiver: string): number {
    return this.#end(this.#statements.clear, { receiver, limit: PORTION });
  }

  counts(): readonly StoredSubscriptionCount[] {
    return this.#store.attempt(() => this.#statements.counts.all().map((row) => countRow.parse(row)));
  }

  /** Deletes some of those that came by a lookup which was not made again since then. @returns how many, 0 when none is left */
  forgetBefore(instant: Date): number {
    const parameters = { before: instant.getTime(), limit: PORTION };
    return this.#end(this.#statements.forget, parameters);
  }

  /** Deletes subscriptions, and what waits to be told of those people. @returns how many subscriptions */
  #end(ending: BetterSqlite3.Statement, parameters: Readonly<Record<string, string | number>>): number {
    return this.#store.write(() => {
      const ended = ending.all(parameters).map((row) => endedRow.parse(row));
      for (const one of ended) this.#statements.unqueue.run(one);
      return ended.length;
    });
  }

  #isFresh(receiver: string, nin: NationalId, now: number): boolean {
    const found = this.#statements.find.get({ receiver, number: this.#store.digestOf(nin) });
    return found !== undefined && foundRow.parse(found).renewedAt > now - DAY;
  }

  /** One that does not open keeps nobody else from being asked about; it may open tomorrow, with its key. */
  #opened(receiver: string, { number, sealedNumber }: z.output<typeof numberRow>): NationalId | undefined {
    try {
      return this.#store.open({ number, sealedNumber }, 'notification_subscription');
    } catch (error) {
      if (!(error instanceof SealBroken || error instanceof UnknownSealingKey)) throw error;
      const askAt = this.#store.now() + DAY;
      this.#store.write(() => this.#statements.tellReference.run({ receiver, number, person: null, askAt }));
      return undefined;
    }
  }

  #add(receiver: string, nin: NationalId, source: 'file' | 'lookup', now: number): boolean {
    const number = this.#store.digestOf(nin);
    const sealedNumber = this.#store.seal(nin, number, 'notification_subscription');
    return this.#statements.add.run({ receiver, number, sealedNumber, source, now }).changes > 0;
  }
}

type Statements = ReturnType<typeof prepare>;

function prepare(database: BetterSqlite3.Database) {
  const prepared = (sql: string): BetterSqlite3.Statement => database.prepare(sql);
  const queries = subscriptionQueries;
  return {
    newest: prepared(queries.newest).pluck(),
    find: prepared(queries.find),
    add: prepared(queries.add),
    renew: prepared(queries.renew),
    list: prepared(queries.list),
    dropBefore: prepared(queries.dropBefore),
    clear: prepared(queries.clear),
    counts: prepared(queries.counts),
    toAskAbout: prepared(queries.toAskAbout),
    tellReference: prepared(queries.tellReference),
    forget: prepared(queries.forget),
    unqueue: prepared(notificationQueries.unqueue),
  };
}

const foundRow = z.object({ renewedAt: z.number() });
const endedRow = z.object({ receiver: z.string(), number: z.instanceof(Uint8Array) });
const numberRow = z.object({ number: z.instanceof(Uint8Array), sealedNumber: z.instanceof(Uint8Array) });
const countRow = z.object({
  receiver: z.string(),
  all: z.number(),
  byFile: z.number(),
  byLookup: z.number(),
  byFollowing: z.number(),
  gaveWay: z.number(),
  known: z.number(),
});
