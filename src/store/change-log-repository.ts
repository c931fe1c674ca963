import type BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { AdapterError, StoreFailed } from '../errors/errors.js';
import { isNationalId } from '../person/national-id.js';
import {
  isRemarkableGap,
  type ChangedPerson,
  type ChangeLog,
  type ChangeLogReader,
  type EventsOfLog,
  type FeedProgress,
  type LoggedEvents,
  type LogNews,
  type LogPosition,
  type LogState,
  type SeenInterval,
  type SeenPage,
} from '../registry/changes/change-log.js';
import { concernOf } from '../registry/changes/event-types.js';
import type { FeedEvent } from '../registry/changes/feed-event.js';
import type { Clock } from '../runtime/clock.js';
import { changeLogQueries } from './change-log-queries.js';
import type { Pseudonymiser } from './pseudonymiser.js';
import type { SealedPlace, Sealer } from './sealer.js';

const DAY = 24 * 60 * 60_000;

/** What the log is made of. */
export interface ChangeLogParts {
  readonly database: BetterSqlite3.Database;
  readonly sealer: Sealer;
  readonly pseudonymiser: Pseudonymiser;
  readonly clock: Clock;
  /** Throws when the database file is no longer the one that its path names. */
  readonly assertInPlace: () => void;
}

/**
 * The log of changes in the store. Events are thin, and who they are about stands once for each person, sealed: a register
 * of five million people with a million events a day has to fit.
 */
export class StoredChangeLog implements ChangeLog, LoggedEvents {
  readonly #statements: Statements;

  constructor(private readonly parts: ChangeLogParts) {
    this.#statements = prepare(parts.database);
  }

  state(): LogState | undefined {
    return this.#attempt(() => stateOf(this.#row()));
  }

