import type { JsonObject } from '../../../src/mapping/json.js';
import type { NationalId } from '../../../src/person/national-id.js';
import type { ChangeLog } from '../../../src/registry/changes/change-log.js';
import type { Caller, KeptSource } from '../../../src/registry/person-registry.js';
import {
  CachedDocuments,
  type CacheLimits,
} from '../../../src/registry/persontjenesten/by-number/cached-documents.js';
import type {
  DocumentCalls,
  PersonDocuments,
} from '../../../src/registry/persontjenesten/by-number/person-documents.js';
import type { Store } from '../../../src/store/store.js';
import { memoryStore } from '../../support/memory-store.js';
import { inUse, mappings, person, residence } from '../../support/person-documents.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { StandingClock } from '../../support/standing-clock.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { caller } from '../registry-bench.js';

export const POLL_SECONDS = 60;
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
/** The oldest that the log may have caught up for documents to answer. */
export const VOUCHED = 2 * POLL_SECONDS * SECOND + 30 * SECOND;

/** A number that belongs to somebody: another person for each index. */
export const numberOf = syntheticNumber;

/** What is asked of a person. */
export const calls: DocumentCalls = [
  { informationParts: ['Name', 'NorwegianIdentificationNumber'], includeHistory: false },
];

/** Where documents come from: as many as are put here. */
export class DocumentSource implements PersonDocuments {
  readonly people = new Map<NationalId, JsonObject>();
  readonly asked: NationalId[] = [];
  /** The signals of those calls. */
  readonly given: AbortSignal[] = [];
  /** What every call ends with, while it is there. */
  trouble: Error | undefined;
  /** What every call waits for before it answers with what it found. */
  held: Promise<void> | undefined;

  async one(nin: NationalId, _calls: DocumentCalls, { signal }: Caller): Promise<JsonObject | undefined> {
    this.asked.push(nin);
    this.given.push(signal);
    const found = this.people.get(nin);
    const trouble = this.trouble;
    if (this.held !== undefined) {
      const aborted = new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
        });
      });
      await Promise.race([this.held, aborted]);
    }
    if (trouble !== undefined) throw trouble;
    return found;
  }
}

/** Somebody who lives somewhere. */
export function somebody(index: number, members: JsonObject = {}): JsonObject {
  return person({
    id: idOf(index),
    norwegianIdentificationNumber: [inUse(numberOf(index))],
    residentialAddress: [residence()],
    ...members,
  });
}

export function idOf(index: number): string {
  return `person-${index}`;
}

/** Writes a log of changes as a follower does. */
export class LogWriter {
  /** Something happened before the log begins. */
  #sequence = 1n;

  constructor(
    private readonly log: ChangeLog,
    private readonly clock: StandingClock,
  ) {}

  /** The log begins, or begins anew. */
  begin(): void {
    this.log.take('writer', new Date('2100-01-01T00:00:00Z'));
    this.log.begin('writer', this.#sequence + 1n);
  }

  /** Events about these people, after so many numbers that are nobody's; caught up thereby. */
  tell(
    people: readonly { readonly personId: string; readonly nin?: NationalId | null }[],
    { type = 'ChangeInAddressProtection', gap = 0n } = {},
  ): void {
    this.#sequence += gap;
    const events = people.map(({ personId, nin = null }) => {
      this.#sequence += 1n;
      return { sequence: this.#sequence, personId, type, nin };
    });
    this.log.append('writer', { events, next: this.#sequence + 1n });
    this.caughtUp();
  }

  /** Everything that is in the feed at present has been read. */
  caughtUp(): void {
    this.log.note('writer', { newest: this.#sequence, caughtUpAt: this.clock.now() });
  }

  /** So much is in the feed that has not been read. */
  unread(events: bigint): void {
    this.log.note('writer', { newest: this.#sequence + events, caughtUpAt: undefined });
  }
}

/** A cache over a source, beside a log of changes. */
export class CacheBench {
  readonly clock = new StandingClock('2025-03-01T12:00:00Z');
  readonly store: Store;
  readonly writer: LogWriter;
  readonly source = new DocumentSource();
  readonly events = new RecordedEvents();
  readonly kept: KeptSource[] = [];
  readonly cache: CachedDocuments;
  /** What reading the log fails with, while it is there. */
  logTrouble: Error | undefined;

  constructor(limits: Partial<CacheLimits> = {}, { begun = true } = {}) {
    this.store = memoryStore({ clock: this.clock });
    this.writer = new LogWriter(this.store.changeLog, this.clock);
    if (begun) {
      this.writer.begin();
      // Long enough ago that nothing of before is in doubt.
      this.clock.move(MINUTE);
      this.writer.caughtUp();
    }
    this.cache = this.another(limits);
  }

  /** Another cache with the same source, and the same log or another one. */
  another(
    limits: Partial<CacheLimits> = {},
    log: Pick<ChangeLog, 'since' | 'read'> = this.store.changeLog,
    pollSeconds = POLL_SECONDS,
  ): CachedDocuments {
    return new CachedDocuments({
      beneath: this.source,
      log: {
        read: (work) => log.read(work),
        since: (position, most) => {
          if (this.logTrouble !== undefined) throw this.logTrouble;
          return log.since(position, most);
        },
      },
      pollSeconds,
      mappings,
      limits: {
        maxEntries: 100,
        maxAgeMilliseconds: 5 * MINUTE,
        staleMaxAgeMilliseconds: undefined,
        patienceMilliseconds: 10 * SECOND,
        settlingMilliseconds: MINUTE,
        ...limits,
      },
      events: this.events,
      clock: this.clock,
    });
  }

  /** Puts somebody into the source. */
  add(index: number, members: JsonObject = {}): NationalId {
    const nin = numberOf(index);
    this.source.people.set(nin, somebody(index, members));
    return nin;
  }

  ask(
    nin: NationalId,
    {
      asking = {},
      parts = calls,
      cache = this.cache,
    }: {
      readonly asking?: Partial<Caller>;
      readonly parts?: DocumentCalls;
      readonly cache?: CachedDocuments;
    } = {},
  ): Promise<JsonObject | undefined> {
    return cache.one(nin, parts, caller({ onKept: (source) => this.kept.push(source), ...asking }));
  }

  /** How often the source was asked while it was done. */
  async asked(work: () => Promise<unknown>): Promise<number> {
    const before = this.source.asked.length;
    await work();
    return this.source.asked.length - before;
  }

  /** Time passes, and the log keeps up. */
  async pass(milliseconds: number): Promise<void> {
    await this.clock.advance(milliseconds);
    this.writer.caughtUp();
  }
}
