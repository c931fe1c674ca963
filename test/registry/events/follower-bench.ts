import { apiVersions } from '../../../src/registry/persontjenesten/api-version.js';
import { Served } from '../../../src/registry/persontjenesten/calls/served.js';
import { EventFollower } from '../../../src/registry/persontjenesten/events/follower.js';
import type { Transport } from '../../../src/registry/persontjenesten/transport.js';
import type { Store } from '../../../src/store/store.js';
import { CountedRandom } from '../../support/counted-random.js';
import { memoryStore } from '../../support/memory-store.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { ScriptedFeed } from '../../support/scripted-feed.js';
import { StandingClock } from '../../support/standing-clock.js';

export const POLL = 60_000;
export const START = '2026-03-01T12:00:00.000Z';

/** A follower at work, on a clock that a test moves. */
export interface Followed {
  readonly follower: EventFollower;
  /** Ends it; resolves when it has ended. */
  stop(): Promise<void>;
}

/** A feed, a store and followers between them. */
export class FollowerBench {
  readonly feed = new ScriptedFeed();
  readonly clock = new StandingClock(START);
  readonly events = new RecordedEvents();
  readonly random = new CountedRandom();
  readonly store: Store;
  readonly #running: Followed[] = [];

  constructor(store?: Store) {
    this.store = store ?? memoryStore({ clock: this.clock, random: this.random });
  }

  /** Lets another follower loose. */
  follow(feed: Transport = this.feed, version = apiVersions[3], onTurn?: () => void): Followed {
    const served = new Served(this.clock);
    const transport: Transport = { send: (request) => served.send(request, (one) => feed.send(one)) };
    const stopping = new AbortController();
    const follower = new EventFollower({
      transport,
      version,
      log: this.store.changeLog,
      organisation: { parent: '310000027' },
      access: 'full',
      pollMilliseconds: POLL,
      onTurn,
      events: this.events,
      clock: this.clock,
      random: this.random,
    });
    const ended = follower.run(stopping.signal);
    const followed = {
      follower,
      stop: () => {
        stopping.abort();
        return ended;
      },
    };
    this.#running.push(followed);
    return followed;
  }

  /** Lets followers work, no time passing, until the condition holds. */
  async until(condition: () => boolean): Promise<void> {
    for (let round = 0; round < 20_000; round += 1) {
      if (condition()) return;
      await this.clock.advance(0);
    }
    throw new Error('the condition never held');
  }

  /** Lets time pass and followers do what they then have to do. */
  async pass(milliseconds: number): Promise<void> {
    await this.clock.advance(milliseconds);
    await this.settle();
  }

  /** Lets followers work until they wait. */
  async settle(): Promise<void> {
    for (let round = 0; round < 30; round += 1) await this.clock.advance(0);
  }

  /** Ends whoever still runs. */
  async end(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((followed) => followed.stop()));
  }

  /** Whom the log tells of, in its order, whatever the time. */
  people(concern: 1 | 2 = 1): readonly { readonly personId: string; readonly nin: string | null }[] {
    const interval = { from: new Date(0), to: new Date('2100-01-01T00:00:00Z') };
    return this.store.changeLog.read((reader) => reader.people(interval, concern));
  }

  get next(): bigint | undefined {
    return this.store.changeLog.state()?.next;
  }
}
