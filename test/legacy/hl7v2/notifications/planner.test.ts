import { expect } from 'chai';
import { StoreFailed } from '../../../../src/errors/errors.js';
import { ChangeKind } from '../../../../src/registry/change-news.js';
import { NotificationWorld, receiverOf } from '../../../support/notification-world.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const [anna] = [syntheticNumber(1)];
const HOUR = 60 * 60_000;

describe('planning what receivers are sent', () => {
  let world: NotificationWorld;

  beforeEach(() => {
    world = new NotificationWorld();
    world.plan();
    world.follows(anna);
  });

  afterEach(() => {
    world.store.close();
  });

  it('looks through many changes page by page', () => {
    for (let count = 0; count < 1_200; count += 1) world.happens(`p${count}`, null);
    world.happens('a', anna);
    const planner = world.planner();
    expect([planner.turn(), planner.turn(), planner.turn(), planner.turn()]).to.deep.equal([
      true,
      true,
      false,
      false,
    ]);
    expect(world.events.of.changesPlanned.map(({ changes, queued }) => [changes, queued])).to.deep.equal([
      [500, 0],
      [500, 0],
      [201, 1],
    ]);
  });

  it('writes nothing while nothing happens, but for the time once an hour', () => {
    const before = world.store.notifications.place();
    world.clock.move(HOUR / 2);
    world.plan();
    expect(world.store.notifications.place()).to.deep.equal(before);
    world.clock.move(HOUR / 2);
    world.plan();
    expect(world.store.notifications.place()?.at).to.deep.equal(world.clock.now());
  });

  it('says so when changes happened of which nothing is known any more, and goes on from there', () => {
    const since = world.clock.now();
    world.hasGap = true;
    world.happens('a', anna);
    world.planner().turn();
    expect(world.events.of.notificationsMissed).to.deep.equal([{ since }]);
    expect(world.store.notifications.counts().waiting).to.equal(1);
  });

  it('tells of its trouble once, loses nothing for it, and says when it is over', () => {
    world.happens('a', anna);
    let isBroken = true;
    const { notifications } = world.store;
    const planner = world.planner(undefined, {
      ...queueOf(world),
      plan: (page) => {
        if (isBroken) throw new StoreFailed('the disk is full');
        return notifications.plan(page);
      },
    });
    expect([planner.turn(), planner.turn()]).to.deep.equal([false, false]);
    expect(world.events.of.changesNotPlanned).to.have.length(1);
    expect(planner.trouble).to.equal('store-failed');
    isBroken = false;
    planner.turn();
    expect(planner.trouble).to.equal(undefined);
    expect(notifications.counts().waiting).to.equal(1);
  });

  it('is done once, whoever else does it on the same store', () => {
    world.happens('a', anna);
    const { notifications } = world.store;
    let other = (): void => {
      world.plan();
      other = () => undefined;
    };
    const slow = world.planner(undefined, {
      ...queueOf(world),
      plan: (page) => {
        other();
        return notifications.plan(page);
      },
    });
    while (slow.turn());
    expect(notifications.list({ state: 'waiting', limit: 9 })).to.have.length(1);
  });

  it('queues what some receiver wants, for that one alone', () => {
    const ris = receiverOf({ id: 'ris', events: new Set(['A40']) });
    world.store.subscriptions.load('ris', [anna], world.clock.now(), { anew: false });
    world.happens('a', anna, ChangeKind.Record);
    while (world.planner([world.receiver, ris]).turn());
    expect(
      world.store.notifications.list({ state: 'waiting', limit: 9 }).map(({ receiver }) => receiver),
    ).to.deep.equal(['pas']);
    world.happens('a', anna, ChangeKind.Number);
    while (world.planner([world.receiver, ris]).turn());
    expect(
      world.store.notifications.list({ state: 'waiting', limit: 9 }).map(({ receiver }) => receiver),
    ).to.deep.equal(['pas', 'ris']);
  });

  it('ends when it is told to', async () => {
    const stopping = new AbortController();
    const running = world.planner().run(stopping.signal);
    stopping.abort();
    await running;
  });
});

function queueOf({ store: { notifications } }: NotificationWorld) {
  return { place: () => notifications.place() };
}
