import type BetterSqlite3 from 'better-sqlite3';
import { ChangeKind, type Change, type NewsPlace } from '../registry/change-news.js';
import type { Random } from '../runtime/random.js';
import { notificationQueries, subscriptionQueries } from './notification-queries.js';
import { followerRow, openRow, placeRow, type Follower } from './notification-rows.js';
import { newControlId, NotificationStore, type NotificationParts } from './notification-store.js';

/** Which kind stands for two: whoever expects more than an update is not disappointed by one. */
const strength: readonly ChangeKind[] = [
  ChangeKind.Record,
  ChangeKind.Number,
  ChangeKind.Created,
  ChangeKind.Merged,
];

/** A page of news, and the kinds of changes that each receiver is told of. */
export interface StoredPage {
  readonly from: NewsPlace | undefined;
  readonly to: NewsPlace;
  readonly changes: readonly Change[];
  readonly receivers: ReadonlyMap<string, ReadonlySet<ChangeKind>>;
}

/** What became of a page. */
export interface StoredPlan {
  readonly queued: number;
  readonly splits: readonly { readonly id: number; readonly receiver: string }[];
}

/** Turns what the log of changes tells into messages that wait, in the store. @throws StoreFailed from everything */
export class NotificationPlanning {
  readonly #store: NotificationStore;
  readonly #random: Random;
  readonly #statements: Statements;

  constructor(parts: NotificationParts) {
    this.#store = new NotificationStore(parts);
    this.#random = parts.random;
    this.#statements = prepare(parts.database);
  }

  place(): NewsPlace | undefined {
    return this.#store.attempt(() => this.#place());
  }

  plan({ from, to, changes, receivers }: StoredPage): StoredPlan | undefined {
    return this.#store.write(() => {
      const place = this.#place();
      if (place?.feed !== from?.feed || place?.next !== from?.next) return undefined;
      let queued = 0;
      const splits: { readonly id: number; readonly receiver: string }[] = [];
      for (const change of changes) {
        for (const follower of this.#followersOf(change)) {
          const wanted = receivers.get(follower.receiver);
          if (wanted === undefined) continue;
          if (change.kind === ChangeKind.Split && wanted.has(ChangeKind.Split)) {
            splits.push({ id: this.#addSplit(follower, change), receiver: follower.receiver });
          }
          const kind = change.kind === ChangeKind.Split ? ChangeKind.Record : change.kind;
          if (!follower.gaveWay && wanted.has(kind) && this.#queue(follower, change, kind)) queued += 1;
        }
      }
      this.#statements.move.run({ feed: to.feed, next: to.next, at: to.at.getTime() });
      return { queued, splits };
    });
  }

  /** Those who follow the person, by any of the numbers; what the change says about numbers is taken note of. */
  #followersOf({ personId, nin, kind }: Change): readonly Follower[] {
    const person = this.#store.digestOfPerson(personId);
    const told = nin === null ? null : this.#store.digestOf(nin);
    const followers = this.#statements.followers
      .all({ person, number: told })
      .map((row) => followerRow.parse(row));
    if (followers.length === 0) return followers;
    if (told !== null) this.#statements.learn.run({ person, number: told });
    if (kind === ChangeKind.Record || kind === ChangeKind.Created) return followers;
    const now = this.#store.now();
    // Under which id they go on is another question from now on.
    for (const { id } of followers) this.#statements.askAgain.run({ id, now });
    if (kind !== ChangeKind.Split) return followers;
    for (const { id } of followers) this.#statements.standAgain.run({ id });
    return followers.map((follower) => ({ ...follower, gaveWay: false }));
  }

  /** @returns whether it is another message */
  #queue({ receiver, number, sealedNumber }: Follower, { personId }: Change, kind: ChangeKind): boolean {
    const person = this.#store.digestOfPerson(personId);
    const found = this.#statements.openOne.get({ receiver, number });
    if (found !== undefined) {
      const open = openRow.parse(found);
      const stronger = strength.indexOf(open.kind) > strength.indexOf(kind) ? open.kind : kind;
      this.#statements.tellToo.run({ id: open.id, kind: stronger, person });
      return false;
    }
    this.#statements.add.run({ ...this.#newRow({ receiver, number, sealedNumber }, kind), person });
    return true;
  }

  #addSplit(follower: Follower, { personId }: Change): number {
    const person = this.#store.digestOfPerson(personId);
    const row = { ...this.#newRow(follower, ChangeKind.Split), person, problem: 'split' };
    return Number(this.#statements.addDead.run(row).lastInsertRowid);
  }

  #newRow(
    { receiver, number, sealedNumber }: Pick<Follower, 'receiver' | 'number' | 'sealedNumber'>,
    kind: ChangeKind,
  ) {
    const nin = this.#store.open({ number, sealedNumber }, 'notification_subscription');
    return {
      receiver,
      number,
      sealedNumber: this.#store.seal(nin, number, 'notification'),
      kind,
      controlId: newControlId(this.#random),
      now: this.#store.now(),
    };
  }

  #place(): NewsPlace | undefined {
    const found = this.#statements.place.get();
    return found === undefined ? undefined : placeRow.parse(found);
  }
}

type Statements = ReturnType<typeof prepare>;

function prepare(database: BetterSqlite3.Database) {
  const prepared = (sql: string): BetterSqlite3.Statement => database.prepare(sql);
  return {
    // Numbers of events have more digits than a float holds.
    place: database.prepare(notificationQueries.place).safeIntegers(),
    move: prepared(notificationQueries.move),
    openOne: prepared(notificationQueries.openOne),
    tellToo: prepared(notificationQueries.tellToo),
    add: prepared(notificationQueries.add),
    addDead: prepared(notificationQueries.addDead),
    followers: prepared(subscriptionQueries.followers),
    learn: prepared(subscriptionQueries.learn),
    askAgain: prepared(subscriptionQueries.askAgain),
    standAgain: prepared(subscriptionQueries.standAgain),
  };
}
