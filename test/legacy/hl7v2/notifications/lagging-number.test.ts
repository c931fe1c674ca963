import { expect } from 'chai';
import type { Receiver } from '../../../../src/legacy/hl7v2/notifications/receiver.js';
import { ChangeKind } from '../../../../src/registry/change-news.js';
import { HOUR, NotificationWorld, receiverOf } from '../../../support/notification-world.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const MINUTE = 60_000;
const [anna, berit] = [syntheticNumber(1), syntheticNumber(2)];

describe('a number that gives way before its record says so', () => {
  let world: NotificationWorld;

  async function begin(parts: Partial<Receiver> = {}): Promise<void> {
    world = new NotificationWorld(receiverOf(parts));
    world.plan();
    world.knows(anna, 'a');
    world.follows(anna);
    await world.send();
  }

  beforeEach(() => begin());

  afterEach(() => {
    world.store.close();
  });

  async function later(minutes: number): Promise<void> {
    world.clock.move(minutes * MINUTE);
    await world.tell();
  }

  function waiting() {
    return world.store.notifications.list({ state: 'waiting', limit: 9 });
  }

  for (const [minutes, description] of [
    [10, 'ten minutes'],
    [60, 'an hour'],
  ] as const) {
    it(`is an update at once, and a merger when the record says so within ${description}`, async () => {
      world.happens('a', berit, ChangeKind.Number);
      await world.tell();
      expect(world.types).to.deep.equal(['ADT^A31']);
      for (let minute = 1; minute < minutes; minute += 1) await later(1);
      world.knows(berit, 'a', { supersededNINs: [anna] });
      await later(1);
      expect(world.types).to.deep.equal(['ADT^A31', 'ADT^A40']);
      expect(world.last('MRG')).to.contain(anna);
      const ids = world.received.map((message) => message.split('|')[9]);
      expect(new Set(ids).size, 'another message').to.equal(2);
      expect(waiting()).to.deep.equal([]);
      world.happens('a', berit);
      await world.tell();
      expect(world.last('PID').split('|')[3], 'the number in use is followed').to.match(
        new RegExp(`^${berit}`),
      );
    });
  }

  it('is looked up twice more, and then not again', async () => {
    world.happens('a', berit, ChangeKind.Number);
    await world.tell();
    for (let hour = 0; hour < 48; hour += 1) await later(60);
    expect(world.types).to.deep.equal(['ADT^A31']);
    expect(world.lookedUp).to.have.length(3);
    expect(waiting()).to.deep.equal([]);
    expect(world.store.notifications.counts()).to.include({ dead: 0 });
  });

  it('keeps nothing else waiting, and is nothing that waits to be sent', async () => {
    world.happens('a', berit, ChangeKind.Number);
    await world.tell();
    expect(world.store.notifications.counts()).to.include({ waiting: 0, oldest: undefined });
    world.happens('a', anna);
    await later(1);
    expect(world.types).to.deep.equal(['ADT^A31', 'ADT^A31']);
    world.knows(berit, 'a', { supersededNINs: [anna] });
    world.happens('a', berit);
    await later(1);
    expect(world.types).to.deep.equal(['ADT^A31', 'ADT^A31', 'ADT^A40']);
    expect(waiting(), 'told already').to.deep.equal([]);
    await later(60);
    expect(world.types).to.have.length(3);
  });

  it('is asked for once, however often its number changes', async () => {
    for (let time = 0; time < 3; time += 1) {
      world.happens('a', berit, ChangeKind.Number);
      await world.tell();
    }
    expect(waiting()).to.have.length(1);
  });

  it('is a merger that is tried again like any other, and overtaken by nothing of the person', async () => {
    world.happens('a', berit, ChangeKind.Number);
    await world.tell();
    world.knows(berit, 'a', { supersededNINs: [anna] });
    world.behaviour = 'AE';
    await later(10);
    expect(world.store.notifications.counts()).to.include({ waiting: 1, failing: 1 });
    world.happens('a', berit);
    await world.tell();
    world.behaviour = 'AA';
    world.clock.move(HOUR);
    await world.send();
    expect(world.types).to.deep.equal(['ADT^A31', 'ADT^A40', 'ADT^A40', 'ADT^A31']);
  });

  it('is no merger for who is not followed any more', async () => {
    world.happens('a', berit, ChangeKind.Number);
    await world.tell();
    world.store.subscriptions.clear(world.receiver.id);
    expect(waiting()).to.deep.equal([]);
  });

  it('is a merger also for who takes no updates', async () => {
    world.store.close();
    await begin({ events: new Set(['A40'] as const) });
    world.happens('a', berit, ChangeKind.Number);
    await world.tell();
    world.knows(berit, 'a', { supersededNINs: [anna] });
    await later(10);
    expect(world.types).to.deep.equal(['ADT^A40']);
  });

  it('is nothing to look for where no mergers are wanted', async () => {
    world.store.close();
    await begin({ events: new Set(['A31'] as const) });
    world.happens('a', berit, ChangeKind.Number);
    await world.tell();
    expect(waiting()).to.deep.equal([]);
  });
});
