import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { apiVersions } from '../../../src/registry/persontjenesten/api-version.js';
import { EventFollower } from '../../../src/registry/persontjenesten/events/follower.js';
import type { Transport } from '../../../src/registry/persontjenesten/transport.js';
import type { Clock } from '../../../src/runtime/clock.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import { openTestStore } from '../../store/store-fixture.js';
import { long } from '../../support/long-runs.js';
import { json, page } from '../../support/scripted-feed.js';
import { temporaryFolders } from '../../support/temporary-folder.js';

const EVENTS = long ? 1_000_000 : 30_000;
const PEOPLE = EVENTS / 10;
const MEGABYTE = 1024 * 1024;

/** Turns at once, and ends whoever waits for more. */
function hurriedClock(idle: () => void): Clock {
  let now = Date.parse('2026-03-01T12:00:00Z');
  return {
    now: () => new Date((now += 1)),
    sleep: async (milliseconds, signal) => {
      if (milliseconds === 60_000) idle();
      signal?.throwIfAborted();
      if (milliseconds > 0) await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      await turn();
      signal?.throwIfAborted();
    },
  };
}

/** A feed that makes its events up as they are asked for. */
const feed: Transport = {
  send: ({ query }) => {
    const event = (sequence: number): Parameters<typeof page>[0][number] => ({
      sequenceNumber: String(sequence),
      personId: `person-${sequence % PEOPLE}`,
      eventType: 'PersonIsUpdated',
    });
    const from = Number(query.find(([name]) => name === 'sequenceNumber')?.[1] ?? Number.NaN);
    if (Number.isNaN(from)) return Promise.resolve(json(event(EVENTS)));
    const length = Math.max(0, Math.min(1_000, EVENTS - from + 1));
    return Promise.resolve(page(Array.from({ length }, (_, index) => event(from + index))));
  },
};

describe('the follower, with a mass of events', function () {
  this.timeout(300_000);
  const folder = temporaryFolders();

  it(`reads ${EVENTS} of them into a log that stays quick, in memory that does not grow`, async () => {
    const done = new AbortController();
    const clock = hurriedClock(() => {
      done.abort();
    });
    const store = openTestStore(folder(), { clock });
    const log = store.changeLog;
    log.take('first', clock.now());
    log.begin('first', 1n);
    log.release('first');
    const begin = clock.now();
    let peak = 0;
    let base = 0;
    await new EventFollower({
      transport: feed,
      version: apiVersions[3],
      log,
      organisation: { parent: '310000027' },
      access: 'full',
      pollMilliseconds: 60_000,
      events: {
        emit: () => {
          const { heapUsed, external } = process.memoryUsage();
          if (base === 0) base = heapUsed + external;
          peak = Math.max(peak, heapUsed + external);
        },
      },
      clock,
      random: systemRandom,
    }).run(done.signal);
    expect(log.state()?.next).to.equal(BigInt(EVENTS + 1));
    const interval = { from: begin, to: clock.now() };
    const count = log.read((reader) => reader.count(interval, 1, 10_001));
    expect(count).to.equal(Math.min(PEOPLE, 10_001));
    // Garbage that is not collected yet counts, too.
    expect(peak - base).to.be.below(150 * MEGABYTE);
    store.close();
  });
});
