import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { FeedEvent } from '../../src/registry/changes/feed-event.js';
import { changeLogQueries } from '../../src/store/change-log-queries.js';
import { openMemoryDatabase } from '../../src/store/database.js';
import { ManualClock } from '../support/manual-clock.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { openTestStore } from './store-fixture.js';

const DAY = 24 * 60 * 60_000;
const everything = { from: new Date(0), to: new Date('2100-01-01T00:00:00Z') };

function event(sequence: number, parts: Partial<FeedEvent> = {}): FeedEvent {
  const personId = `person-${sequence}`;
  return { sequence: BigInt(sequence), personId, type: 'ChangeInName', nin: null, ...parts };
}

describe('the repository of the log of changes', () => {
  const folder = temporaryFolders();

  it('holds no number and no person id in clear', () => {
    const directory = folder();
    const store = openTestStore(directory);
    const log = store.changeLog;
    log.take('me', new Date('2100-01-01T00:00:00Z'));
    log.begin('me', 1n);
    const numbers = Array.from({ length: 20 }, (_, index) => syntheticNumber(index));
    const events = numbers.map((nin, index) => event(index + 1, { nin, personId: `a-person-${index}` }));
    log.append('me', { events, next: 21n });
    expect(log.read((reader) => reader.people(everything, 1))).to.have.length(20);
    const bytes = (): string =>
      readdirSync(directory)
        .map((name) => readFileSync(path.join(directory, name), 'latin1'))
        .join('');
    const open = bytes();
    store.close();
    for (const text of [open, bytes()]) {
      for (const nin of numbers) expect(text).to.not.contain(nin);
      expect(text).to.not.contain('a-person');
    }
  });

  it('never sees an event earlier than the one before, whatever the clock says', () => {
    const clock = new ManualClock();
    const log = openTestStore(folder(), { clock }).changeLog;
    log.take('me', new Date('2100-01-01T00:00:00Z'));
    log.begin('me', 1n);
    const begun = clock.now();
    clock.advance(-DAY);
    log.append('me', { events: [event(1)], next: 2n });
    const since = { from: begun, to: everything.to };
    expect(log.read((reader) => reader.count(since, 1, 10))).to.equal(1);
  });

  it('is given to one follower at a time, and to another when its time is over', () => {
    const clock = new ManualClock();
    const log = openTestStore(folder(), { clock }).changeLog;
    const until = new Date(clock.now().getTime() + 1_000);
    expect(log.take('one', until)).to.equal(true);
    expect(log.take('other', until)).to.equal(false);
    expect(log.take('one', until)).to.equal(true);
    clock.advance(1_000);
    expect(log.take('other', new Date(clock.now().getTime() + 1_000))).to.equal(true);
    log.release('one');
    expect(log.take('one', until)).to.equal(false);
    log.release('other');
    expect(log.take('one', until)).to.equal(true);
  });

  it('forgets what has reached its age, people last, in portions', () => {
    const clock = new ManualClock();
    const log = openTestStore(folder(), { clock }).changeLog;
    log.take('me', new Date('2100-01-01T00:00:00Z'));
    log.begin('me', 1n);
    log.append('me', { events: [event(1), event(2), event(3)], next: 4n });
    clock.advance(3 * DAY);
    log.append('me', { events: [event(4), event(5, { personId: 'person-1' })], next: 6n });
    const before = new Date(clock.now().getTime() - 1);
    expect([1, 2, 3, 4, 5, 6].map(() => log.purgeBefore(before, 2))).to.deep.equal([2, 1, 2, 0, 0, 0]);
    expect(log.state()?.answersFrom).to.deep.equal(before);
    const people = log.read((reader) => reader.people(everything, 1));
    expect(people.map(({ personId }) => personId)).to.deep.equal(['person-4', 'person-1']);
  });

  describe('tells whom events told of since a place', () => {
    const begun = (): ReturnType<typeof openTestStore>['changeLog'] => {
      const log = openTestStore(folder()).changeLog;
      log.take('me', new Date('2100-01-01T00:00:00Z'));
      log.begin('me', 1n);
      return log;
    };

    it('each once, with the number that is known, and where the log is by then', () => {
      const log = begun();
      const start = log.since(undefined, 10);
      expect(start?.people).to.deep.equal([]);
      const person = { personId: 'a', nin: syntheticNumber() };
      log.append('me', {
        events: [
          event(1, person),
          event(2, { type: 'ChangeInUseOfSamiLanguage' }),
          event(3, { personId: 'a' }),
        ],
        next: 4n,
      });
      log.note('me', { newest: 7n, caughtUpAt: undefined });
      const news = log.since(start?.position, 10);
      expect(news?.people).to.deep.equal([person, { personId: 'person-2', nin: null }]);
      expect(news?.position.next).to.equal(4n);
      expect(news?.newest).to.equal(7n);
      expect(log.since(news?.position, 10)?.people).to.deep.equal([]);
      expect(log.since(undefined, 10)?.people).to.deep.equal([]);
    });

    it('nothing before it has begun', () => {
      expect(openTestStore(folder()).changeLog.since(undefined, 10)).to.equal(undefined);
    });

    it('everybody of a feed that was empty when the log began, whatever the first number', () => {
      const log = begun();
      const position = log.since(undefined, 10)?.position;
      expect(position?.next).to.equal(1n);
      log.append('me', { events: [event(20_000)], next: 20_001n });
      expect(log.since(position, 10)?.people).to.have.length(1);
      log.append('me', { events: [event(40_000)], next: 40_001n });
      expect(log.since(position, 10)?.people, 'a gap between two events').to.equal(undefined);
    });

    it('nobody in particular when there are too many, the log began anew, numbers are missing, or the place lies ahead', () => {
      const log = begun();
      const position = log.since(undefined, 10)?.position;
      log.append('me', { events: [event(1), event(2)], next: 3n });
      expect(log.since(position, 1)?.people).to.equal(undefined);
      const later = log.since(position, 2)?.position;
      expect(log.since(position, 2)?.people).to.have.length(2);
      log.append('me', { events: [event(10_003)], next: 10_004n });
      expect(log.since(later, 10)?.people).to.have.length(1);
      log.append('me', { events: [event(10_005), event(20_006)], next: 20_007n });
      expect(log.since(later, 10)?.people, 'a gap of 10000').to.have.length(3);
      log.append('me', { events: [event(20_008), event(30_010)], next: 30_011n });
      expect(log.since(later, 10)?.people, 'a gap of 10001').to.equal(undefined);
      const last = log.since(undefined, 10)?.position;
      if (last === undefined) throw new Error('the log has begun');
      expect(log.since({ ...last, next: last.next + 1n }, 10)?.people).to.equal(undefined);
      log.begin('me', 30_011n);
      expect(log.since(last, 10)?.people).to.equal(undefined);
    });
  });

  it('finds what it is asked for by index', () => {
    const database = openMemoryDatabase();
    const bounds = { feed: 1, from: 0, to: 1 };
    const plan = (sql: string, parameters: object): string =>
      JSON.stringify(database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(parameters));
    for (const [concern, index] of [
      [1, 'followed_event_of_record'],
      [2, 'followed_event_of_number'],
    ] as const) {
      const used = `INDEX ${index} (feed=? AND seen_at>? AND seen_at<?)`;
      expect(plan(changeLogQueries.people(concern), bounds)).to.contain(used);
      expect(plan(changeLogQueries.count(concern), { ...bounds, most: 2 })).to.contain(used);
    }
    const since = plan(changeLogQueries.since, { feed: 1, next: 1, limit: 1 });
    expect(since).to.contain('SEARCH e USING PRIMARY KEY (feed=? AND sequence>?)');
    expect(since).to.contain('SEARCH p USING INTEGER PRIMARY KEY (rowid=?)');
    expect(since).to.not.contain('TEMP B-TREE');
    expect(plan(changeLogQueries.purgePeople, { before: 1, limit: 1 })).to.contain(
      'followed_person_by_time (last_seen<?)',
    );
  });
});
