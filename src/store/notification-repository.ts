import type BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import type { NationalId } from '../person/national-id.js';
import type { NewsPlace } from '../registry/change-news.js';
import { NotificationPlanning, type StoredPage, type StoredPlan } from './notification-planning.js';
import { notificationQueries, subscriptionQueries } from './notification-queries.js';
import { deadCounts, dueRow, foundRow, sentRow, viewRow, waitingCounts } from './notification-rows.js';
import { newControlId, NotificationStore, type NotificationParts } from './notification-store.js';

/** Rows that one portion changes, so that nobody waits for the write lock for long. */
const PORTION = 1_000;

/** Something that is to be sent. */
export interface StoredNotification {
  readonly id: number;
  readonly receiver: string;
  /** @throws SealBroken, UnknownSealingKey */
  readonly number: NationalId;
  readonly kind: z.output<typeof dueRow>['kind'];
  readonly queuedAt: Date;
  readonly attempts: number;
  readonly failures: number;
  readonly failingSince: Date | undefined;
  readonly mergerSettled: boolean;
}

/** One of the queue, as it is looked at. */
export type StoredNotificationView = Omit<z.output<typeof viewRow>, 'digest' | 'sealedNumber'> & {
  /** @throws SealBroken, UnknownSealingKey */
  readonly number: NationalId;
};

/** How much there is. */
export interface StoredNotificationCounts {
  readonly waiting: number;
  readonly failing: number;
  readonly oldest: Date | undefined;
  readonly dead: number;
  readonly unseen: number;
  readonly receivers: { readonly failing: readonly string[]; readonly unseen: readonly string[] };
}

/** What is to be sent to receivers, and what could not be, in the store. @throws StoreFailed from everything */
export class StoredNotifications {
  readonly #store: NotificationStore;
  readonly #parts: NotificationParts;
  readonly #planning: NotificationPlanning;
  readonly #statements: Statements;

  constructor(parts: NotificationParts) {
    this.#parts = parts;
    this.#store = new NotificationStore(parts);
    this.#planning = new NotificationPlanning(parts);
    this.#statements = prepare(parts.database);
  }

  place(): NewsPlace | undefined {
    return this.#planning.place();
  }

  plan(page: StoredPage): StoredPlan | undefined {
    return this.#planning.plan(page);
  }

  take(receiver: string, sender: string, until: Date): boolean {
    const parameters = { receiver, sender, until: until.getTime(), now: this.#store.now() };
    return this.#store.write(() => this.#statements.take.run(parameters).changes > 0);
  }

  release(receiver: string, sender: string): void {
    this.#store.write(() => this.#statements.release.run({ receiver, sender }));
  }

  hasDue(receiver: string): boolean {
    return this.#store.attempt(() => this.#statements.hasDue.get({ receiver, now: this.#store.now() }) === 1);
  }

  claim(receiver: string, sender: string): StoredNotification | undefined {
    return this.#store.write(() => {
      const now = this.#store.now();
      if (this.#statements.holds.get({ receiver, sender, now }) !== 1) return undefined;
      const found = this.#statements.due.get({ receiver, now });
      if (found === undefined) return undefined;
      const { sealedNumber, queuedAt, failingSince, mergerSettled, ...row } = dueRow.parse(found);
      this.#statements.close.run(row.id);
      const store = this.#store;
      return {
        ...row,
        // Opened when it is read: one that does not open must not hold back the others.
        get number() {
          return store.open({ number: row.number, sealedNumber }, 'notification');
        },
        queuedAt: new Date(queuedAt),
        failingSince: failingSince === null ? undefined : new Date(failingSince),
        mergerSettled: mergerSettled === 1,
      };
    });
  }

  sending(id: number, sender: string, trigger: string, until: Date): string | undefined {
    return this.#store.write(() => {
      const now = this.#store.now();
      const parameters = { id, sender, trigger, otherId: newControlId(this.#parts.random), now };
      const sent = this.#statements.sending.get(parameters);
      if (sent === undefined) return undefined;
      const { receiver, controlId } = sentRow.parse(sent);
      this.#statements.take.run({ receiver, sender, until: until.getTime(), now });
      return controlId;
    });
  }