  take(follower: string, until: Date): boolean {
    return this.#write(() => {
      const now = this.#now();
      return this.#statements.take.run({ follower, until: until.getTime(), now }).changes > 0;
    });
  }

  release(follower: string): void {
    this.#write(() => this.#statements.release.run(follower));
  }

  begin(follower: string, next: bigint): boolean {
    return this.#write(() => {
      // Not before anything that was seen already, whatever the clock says.
      const at = Math.max(this.#now(), this.#row().lastSeen);
      return this.#statements.begin.run({ follower, next, at }).changes > 0;
    });
  }

  append(follower: string, { events, next }: SeenPage): boolean {
    return this.#write(() => {
      const row = this.#row();
      if (row.follower !== follower || row.next === null) return false;
      // Asked for under the write lock, so that whoever reads later than that finds it; never back, whatever the clock says.
      const seenAt = Math.max(this.#now(), row.lastSeen);
      for (const event of events) {
        if (event.sequence >= row.next) this.#add(event, row.feed, seenAt);
      }
      this.#statements.advance.run({ next: next > row.next ? next : row.next, seenAt });
      return true;
    });
  }

  note(follower: string, { newest, caughtUpAt }: FeedProgress): void {
    this.#write(() =>
      this.#statements.note.run({ follower, newest, caughtUpAt: caughtUpAt?.getTime() ?? null }),
    );
  }

  since(position: LogPosition | undefined, most: number): LogNews | undefined {
    return this.#attempt(() => {
      const row = this.#row();
      const state = stateOf(row);
      if (state === undefined) return undefined;
      const { next, ...progress } = state;
      const now = { feed: row.feed, next };
      return { ...progress, position: now, people: this.#peopleSince(position, now, most) };
    });
  }

  eventsFrom(position: LogPosition | undefined, most: number): EventsOfLog | undefined {
    return this.#attempt(() => {
      const row = this.#row();
      const state = stateOf(row);
      if (state === undefined) return undefined;
      const end = { feed: row.feed, next: state.next };
      const at = new Date(Math.max(this.#now(), row.lastSeen));
      const told = { end, at, answersFrom: state.answersFrom };
      if (position === undefined) return { ...told, events: [], position: end };
      if (position.feed !== end.feed || position.next > end.next) {
        return { ...told, events: undefined, position: end };
      }
      const rows = this.#statements.events
        .all({ feed: end.feed, next: position.next, limit: most })
        .map((found) => eventRow.parse(found));
      const last = rows.length < most ? undefined : rows.at(-1);
      return {
        ...told,
        events: rows.flatMap(({ type, pseudonym, sealedPerson }) =>
          // Whoever is not found was deleted for their age; whoever goes on from there is told of the gap.
          pseudonym === null || sealedPerson === null
            ? []
            : [{ ...this.#personOf({ pseudonym, sealedPerson }), type }],
        ),
        position: last === undefined ? end : { feed: end.feed, next: last.sequence + 1n },
      };
    });
  }

  read<Result>(work: (reader: ChangeLogReader) => Result): Result {
    return this.#write(() => {
      const { feed, ...row } = this.#row();
      const bounds = ({ from, to }: SeenInterval): Bounds => ({
        feed,
        from: from.getTime(),
        to: to.getTime(),
      });
      return work({
        state: stateOf(row),
        count: (interval, concern, most) =>
          Number(this.#statements.count[concern].get({ ...bounds(interval), most })),
        people: (interval, concern) =>
          this.#statements.people[concern]
            .all(bounds(interval))
            .map((found) => this.#personOf(personRow.parse(found))),
      });
    });
  }

  /**
   * Deletes events that were seen before the instant, and people whom no event tells of any more, at most `limit`; intervals
   * from before then are not answered any more. Call again until it returns 0.
   * @returns how many were deleted
   */
  purgeBefore(instant: Date, limit = 1_000): number {
    return this.#write(() => {
      const before = instant.getTime();
      this.#statements.answerFrom.run(before, before);
      const events = this.#statements.purgeEvents.run({ before, limit }).changes;
      if (events > 0) return events;
      return this.#statements.purgePeople.run({ before: before - DAY, limit }).changes;
    });
  }

  /** What is added meanwhile is told here and once more the next time, which does no harm. */
  #peopleSince(
    position: LogPosition | undefined,
    { feed, next }: LogPosition,
    most: number,
  ): readonly ChangedPerson[] | undefined {
    if (position === undefined || (position.feed === feed && position.next === next)) return [];
    if (position.feed !== feed || position.next > next) return undefined;
    const rows = this.#statements.since.all({ feed, next: position.next, limit: most + 1 });
    const people = new Map<bigint, SealedPerson>();
    let expected = position.next;
    for (const { sequence, person, pseudonym, sealedPerson } of rows.map((found) => sinceRow.parse(found))) {
      const isGap = isRemarkableGap(expected, sequence);
      if (isGap || pseudonym === null || sealedPerson === null) return undefined;
      expected = sequence + 1n;
      people.set(person, { pseudonym, sealedPerson });
    }
    return rows.length > most ? undefined : [...people.values()].map((person) => this.#personOf(person));
  }

  #add({ personId, nin, type, sequence }: FeedEvent, feed: number, seenAt: number): void {
    const person = this.#person({ personId, nin }, seenAt);
    this.#statements.addEvent.run({
      feed,
      sequence,
      seenAt,
      person,
      type: this.#type(type),
      concern: concernOf(type),
    });
  }

  /** The person's row, made where there is none, with the newest number that is known. */
  #person(told: ChangedPerson, seenAt: number): number {
    const pseudonym = this.parts.pseudonymiser.digestOf('person id', told.personId);
    const found = this.#statements.findPerson.get(pseudonym);
    if (found === undefined) {
      const sealedPerson = this.#seal(told, pseudonym);
      return Number(this.#statements.addPerson.run({ pseudonym, sealedPerson, seenAt }).lastInsertRowid);
    }
    const { id, sealedPerson, lastSeen } = knownRow.parse(found);
    const known = this.#personOf({ pseudonym, sealedPerson });
    const isNews = told.nin !== null && told.nin !== known.nin;
    // A day's delay spares most writes; retention waits a day longer for it.
    if (isNews || lastSeen < seenAt - DAY) {
      const sealed = isNews ? this.#seal(told, pseudonym) : sealedPerson;
      this.#statements.changePerson.run({ id, sealedPerson: sealed, seenAt });
    }
    return id;
  }

  #type(name: string): number {
    const found = this.#statements.findType.get(name);
    return Number(found ?? this.#statements.addType.run(name).lastInsertRowid);
  }

  #seal({ personId, nin }: ChangedPerson, pseudonym: Uint8Array): Uint8Array {
    return this.parts.sealer.seal(Buffer.from(JSON.stringify({ personId, nin }), 'utf8'), placeOf(pseudonym));
  }

  #personOf({ pseudonym, sealedPerson }: SealedPerson): ChangedPerson {
    const text = Buffer.from(this.parts.sealer.open(sealedPerson, placeOf(pseudonym))).toString('utf8');
    return personForm.parse(JSON.parse(text));
  }

  #row(): Row {
    return stateRow.parse(this.#statements.state.get());
  }

  #now(): number {
    return this.parts.clock.now().getTime();
  }

  /** The write lock is taken first, so that what is read is what is changed. */
  #write<Result>(work: () => Result): Result {
    return this.#attempt(() => this.parts.database.transaction(work).immediate());
  }

  #attempt<Result>(work: () => Result): Result {
    try {
      this.parts.assertInPlace();
      return work();
    } catch (error) {
      if (error instanceof AdapterError) throw error;
      throw new StoreFailed('the log of changes could not be read or written', error);
    }
  }
}

