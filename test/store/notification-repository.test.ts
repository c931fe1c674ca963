import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { NationalId } from '../../src/person/national-id.js';
import { ChangeKind, type Change } from '../../src/registry/change-news.js';
import { openMemoryDatabase } from '../../src/store/database.js';
import { notificationQueries, subscriptionQueries } from '../../src/store/notification-queries.js';
import type { Store } from '../../src/store/store.js';
import { ManualClock } from '../support/manual-clock.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import type { SealingKey } from '../../src/store/sealer.js';
import { openTestStore, sealingKey } from './store-fixture.js';

const DAY = 24 * 60 * 60_000;
const everything = new Set(Object.values(ChangeKind));
const [anna, berit, carl] = [syntheticNumber(1), syntheticNumber(2), syntheticNumber(3)];

describe('subscriptions and notifications in the store', () => {
  const folder = temporaryFolders();
  let clock: ManualClock;
  let store: Store;
  let next: bigint;

  beforeEach(() => {
    clock = new ManualClock();
    store = openTestStore(folder(), { clock });
    next = 1n;
  });

  afterEach(() => {
    store.close();
  });

  function subscribe(receiver: string, ...numbers: readonly NationalId[]): void {
    store.subscriptions.load(receiver, numbers, clock.now(), { anew: false });
  }

  function plan(changes: readonly Change[], receivers = ['pas']) {
    const from = store.notifications.place();
    next += 1n;
    return store.notifications.plan({
      from,
      to: { feed: 1, next, at: clock.now() },
      changes,
      receivers: new Map(receivers.map((receiver) => [receiver, everything])),
    });
  }

  function change(nin: NationalId | null, personId: string, kind: ChangeKind = ChangeKind.Record): Change {
    return { nin, personId, kind };
  }

  function later(milliseconds = 60_000): Date {
    return new Date(clock.now().getTime() + milliseconds);
  }

  function claim(receiver = 'pas') {
    store.notifications.take(receiver, 'me', later());
    return store.notifications.claim(receiver, 'me');
  }

  describe('whom receivers follow', () => {
    it('are the numbers of a file, each once', () => {
      subscribe('pas', anna, berit, anna);
      subscribe('pas', berit);
      expect(store.subscriptions.counts()).to.deep.equal([
        { receiver: 'pas', all: 2, byFile: 2, byLookup: 0, byFollowing: 0, gaveWay: 0, known: 0 },
      ]);
    });

    it('are those of the newest file alone where it is all there is', () => {
      subscribe('pas', anna, berit);
      subscribe('ris', anna);
      const load = store.subscriptions.beginLoad('pas');
      expect(store.subscriptions.load('pas', [berit, carl], load, { anew: true })).to.equal(1);
      expect(store.subscriptions.dropBefore('pas', load)).to.equal(1);
      expect(store.subscriptions.dropBefore('pas', load)).to.equal(0);
      expect(store.subscriptions.counts().map(({ receiver, all }) => [receiver, all])).to.deep.equal([
        ['pas', 2],
        ['ris', 1],
      ]);
    });

    it('are told apart from those before even when the clock stands still or was set back', () => {
      subscribe('pas', anna);
      clock.advance(-DAY);
      const load = store.subscriptions.beginLoad('pas');
      store.subscriptions.load('pas', [berit], load, { anew: true });
      expect(store.subscriptions.dropBefore('pas', load)).to.equal(1);
    });

    it('come by lookups as well, and go when nobody looks them up any more', () => {
      subscribe('pas', anna);
      store.subscriptions.addFound('pas', [anna]);
      store.subscriptions.addFound('pas', [berit]);
      clock.advance(10 * DAY);
      store.subscriptions.addFound('pas', [carl]);
      const before = new Date(clock.now().getTime() - 5 * DAY);
      expect(store.subscriptions.forgetBefore(before)).to.equal(1);
      expect(store.subscriptions.counts()[0]).to.include({ all: 2, byFile: 1, byLookup: 1 });
    });

    it('stay for as long again when they are looked up again', () => {
      store.subscriptions.addFound('pas', [berit]);
      clock.advance(10 * DAY);
      store.subscriptions.addFound('pas', [berit]);
      expect(store.subscriptions.forgetBefore(new Date(clock.now().getTime() - 5 * DAY))).to.equal(0);
    });

    it('are asked about until their ids are known, and a day later where nobody knows them', () => {
      subscribe('pas', anna, berit);
      expect(store.subscriptions.toAskAbout('pas', 10)).to.have.members([anna, berit]);
      expect(store.subscriptions.toAskAbout('ris', 10)).to.deep.equal([]);
      store.subscriptions.tellReferences(
        'pas',
        new Map([
          [anna, 'person-1'],
          [berit, null],
        ]),
      );
      expect(store.subscriptions.toAskAbout('pas', 10)).to.deep.equal([]);
      clock.advance(DAY);
      expect(store.subscriptions.toAskAbout('pas', 10)).to.deep.equal([berit]);
    });

    it('are sealed anew when they are loaded again, so that an old key can go', () => {
      const directory = folder();
      const [old, fresh] = [sealingKey('old'), sealingKey('fresh')];
      const load = (keys: readonly SealingKey[], use: (store: Store) => void): void => {
        const own = openTestStore(directory, { clock, sealingKeys: keys });
        use(own);
        own.close();
      };
      const loaded = (own: Store): void => {
        own.subscriptions.load('pas', [anna], own.subscriptions.beginLoad('pas'), { anew: false });
      };
      load([old], loaded);
      load([fresh, old], loaded);
      clock.advance(DAY);
      load([fresh], (own) => {
        expect(own.subscriptions.toAskAbout('pas', 9)).to.deep.equal([anna]);
      });
    });

    it('are asked about without those whose numbers do not open, who are tried a day later', () => {
      const directory = folder();
      const [old, fresh] = [sealingKey('old'), sealingKey('fresh')];
      const load = (keys: readonly SealingKey[], number: NationalId): Store => {
        const own = openTestStore(directory, { clock, sealingKeys: keys });
        own.subscriptions.load('pas', [number], own.subscriptions.beginLoad('pas'), { anew: false });
        return own;
      };
      load([old], anna).close();
      const without = load([fresh], berit);
      clock.advance(1);
      expect(without.subscriptions.toAskAbout('pas', 9)).to.deep.equal([berit]);
      without.close();
      const again = openTestStore(directory, { clock, sealingKeys: [fresh, old] });
      expect(again.subscriptions.toAskAbout('pas', 9)).to.deep.equal([berit]);
      clock.advance(DAY);
      expect(again.subscriptions.toAskAbout('pas', 9)).to.have.members([anna, berit]);
      again.close();
    });

    it('go in portions when a receiver is cleared', () => {
      subscribe('pas', anna, berit);
      subscribe('ris', anna);
      expect(store.subscriptions.clear('pas')).to.equal(2);
      expect(store.subscriptions.clear('pas')).to.equal(0);
      expect(store.subscriptions.counts()).to.have.length(1);
    });
  });

  describe('planning', () => {
    it('queues nothing for people whom nobody follows', () => {
      subscribe('pas', anna);
      expect(plan([change(berit, 'b'), change(null, 'c')])).to.deep.equal({ queued: 0, splits: [] });
      expect(store.notifications.counts().waiting).to.equal(0);
    });

    it('finds people by number, and by id once that is known, whatever number they have by then', () => {
      subscribe('pas', anna);
      expect(plan([change(anna, 'a')])?.queued).to.equal(1);
      const first = claim();
      expect(first?.number).to.equal(anna);
      store.notifications.delivered(first?.id ?? 0);
      expect(plan([change(carl, 'a', ChangeKind.Number)])?.queued).to.equal(1);
      expect(claim()).to.include({ number: anna, kind: 'number' });
    });

    it('asks for the id again when a number changed', () => {
      subscribe('pas', anna);
      store.subscriptions.tellReferences('pas', new Map([[anna, 'a']]));
      plan([change(anna, 'a')]);
      expect(store.subscriptions.toAskAbout('pas', 1)).to.deep.equal([]);
      plan([change(anna, 'a', ChangeKind.Merged)]);
      expect(store.subscriptions.toAskAbout('pas', 1)).to.deep.equal([anna]);
    });

    it('makes one message of several changes that wait, and tells the one that expects most', () => {
      subscribe('pas', anna);
      expect(
        plan([change(anna, 'a'), change(anna, 'a', ChangeKind.Merged), change(anna, 'a')])?.queued,
      ).to.equal(1);
      plan([change(anna, 'a')]);
      expect(store.notifications.counts().waiting).to.equal(1);
      expect(claim()?.kind).to.equal('merged');
    });

    it('makes another message of what happens while one is on its way', () => {
      subscribe('pas', anna);
      plan([change(anna, 'a')]);
      const first = claim();
      expect(plan([change(anna, 'a')])?.queued).to.equal(1);
      expect(claim()?.id).to.equal(first?.id);
      store.notifications.delivered(first?.id ?? 0);
      expect(claim()?.id).to.be.greaterThan(first?.id ?? Infinity);
    });

    it('lets a message that was put off before it was sent tell what happens meanwhile', () => {
      subscribe('pas', anna);
      plan([change(anna, 'a')]);
      const id = claim()?.id ?? 0;
      store.notifications.postpone(id, clock.now());
      expect(plan([change(anna, 'a')])?.queued).to.equal(0);
      expect(store.notifications.sending(claim()?.id ?? 0, 'me', 'A31', later())).to.be.a('string');
      store.notifications.postpone(id, clock.now(), 'no-answer');
      expect(plan([change(anna, 'a')])?.queued).to.equal(1);
    });

    it('moves the place with what is queued, and does nothing when another was faster', () => {
      subscribe('pas', anna);
      const stale = {
        from: undefined,
        to: { feed: 1, next: 9n, at: clock.now() },
        receivers: new Map([['pas', everything]]),
      };
      expect(plan([])).to.deep.equal({ queued: 0, splits: [] });
      expect(store.notifications.plan({ ...stale, changes: [change(anna, 'a')] })).to.equal(undefined);
      expect(store.notifications.counts().waiting).to.equal(0);
      expect(store.notifications.place()?.next).to.equal(2n);
    });

    it('keeps numbers of events that no float holds', () => {
      const to = { feed: 1, next: 9_007_199_254_740_993n, at: clock.now() };
      store.notifications.plan({ from: undefined, to, changes: [], receivers: new Map() });
      expect(store.notifications.place()).to.deep.equal(to);
    });

    it('tells nobody who is not in the configuration, and nothing that a receiver does not want', () => {
      subscribe('pas', anna);
      subscribe('gone', anna);
      const changes = [change(anna, 'a', ChangeKind.Created)];
      const to = { feed: 1, next: 2n, at: clock.now() };
      const receivers = new Map([['pas', new Set([ChangeKind.Number])]]);
      expect(store.notifications.plan({ from: undefined, to, changes, receivers })?.queued).to.equal(0);
    });

    it('lays a split before the operator, and follows the number again that had given way', () => {
      subscribe('pas', anna);
      plan([change(anna, 'a', ChangeKind.Merged)]);
      store.notifications.delivered(claim()?.id ?? 0, berit);
      expect(plan([change(anna, 'a')])?.queued).to.equal(0);
      const planned = plan([change(anna, 'a', ChangeKind.Split)]);
      expect(planned?.splits.map(({ receiver }) => receiver)).to.deep.equal(['pas']);
      expect(planned?.queued).to.equal(1);
      expect(store.notifications.list({ state: 'dead', limit: 9 })).to.have.length(1);
      expect(store.notifications.retry(planned?.splits[0]?.id ?? 0)).to.equal(false);
    });
  });

  describe('sending', () => {
    it('is for one sender at a time, and for another when the time of the first is over', () => {
      subscribe('pas', anna);
      plan([change(anna, 'a')]);
      expect(store.notifications.take('pas', 'me', later())).to.equal(true);
      expect(store.notifications.take('pas', 'other', later())).to.equal(false);
      expect(store.notifications.claim('pas', 'other')).to.equal(undefined);
      const id = store.notifications.claim('pas', 'me')?.id ?? 0;
      clock.advance(60_000);
      expect(store.notifications.sending(id, 'me', 'A31', later())).to.equal(undefined);
      expect(store.notifications.take('pas', 'other', later())).to.equal(true);
      expect(store.notifications.claim('pas', 'other')?.id).to.equal(id);
      store.notifications.release('pas', 'me');
      expect(store.notifications.take('pas', 'me', later())).to.equal(false);
      store.notifications.release('pas', 'other');
      expect(store.notifications.take('pas', 'me', later())).to.equal(true);
    });

    it('goes by the order in which things happened to a person, and lets nobody else wait', () => {
      subscribe('pas', anna, berit);
      plan([change(anna, 'a')]);
      const first = claim();
      store.notifications.sending(first?.id ?? 0, 'me', 'A31', later());
      store.notifications.postpone(first?.id ?? 0, later(1_000), 'no-answer');
      plan([change(anna, 'a'), change(berit, 'b')]);
      const second = claim();
      expect(second?.number).to.equal(berit);
      store.notifications.delivered(second?.id ?? 0);
      expect(claim()).to.equal(undefined);
      expect(store.notifications.hasDue('pas')).to.equal(false);
      clock.advance(1_000);
      expect(store.notifications.hasDue('pas')).to.equal(true);
      expect(claim()).to.include({ id: first?.id, attempts: 1, failures: 1 });
    });

    it('keeps the order of a person who is followed by two numbers', () => {
      subscribe('pas', anna, berit);
      plan([change(anna, 'a')]);
      const first = claim();
      store.notifications.postpone(first?.id ?? 0, later(1_000), 'no-answer');
      plan([change(berit, 'a')]);
      expect(claim()).to.equal(undefined);
    });

    it('gives one whose number does not open as any other, and lets it fail when that is read', () => {
      const directory = folder();
      const before = openTestStore(directory, { clock, sealingKeys: [sealingKey('old')] });
      before.subscriptions.load('pas', [anna], clock.now(), { anew: false });
      before.notifications.plan({
        from: undefined,
        to: { feed: 1, next: 2n, at: clock.now() },
        changes: [change(anna, 'a')],
        receivers: new Map([['pas', everything]]),
      });
      before.close();
      const after = openTestStore(directory, { clock, sealingKeys: [sealingKey('fresh')] });
      after.notifications.take('pas', 'me', later());
      const claimed = after.notifications.claim('pas', 'me');
      expect(claimed?.id).to.be.a('number');
      expect(() => claimed?.number).to.throw('is not configured');
      after.close();
    });

    it('keeps what was begun for whoever comes after a crash, under the same control id', () => {
      const directory = folder();
      const before = openTestStore(directory, { clock });
      before.subscriptions.load('pas', [anna], clock.now(), { anew: false });
      before.notifications.plan({
        from: undefined,
        to: { feed: 1, next: 2n, at: clock.now() },
        changes: [change(anna, 'a')],
        receivers: new Map([['pas', everything]]),
      });
      before.notifications.take('pas', 'dead', later());
      const first = before.notifications.claim('pas', 'dead');
      const controlId = before.notifications.sending(first?.id ?? 0, 'dead', 'A31', later());
      before.close();
      const after = openTestStore(directory, { clock });
      clock.advance(60_000);
      after.notifications.take('pas', 'me', later());
      const again = after.notifications.claim('pas', 'me');
      expect(again).to.include({ id: first?.id, attempts: 1 });
      const sent = (trigger: string) => after.notifications.sending(again?.id ?? 0, 'me', trigger, later());
      expect(sent('A31')).to.equal(controlId);
      const other = sent('A40');
      expect(other, 'what is sent is another message').to.not.be.oneOf([controlId, undefined]);
      expect(sent('A40')).to.equal(other);
      after.close();
    });

    it('follows the number that took the place of one, and the old one no more', () => {
      subscribe('pas', anna);
      plan([change(anna, 'a', ChangeKind.Number)]);
      store.notifications.delivered(claim()?.id ?? 0, berit);
      expect(store.subscriptions.counts()[0]).to.include({ all: 2, byFollowing: 1, gaveWay: 1 });
      expect(plan([change(berit, 'a')])?.queued).to.equal(1);
      expect(claim()?.number).to.equal(berit);
    });

    it('gives up what has been failing for too long, and forgets the failure of who was never tried', () => {
      subscribe('pas', anna, berit);
      plan([change(anna, 'a')]);
      store.notifications.markFailing('pas');
      clock.advance(DAY);
      plan([change(berit, 'b')]);
      store.notifications.markFailing('pas');
      const buried = store.notifications.buryFailing(
        'pas',
        new Date(clock.now().getTime() - DAY),
        'no-connection',
      );
      expect(buried).to.have.length(1);
      store.notifications.markReachable('pas');
      expect(claim()?.failingSince).to.equal(undefined);
      expect(store.notifications.counts()).to.deep.include({
        waiting: 1,
        dead: 1,
        unseen: 1,
        receivers: { failing: [], unseen: ['pas'] },
      });
    });

    it('forgets the failure of an outage also of what was on its way when a process was killed', () => {
      subscribe('pas', anna);
      plan([change(anna, 'a')]);
      store.notifications.sending(claim()?.id ?? 0, 'me', 'A31', later());
      store.notifications.markFailing('pas');
      store.notifications.markReachable('pas');
      expect(claim()).to.include({ attempts: 1, failingSince: undefined });
    });
  });

  describe('of people who are not followed any more', () => {
    function queuedFor(...numbers: readonly NationalId[]): void {
      subscribe('pas', ...numbers);
      subscribe('ris', ...numbers);
      plan(
        numbers.map((number) => change(number, `person-${number}`)),
        ['pas', 'ris'],
      );
    }

    function waiting(): readonly string[] {
      const names = new Map([anna, berit].map((number, index) => [number, ['anna', 'berit'][index] ?? '']));
      return store.notifications
        .list({ state: 'waiting', limit: 9 })
        .map(({ receiver, number }) => `${receiver} ${names.get(number) ?? ''}`);
    }

    it('nothing waits once the list is cleared, also what is on its way', () => {
      queuedFor(anna, berit);
      const id = claim()?.id ?? 0;
      store.subscriptions.clear('pas');
      expect(waiting()).to.deep.equal(['ris anna', 'ris berit']);
      expect(store.notifications.hasDue('pas')).to.equal(false);
      expect(store.notifications.sending(id, 'me', 'A31', later())).to.equal(undefined);
      expect(claim()).to.equal(undefined);
      store.notifications.delivered(id, carl);
      expect(store.subscriptions.counts().map(({ receiver }) => receiver)).to.deep.equal(['ris']);
    });

    it('nothing waits once another list takes the place of theirs', () => {
      queuedFor(anna, berit);
      const load = store.subscriptions.beginLoad('pas');
      store.subscriptions.load('pas', [berit], load, { anew: true });
      store.subscriptions.dropBefore('pas', load);
      expect(waiting()).to.have.members(['pas berit', 'ris anna', 'ris berit']);
    });

    it('nothing waits once nobody looked them up for long enough', () => {
      store.subscriptions.addFound('pas', [anna]);
      plan([change(anna, 'a')]);
      clock.advance(DAY);
      expect(store.subscriptions.forgetBefore(clock.now())).to.equal(1);
      expect(waiting()).to.deep.equal([]);
    });

    it('nothing is sent again that was given up', () => {
      queuedFor(anna);
      const id = claim()?.id ?? 0;
      store.notifications.bury(id, 'refused');
      store.subscriptions.clear('pas');
      expect(store.notifications.retry(id)).to.equal(false);
      expect(store.notifications.byId(id)?.state, 'whoever has to look at it can').to.equal('dead');
    });

    it('nothing waits for longer for receivers that are gone', () => {
      queuedFor(anna);
      clock.advance(DAY);
      plan([change(berit, 'b')]);
      expect(store.notifications.forgetOthers(['pas'], clock.now())).to.equal(1);
      expect(waiting()).to.deep.equal(['pas anna']);
      expect(store.notifications.forgetOthers(['pas'], clock.now())).to.equal(0);
      expect(store.notifications.forgetOthers([], later(-2 * DAY)), 'not yet').to.equal(0);
    });
  });

  describe('what was given up', () => {
    function given(): number {
      subscribe('pas', anna);
      plan([change(anna, 'a')]);
      const id = claim()?.id ?? 0;
      store.notifications.sending(id, 'me', 'A40', later());
      store.notifications.bury(id, 'refused');
      return id;
    }

    it('stays until somebody has looked at it, and for its time after that', () => {
      const id = given();
      clock.advance(1_000 * DAY);
      expect(store.notifications.forgetBefore(clock.now())).to.equal(0);
      store.notifications.see(id);
      expect(store.notifications.counts()).to.include({ dead: 1, unseen: 0 });
      expect(store.notifications.forgetBefore(clock.now())).to.equal(1);
      expect(store.notifications.byId(id)).to.equal(undefined);
    });

    it('is told with what is known of it, and with the number to who asks for that', () => {
      const id = given();
      const view = store.notifications.byId(id);
      expect(view).to.include({
        receiver: 'pas',
        sentAs: 'A40',
        problem: 'refused',
        state: 'dead',
        attempts: 1,
      });
      expect(view?.number).to.equal(anna);
    });

    it('is sent again when somebody says so, and once more as new', () => {
      const id = given();
      expect(store.notifications.retry(id)).to.equal(true);
      expect(store.notifications.retry(id)).to.equal(false);
      expect(claim()).to.include({ id, failures: 0, mergerSettled: false });
    });

    it('is no reason to try the same merger for each change that follows', () => {
      given();
      plan([change(anna, 'a')]);
      expect(claim()?.mergerSettled).to.equal(true);
    });

    it('is deleted when somebody says so, and what waits is not', () => {
      const id = given();
      store.notifications.retry(id);
      expect(store.notifications.discard(id), 'it waits').to.equal(false);
      store.notifications.bury(id, 'refused');
      expect(store.notifications.discard(id)).to.equal(true);
      expect(store.notifications.discard(id)).to.equal(false);
      expect(store.notifications.list({ state: 'dead', limit: 9 })).to.deep.equal([]);
    });
  });

  it('holds no number and no person id in clear', () => {
    const directory = folder();
    const own = openTestStore(directory, { clock });
    own.subscriptions.load('pas', [anna, berit], clock.now(), { anew: false });
    own.subscriptions.tellReferences('pas', new Map([[anna, 'a-person-id']]));
    own.notifications.plan({
      from: undefined,
      to: { feed: 1, next: 2n, at: clock.now() },
      changes: [change(anna, 'a-person-id'), change(berit, 'another-person-id', ChangeKind.Split)],
      receivers: new Map([['pas', everything]]),
    });
    const bytes = (): string =>
      readdirSync(directory)
        .map((name) => readFileSync(path.join(directory, name), 'latin1'))
        .join('');
    const open = bytes();
    own.close();
    for (const text of [open, bytes()]) {
      for (const secret of [anna, berit, 'person-id']) expect(text).to.not.contain(secret);
    }
  });

  it('finds what it is asked for by index', () => {
    const database = openMemoryDatabase();
    const plan = (sql: string): string => {
      const names = [...sql.matchAll(/@(\w+)/g)].map(([, name = '']) => [name, 1] as const);
      const rows = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(Object.fromEntries(names));
      return rows.map((row) => JSON.stringify(row)).join('\n');
    };
    const followers = plan(subscriptionQueries.followers);
    expect(followers).to.contain('notification_subscription_by_person (person=?)');
    expect(followers).to.contain('notification_subscription_by_number (number=?)');
    const due = plan(notificationQueries.due);
    expect(due).to.contain('notification_due (receiver=? AND due_at<?)');
    expect(due).to.contain('notification_of_person (receiver=? AND person=? AND id<?)');
    expect(due).to.contain('notification_of_number (receiver=? AND number=?');
    expect(due).to.not.contain('SCAN');
    expect(plan(subscriptionQueries.toAskAbout)).to.contain(
      'notification_subscription_to_ask (receiver=? AND ask_at<?)',
    );
    expect(due).to.contain('sqlite_autoindex_notification_subscription_1 (receiver=? AND number=?)');
    expect(plan(notificationQueries.unqueue)).to.contain('notification_of_number (receiver=? AND number=?)');
    expect(plan(notificationQueries.countWaiting)).to.contain('notification_due');
    expect(plan(notificationQueries.countDead)).to.contain('notification_dead');
    expect(plan(notificationQueries.openOne)).to.contain('notification_open (receiver=? AND number=?)');
    database.close();
  });
});