  delivered(id: number, inPlace?: NationalId): void {
    this.#store.write(() => {
      const found = this.#statements.find.get(id);
      if (found === undefined) return;
      const { receiver, number } = foundRow.parse(found);
      this.#statements.remove.run(id);
      if (inPlace === undefined) return;
      this.#statements.endQuestions.run({ id, receiver, number });
      this.#statements.giveWay.run({ receiver, number });
      const next = this.#store.digestOf(inPlace);
      const sealedNumber = this.#store.seal(inPlace, next, 'notification_subscription');
      this.#statements.follow.run({ receiver, number: next, sealedNumber, now: this.#store.now() });
    });
  }

  lookAgain(id: number, kind: string, due: Date): void {
    const controlId = newControlId(this.#parts.random);
    this.#store.write(() => {
      const found = this.#statements.find.get(id);
      if (found === undefined) return;
      this.#statements.endQuestions.run({ id, ...foundRow.parse(found) });
      this.#statements.lookAgain.run({ id, kind, due: due.getTime(), controlId });
    });
  }

  postpone(id: number, due: Date, problem?: string): void {
    const now = this.#store.now();
    this.#store.write(() => {
      if (problem === undefined) this.#statements.putOff.run({ id, due: due.getTime() });
      else this.#statements.postpone.run({ id, due: due.getTime(), problem, now });
      this.#statements.openAgain.run({ id });
    });
  }

  bury(id: number, problem: string): void {
    const now = this.#store.now();
    this.#store.write(() => this.#statements.bury.run({ id, problem, now }));
  }

  markFailing(receiver: string): void {
    const now = this.#store.now();
    this.#store.write(() => this.#statements.markFailing.run({ receiver, now }));
  }

  buryFailing(receiver: string, since: Date, problem: string): readonly number[] {
    const now = this.#store.now();
    return this.#store.write(() => {
      const ids = this.#statements.failing
        .all({ receiver, since: since.getTime(), limit: PORTION })
        .map((id) => z.number().parse(id));
      for (const id of ids) this.#statements.bury.run({ id, problem, now });
      return ids;
    });
  }

  markReachable(receiver: string): void {
    this.#store.write(() => this.#statements.markReachable.run({ receiver }));
  }

  counts(): StoredNotificationCounts {
    return this.#store.attempt(() => {
      const waiting = waitingCounts.parse(this.#statements.countWaiting.all());
      const dead = deadCounts.parse(this.#statements.countDead.all());
      return {
        waiting: sumOf(waiting.map((row) => row.waiting)),
        failing: sumOf(waiting.map((row) => row.failing)),
        oldest: earliest(waiting.map((row) => row.oldest)),
        dead: sumOf(dead.map((row) => row.dead)),
        unseen: sumOf(dead.map((row) => row.unseen)),
        receivers: {
          failing: waiting.flatMap((row) => (row.failing > 0 ? [row.receiver] : [])),
          unseen: dead.flatMap((row) => (row.unseen > 0 ? [row.receiver] : [])),
        },
      };
    });
  }

  /** The dead, the newest first, or what waits, the oldest first. */
  list({
    receiver,
    state,
    limit,
  }: {
    readonly receiver?: string | undefined;
    readonly state: 'waiting' | 'dead';
    readonly limit: number;
  }): readonly StoredNotificationView[] {
    const list = state === 'dead' ? this.#statements.dead : this.#statements.waiting;
    return this.#store.attempt(() =>
      list.all({ receiver: receiver ?? null, limit }).map((row) => this.#viewOf(row)),
    );
  }

  byId(id: number): StoredNotificationView | undefined {
    return this.#store.attempt(() => {
      const found = this.#statements.byId.get(id);
      return found === undefined ? undefined : this.#viewOf(found);
    });
  }

  see(id: number): void {
    const now = this.#store.now();
    this.#store.write(() => this.#statements.see.run({ id, now }));
  }

  retry(id: number): boolean {
    const now = this.#store.now();
    return this.#store.write(() => this.#statements.retry.run({ id, now }).changes > 0);
  }

  discard(id: number): boolean {
    return this.#store.write(() => this.#statements.discard.run(id).changes > 0);
  }

  /** Deletes some of the dead that somebody has seen and that died before then. @returns how many, 0 when none is left */
  forgetBefore(instant: Date): number {
    const parameters = { before: instant.getTime(), limit: PORTION };
    return this.#store.write(() => this.#statements.forget.run(parameters).changes);
  }

  /** Deletes some of what has waited since before then for none of these receivers. @returns how many, 0 when none is left */
  forgetOthers(receivers: readonly string[], instant: Date): number {
    const parameters = { receivers: JSON.stringify(receivers), before: instant.getTime(), limit: PORTION };
    return this.#store.write(() => this.#statements.forgetOthers.run(parameters).changes);
  }

  #viewOf(found: unknown): StoredNotificationView {
    const { sealedNumber, digest, ...row } = viewRow.parse(found);
    const store = this.#store;
    return {
      ...row,
      // Opened when it is read: one that does not open must not hide the others.
      get number() {
        return store.open({ number: digest, sealedNumber }, 'notification');
      },
    };
  }
}

type Statements = ReturnType<typeof prepare>;

function prepare(database: BetterSqlite3.Database) {
  const prepared = (sql: string): BetterSqlite3.Statement => database.prepare(sql);
  const queries = notificationQueries;
  return {
    take: prepared(queries.take),
    release: prepared(queries.release),
    holds: prepared(queries.holds).pluck(),
    due: prepared(queries.due),
    hasDue: prepared(queries.hasDue).pluck(),
    close: prepared(queries.close),
    sending: prepared(queries.sending),
    find: prepared(queries.find),
    remove: prepared(queries.remove),
    discard: prepared(queries.discard),
    postpone: prepared(queries.postpone),
    putOff: prepared(queries.putOff),
    lookAgain: prepared(queries.lookAgain),
    endQuestions: prepared(queries.endQuestions),
    openAgain: prepared(queries.openAgain),
    bury: prepared(queries.bury),
    markFailing: prepared(queries.markFailing),
    failing: prepared(queries.failing).pluck(),
    markReachable: prepared(queries.markReachable),
    countWaiting: prepared(queries.countWaiting),
    countDead: prepared(queries.countDead),
    waiting: prepared(queries.waiting),
    dead: prepared(queries.dead),
    byId: prepared(queries.byId),
    see: prepared(queries.see),
    retry: prepared(queries.retry),
    forget: prepared(queries.forget),
    forgetOthers: prepared(queries.forgetOthers),
    giveWay: prepared(subscriptionQueries.giveWay),
    follow: prepared(subscriptionQueries.follow),
  };
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function earliest(times: readonly number[]): Date | undefined {
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}