interface Bounds {
  readonly feed: number;
  readonly from: number;
  readonly to: number;
}

interface SealedPerson {
  readonly pseudonym: Uint8Array;
  readonly sealedPerson: Uint8Array;
}

type Statements = ReturnType<typeof prepare>;

function prepare(database: BetterSqlite3.Database) {
  const prepared = (sql: string): BetterSqlite3.Statement => database.prepare(sql);
  const queries = changeLogQueries;
  return {
    // Numbers of events have more digits than a float holds.
    state: prepared(queries.state).safeIntegers(),
    take: prepared(queries.take),
    release: prepared(queries.release),
    begin: prepared(queries.begin),
    advance: prepared(queries.advance),
    note: prepared(queries.note),
    answerFrom: prepared(queries.answerFrom),
    findPerson: prepared(queries.findPerson),
    addPerson: prepared(queries.addPerson),
    changePerson: prepared(queries.changePerson),
    findType: prepared(queries.findType).pluck(),
    addType: prepared(queries.addType),
    addEvent: prepared(queries.addEvent),
    count: { 1: prepared(queries.count(1)).pluck(), 2: prepared(queries.count(2)).pluck() },
    since: prepared(queries.since).safeIntegers(),
    events: prepared(queries.events).safeIntegers(),
    people: { 1: prepared(queries.people(1)), 2: prepared(queries.people(2)) },
    purgeEvents: prepared(queries.purgeEvents),
    purgePeople: prepared(queries.purgePeople),
  };
}

const smallInteger = z.bigint().transform(Number);

const stateRow = z.object({
  feed: smallInteger,
  next: z.bigint().nullable(),
  newest: z.bigint().nullable(),
  answersFrom: smallInteger,
  caughtUpAt: smallInteger.nullable(),
  lastSeen: smallInteger,
  follower: z.string().nullable(),
});
type Row = z.output<typeof stateRow>;

function stateOf({ next, newest, answersFrom, caughtUpAt }: Omit<Row, 'feed'>): LogState | undefined {
  if (next === null) return undefined;
  return {
    next,
    newest: newest ?? undefined,
    answersFrom: new Date(answersFrom),
    caughtUpAt: caughtUpAt === null ? undefined : new Date(caughtUpAt),
  };
}

const personRow = z.object({ pseudonym: z.instanceof(Uint8Array), sealedPerson: z.instanceof(Uint8Array) });

const sinceRow = z.object({
  sequence: z.bigint(),
  person: z.bigint(),
  pseudonym: z.instanceof(Uint8Array).nullable(),
  sealedPerson: z.instanceof(Uint8Array).nullable(),
});

const eventRow = z.object({
  sequence: z.bigint(),
  type: z.string(),
  pseudonym: z.instanceof(Uint8Array).nullable(),
  sealedPerson: z.instanceof(Uint8Array).nullable(),
});

const knownRow = z.object({ id: z.number(), sealedPerson: z.instanceof(Uint8Array), lastSeen: z.number() });

const personForm = z.object({
  personId: z.string(),
  nin: z.string().refine(isNationalId).nullable(),
});

function placeOf(pseudonym: Uint8Array): SealedPlace {
  return {
    table: 'followed_person',
    column: 'sealed_person',
    row: Buffer.from(pseudonym).toString('hex'),
  };
}
