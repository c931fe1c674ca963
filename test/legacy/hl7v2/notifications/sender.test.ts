import { expect } from 'chai';
import {
  InternalError,
  TokenRefused,
  UpstreamForbidden,
  UpstreamInvalidAnswer,
  UpstreamRejected,
} from '../../../../src/errors/errors.js';
import type { QueuedNotification } from '../../../../src/legacy/hl7v2/notifications/queue.js';
import { ChangeKind } from '../../../../src/registry/change-news.js';
import { SealBroken } from '../../../../src/store/store-errors.js';
import { HOUR, NotificationWorld, outage, receiverOf } from '../../../support/notification-world.js';
import { pregAddress } from '../../../support/preg-person.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const [anna, berit, carl] = [syntheticNumber(1), syntheticNumber(2), syntheticNumber(3)];

describe('what receivers are sent', () => {
  let world: NotificationWorld;

  beforeEach(() => {
    world = new NotificationWorld();
    world.plan();
  });

  afterEach(() => {
    world.store.close();
  });

  function dead() {
    return world.store.notifications.list({ state: 'dead', limit: 9 });
  }

  function waiting() {
    return world.store.notifications.list({ state: 'waiting', limit: 9 });
  }

  it('is an update of whom they follow, and nothing of anybody else', async () => {
    world.knows(anna, 'a');
    world.knows(berit, 'b');
    world.follows(anna);
    world.happens('a', anna);
    world.happens('b', berit);
    await world.tell();
    expect(world.types).to.deep.equal(['ADT^A31']);
    expect(world.last('PID')).to.contain(anna);
    expect(world.lookedUp).to.deep.equal([anna]);
    expect(world.askedAbout).to.deep.equal([anna]);
    expect(waiting()).to.deep.equal([]);
  });

  it('is nothing while the client of the receiver is switched off, and what waited once it is not', async () => {
    let isOff = true;
    world.store.close();
    world = new NotificationWorld(receiverOf({ isOff: () => isOff }));
    world.plan();
    world.knows(anna, 'a');
    world.follows(anna);
    world.happens('a', anna);
    await world.tell();
    expect([world.types, world.lookedUp, world.askedAbout]).to.deep.equal([[], [], []]);
    expect(dead()).to.deep.equal([]);
    isOff = false;
    await world.tell();
    expect(world.types).to.deep.equal(['ADT^A31']);
  });

  it('is true when it is sent, whatever was true when it was queued (Safety S1)', async () => {
    const street = {
      postalAddress: 'VEIEN 1',
      postalCode: '0484',
      postalPlace: 'OSLO',
      currentAddress: true,
    };
    world.knows(anna, 'a', { addresses: [pregAddress(street)] });
    world.follows(anna);
    world.happens('a', anna);
    world.plan();
    world.knows(anna, 'a', {
      addresses: [pregAddress({ postalType: 7, postalAddress: 'Sperret adr. fortrolig' })],
    });
    await world.send();
    expect(world.received.join()).to.not.contain('VEIEN 1');
    expect(world.last('PD1')).to.contain('|Y');
  });

  it('is looked up behind those who wait, on behalf of the client of the receiver', async () => {
    world.knows(anna, 'a');
    world.follows(anna);
    world.happens('a', anna);
    await world.tell();
    expect(world.callers[0]).to.include({ clientId: 'pas-client', lane: 'batch', access: 'full' });
    expect(world.callers[0]?.organisation.parent).to.equal('999999999');
  });

  it('leaves entries in the audit trail: for the question of the id, and for each message', async () => {
    world.knows(anna, 'a');
    world.follows(anna);
    world.happens('a', anna);
    await world.tell();
    expect(
      world.audited.map(({ operation, subject, outcome, detail }) => [
        operation,
        subject,
        outcome,
        detail.receiver,
      ]),
    ).to.deep.equal([
      ['subscription', anna, 'found', 'pas'],
      ['ADT^A31', anna, 'found', 'pas'],
    ]);
  });

  it('is not sent where the audit trail cannot be written', async () => {
    world.knows(anna, 'a');
    world.follows(anna);
    world.store.subscriptions.tellReferences('pas', new Map([[anna, 'a']]));
    world.happens('a', anna);
    world.plan();
    await world.send(world.sender({ audit: { record: () => Promise.reject(outage) } }));
    expect(world.received).to.deep.equal([]);
    expect(waiting()).to.have.length(1);
    expect(world.events.of.notificationsHeldBack).to.have.length(1);
  });

  it('is a new record where the register says that it is one, and an update for who does not want that', async () => {
    world.knows(anna, 'a');
    world.follows(anna);
    world.happens('a', anna, ChangeKind.Created);
    await world.tell();
    expect(world.types).to.deep.equal(['ADT^A28']);
    const other = new NotificationWorld(receiverOf({ events: new Set(['A31']) }));
    other.plan();
    other.knows(anna, 'a');
    other.follows(anna);
    other.happens('a', anna, ChangeKind.Created);
    await other.tell();
    expect(other.types).to.deep.equal(['ADT^A31']);
    other.store.close();
  });

  it('is one message for all that happened before it is sent', async () => {
    world.knows(anna, 'a');
    world.follows(anna);
    for (let count = 0; count < 5; count += 1) world.happens('a', anna);
    await world.tell();
    expect(world.types).to.deep.equal(['ADT^A31']);
  });

  it('begins with what happens from now on', async () => {
    const late = new NotificationWorld();
    late.knows(anna, 'a');
    late.follows(anna);
    late.happens('a', anna);
    await late.tell();
    expect(late.received).to.deep.equal([]);
    late.happens('a', anna);
    await late.tell();
    expect(late.types).to.deep.equal(['ADT^A31']);
    late.store.close();
  });

  describe('when a number gives way', () => {
    it('is a merger of both numbers, and from then on the number in use', async () => {
      world.follows(anna);
      world.knows(anna, 'a');
      await world.send();
      world.knows(berit, 'a', { supersededNINs: [anna] });
      world.happens('a', berit, ChangeKind.Number);
      await world.tell();
      expect(world.types).to.deep.equal(['ADT^A40']);
      expect(world.last('PID').split('|')[3]).to.match(new RegExp(`^${berit}\\^.*~${anna}\\^`));
      expect(world.last('MRG').split('|')[1]).to.match(
        new RegExp(`^${anna}\\^\\^\\^&2\\.16\\.578\\.1\\.12\\.4\\.1\\.4\\.1&ISO\\^NNNOR`),
      );
      expect(world.last('NK1') + world.last('PV1')).to.equal('');
      world.happens('a', berit);
      world.happens('a', anna);
      await world.tell();
      expect(world.types).to.deep.equal(['ADT^A40', 'ADT^A31']);
      expect(world.last('PID').split('|')[3]).to.match(new RegExp(`^${berit}\\^`));
    });

    it('is noticed whatever the register calls its event', async () => {
      world.follows(anna);
      world.knows(berit, 'a', { supersededNINs: [anna] });
      world.happens('a', anna);
      await world.tell();
      expect(world.types).to.deep.equal(['ADT^A40']);
    });

    it('asks about nobody whom no receiver follows', async () => {
      world.knows(berit, 'b', { supersededNINs: [carl] });
      world.follows(anna);
      world.knows(anna, 'a');
      world.happens('b', berit, ChangeKind.Number);
      await world.tell();
      expect([...world.lookedUp, ...world.askedAbout]).to.deep.equal([anna]);
    });

    it('is no merger before the fresh record lists both numbers (Safety S9)', async () => {
      world.follows(anna);
      world.knows(anna, 'a');
      world.happens('a', anna, ChangeKind.Merged);
      await world.tell();
      expect(world.received).to.deep.equal([]);
      expect(waiting()[0]).to.include({ problem: 'not-confirmed' });
      world.knows(berit, 'b', { supersededNINs: [anna] });
      world.clock.move(HOUR);
      await world.send();
      expect(world.types).to.deep.equal(['ADT^A40']);
    });

    it('is given up, and told, when the register never lists both', async () => {
      world.follows(anna);
      world.knows(anna, 'a');
      world.happens('a', anna, ChangeKind.Merged);
      await world.tell();
      for (let count = 0; count < 12; count += 1) {
        world.clock.move(HOUR / 6);
        await world.send();
      }
      expect(world.received).to.deep.equal([]);
      expect(dead()[0]).to.include({ problem: 'not-confirmed' });
      expect(world.events.of.notificationsGivenUp).to.deep.equal([
        { receiver: 'pas', problem: 'not-confirmed', count: 1, notificationId: dead()[0]?.id },
      ]);
    });

    it('is no merger of numbers that are both in use', async () => {
      world.follows(anna);
      world.knows(berit, 'a', { alternativeNINs: [anna] });
      world.happens('a', anna, ChangeKind.Number);
      await world.tell();
      expect(world.types).to.deep.equal(['ADT^A31']);
    });

    it('is an update with both numbers for who does not want mergers', async () => {
      const other = new NotificationWorld(receiverOf({ events: new Set(['A31']) }));
      other.plan();
      other.follows(anna);
      other.knows(berit, 'a', { supersededNINs: [anna] });
      other.happens('a', anna, ChangeKind.Merged);
      await other.tell();
      expect(other.types).to.deep.equal(['ADT^A31']);
      other.store.close();
    });

    it('is tried once when a receiver refuses mergers, and updates go on', async () => {
      world.follows(anna);
      world.knows(berit, 'a', { supersededNINs: [anna] });
      world.behaviour = 'AR';
      world.happens('a', anna, ChangeKind.Number);
      await world.tell();
      world.behaviour = 'AA';
      world.happens('a', anna);
      await world.tell();
      expect(world.types).to.deep.equal(['ADT^A40', 'ADT^A31']);
      expect(dead()).to.have.length(1);
    });
  });

  describe('when two turn out to have been taken for one', () => {
    it('is an update, and an alert that stays until somebody has seen it', async () => {
      world.follows(anna);
      world.knows(anna, 'a');
      world.happens('a', anna, ChangeKind.Split);
      await world.tell();
      expect(world.types).to.deep.equal(['ADT^A31']);
      const [alert] = dead();
      expect(alert).to.include({ kind: 'split', problem: 'split', seenAt: null });
      expect(world.events.of.identitySplit).to.deep.equal([{ receiver: 'pas', notificationId: alert?.id }]);
    });

    it('comes back to the number that had given way', async () => {
      world.follows(anna);
      world.knows(berit, 'b', { supersededNINs: [anna] });
      world.happens('b', anna, ChangeKind.Merged);
      await world.tell();
      world.people.clear();
      world.knows(berit, 'b');
      world.knows(anna, 'a');
      world.happens('a', anna, ChangeKind.Split);
      await world.tell();
      expect(world.types).to.deep.equal(['ADT^A40', 'ADT^A31']);
      expect(world.last('PID')).to.contain(anna);
    });
  });

  describe('when the receiver does not take it', () => {
    beforeEach(() => {
      world.knows(anna, 'a');
      world.follows(anna);
      world.happens('a', anna);
    });

    for (const [behaviour, problem] of [
      ['AE', 'receiver-error'],
      ['CE', 'receiver-error'],
      ['silent', 'no-answer'],
      ['other', 'wrong-answer'],
      ['noise', 'wrong-answer'],
    ] as const) {
      it(`(${behaviour}) is sent again under the same control id, ever later, until its time is over`, async () => {
        world.behaviour = behaviour;
        await world.tell();
        const sender = world.ownSender;
        for (let hours = 0; hours < 71; hours += 1) {
          world.clock.move(HOUR);
          await world.send(sender, 3);
        }
        expect(world.received.length).to.be.greaterThan(60);
        expect(dead()).to.deep.equal([]);
        world.clock.move(2 * HOUR);
        await world.send(sender, 3);
        expect(dead()[0]).to.include({ problem });
        expect(new Set(world.received.map((message) => message.split('|')[9])).size).to.equal(1);
      });
    }

    for (const [behaviour, problem] of [
      ['AR', 'refused'],
      ['CR', 'refused'],
    ] as const) {
      it(`(${behaviour}) is given up at once, and whatever happens next is sent`, async () => {
        world.behaviour = behaviour;
        await world.tell();
        expect(dead()[0]).to.include({ problem });
        world.behaviour = 'CA';
        world.happens('a', anna);
        await world.tell();
        expect(world.received).to.have.length(2);
        expect(waiting()).to.deep.equal([]);
      });
    }

    it('is taken at the next attempt after one odd answer', async () => {
      world.behaviour = 'other';
      await world.tell();
      world.behaviour = 'AA';
      world.clock.move(HOUR);
      await world.send();
      expect(world.types).to.deep.equal(['ADT^A31', 'ADT^A31']);
      expect([...waiting(), ...dead()]).to.deep.equal([]);
    });

    it('lets nobody else wait for it', async () => {
      world.knows(berit, 'b');
      world.follows(berit);
      world.behaviour = 'AE';
      await world.tell();
      world.behaviour = 'AA';
      world.happens('b', berit);
      await world.tell();
      expect(world.last('PID')).to.contain(berit);
      expect(waiting()).to.have.length(1);
    });

    it('is not overtaken by what happens to the same person afterwards', async () => {
      world.behaviour = 'silent';
      await world.tell();
      world.behaviour = 'AA';
      world.happens('a', anna);
      world.happens('a', anna);
      await world.tell();
      expect(world.received).to.have.length(1);
      world.clock.move(HOUR);
      await world.send();
      const ids = world.received.map((message) => message.split('|')[9]);
      expect(ids).to.have.length(3);
      expect(ids[1]).to.equal(ids[0]);
      expect(ids[2]).to.not.equal(ids[0]);
    });
  });

  describe('when nobody is there', () => {
    beforeEach(() => {
      world.knows(anna, 'a');
      world.follows(anna);
      world.happens('a', anna);
      world.behaviour = 'absent';
    });

    it('waits, is told once, and nobody is looked up for it', async () => {
      const sender = world.sender();
      await world.tell(sender);
      for (let count = 0; count < 5; count += 1) {
        world.clock.move(HOUR);
        await world.send(sender, 3);
      }
      expect(world.lookedUp).to.deep.equal([]);
      expect(world.events.of.receiverChanged).to.deep.equal([
        { receiver: 'pas', reachable: false, reason: 'ECONNREFUSED' },
      ]);
      expect(sender.unreachable).to.equal('ECONNREFUSED');
      world.behaviour = 'AA';
      world.clock.move(HOUR);
      await world.send(sender);
      expect(world.types).to.deep.equal(['ADT^A31']);
      expect(world.events.of.receiverChanged.at(-1)).to.deep.equal({ receiver: 'pas', reachable: true });
      expect(sender.unreachable).to.equal(undefined);
    });

    it('is given up when its time is over', async () => {
      const sender = world.sender();
      await world.tell(sender);
      for (let hours = 0; hours <= 73; hours += 1) {
        world.clock.move(HOUR);
        await world.send(sender, 3);
      }
      expect(dead()[0]).to.include({ problem: 'no-connection', attempts: 0 });
      expect(world.events.of.notificationsGivenUp).to.deep.equal([
        { receiver: 'pas', problem: 'no-connection', count: 1 },
      ]);
    });

    it('has all its time when the receiver is back, also for a process that did not see it go', async () => {
      await world.tell();
      for (const hours of [71.9, 0.2]) {
        world.clock.move(hours * HOUR);
        if (hours > 1) await world.send();
      }
      world.behaviour = 'AE';
      const after = world.sender();
      await world.send(after);
      expect(waiting()[0]).to.include({ attempts: 1, problem: 'receiver-error' });
      for (let hours = 0; hours < 71; hours += 1) {
        world.clock.move(HOUR);
        await world.send(after, 3);
      }
      expect(dead()).to.deep.equal([]);
    });

    it('has an hour to be confirmed when the receiver is back', async () => {
      world.happens('a', anna, ChangeKind.Merged);
      await world.tell();
      world.clock.move(2 * HOUR);
      world.behaviour = 'AA';
      await world.send(world.sender());
      expect(dead()).to.deep.equal([]);
      expect(waiting()[0]).to.include({ problem: 'not-confirmed' });
    });

    it('rests between attempts, and longer each time', async () => {
      const sender = world.sender();
      await world.tell(sender);
      expect(await sender.turn(world.signal.signal)).to.be.greaterThan(0);
    });
  });

  describe('when the register cannot be asked', () => {
    it('waits for as long as that takes, and is never given up for it', async () => {
      world.knows(anna, 'a');
      world.follows(anna);
      world.store.subscriptions.tellReferences('pas', new Map([[anna, 'a']]));
      world.happens('a', anna);
      world.trouble = outage;
      const sender = world.sender();
      await world.tell(sender);
      for (let days = 0; days < 10; days += 1) {
        world.clock.move(24 * HOUR);
        await world.send(sender, 3);
      }
      expect(waiting()[0]).to.include({ attempts: 0, problem: null });
      expect(world.events.of.notificationsHeldBack).to.have.length(1);
      expect(world.audited.every(({ outcome }) => outcome === 'upstream-unavailable')).to.equal(true);
      world.trouble = undefined;
      world.clock.move(HOUR);
      await world.send(sender);
      expect(world.types).to.deep.equal(['ADT^A31']);
    });

    for (const trouble of [new UpstreamForbidden('status 403'), new TokenRefused('invalid_client')]) {
      it(`waits for as long as nobody may be looked up (${trouble.code}), and its sender tells so`, async () => {
        world.knows(anna, 'a');
        world.follows(anna);
        world.store.subscriptions.tellReferences('pas', new Map([[anna, 'a']]));
        world.happens('a', anna);
        world.trouble = trouble;
        await world.tell();
        for (let days = 0; days < 10; days += 1) {
          world.clock.move(24 * HOUR);
          await world.send(world.ownSender, 3);
        }
        expect(waiting()[0]).to.include({ problem: null });
        expect(world.ownSender.trouble).to.equal(trouble.code);
        world.trouble = undefined;
        world.clock.move(HOUR);
        await world.send();
        expect(world.types).to.deep.equal(['ADT^A31']);
        expect(world.ownSender.trouble).to.equal(undefined);
      });
    }
  });

  describe('when one person cannot be asked about', () => {
    beforeEach(() => {
      world.knows(anna, 'a');
      world.knows(berit, 'b');
      world.follows(anna, berit);
    });

    for (const trouble of [
      new UpstreamRejected('status 400'),
      new UpstreamInvalidAnswer('not a document'),
      new InternalError('a fault in reading'),
    ]) {
      it(`(${trouble.code}) goes on being asked for ids of the others, and tells of them`, async () => {
        world.troubleWith.set(anna, trouble);
        world.happens('b', berit);
        await world.tell();
        expect(world.types).to.deep.equal(['ADT^A31']);
        expect(world.store.subscriptions.counts()[0]).to.include({ all: 2, known: 1 });
        expect(world.store.subscriptions.toAskAbout('pas', 9)).to.deep.equal([]);
        expect(world.ownSender.trouble).to.equal(undefined);
      });

      it(`(${trouble.code}) lets nobody else wait for the message, which shows, and is given up in the end`, async () => {
        world.store.subscriptions.tellReferences(
          'pas',
          new Map([
            [anna, 'a'],
            [berit, 'b'],
          ]),
        );
        world.troubleWith.set(anna, trouble);
        world.happens('a', anna);
        await world.tell();
        world.happens('b', berit);
        await world.tell();
        expect(world.last('PID')).to.contain(berit);
        expect(waiting()).to.have.length(1);
        expect(waiting()[0]).to.include({ problem: 'not-built', attempts: 0 });
        expect(world.store.notifications.counts()).to.include({ failing: 1 });
        expect(world.events.of.notificationNotBuilt[0]).to.deep.include({ receiver: 'pas', error: trouble });
        expect(world.events.of.notificationsHeldBack).to.deep.equal([]);
        for (let hours = 0; hours < 73; hours += 1) {
          world.clock.move(HOUR);
          await world.send(world.ownSender, 3);
        }
        expect(dead()[0]).to.include({ problem: 'not-built' });
      });
    }

    it('lets nobody wait for a message that cannot be written', async () => {
      world.happens('a', anna);
      world.plan();
      const sender = world.sender({
        write: () => {
          throw new TypeError('a fault in writing');
        },
      });
      await world.send(sender);
      expect(waiting()[0]).to.include({ problem: 'not-built' });
      expect(world.events.of.notificationNotBuilt[0]?.error).to.have.property('code', 'internal');
    });

    it('lets nobody wait for a message whose number cannot be read', async () => {
      world.happens('a', anna);
      world.happens('b', berit);
      world.plan();
      const { notifications } = world.store;
      const damaged = waiting()[0]?.id;
      const claim = (receiver: string, sender: string): QueuedNotification | undefined => {
        const claimed = notifications.claim(receiver, sender);
        if (claimed?.id !== damaged) return claimed;
        return Object.defineProperty(claimed, 'number', {
          get: () => {
            throw new SealBroken('it does not open');
          },
        });
      };
      const queue = new Proxy(notifications, {
        get: (target, name): unknown => {
          if (name === 'claim') return claim;
          const member: unknown = Reflect.get(target, name, target);
          return typeof member === 'function' ? member.bind(target) : member;
        },
      });
      await world.send(world.sender({ queue }));
      expect(world.types).to.deep.equal(['ADT^A31']);
      expect(waiting()[0]).to.include({ problem: 'not-built' });
    });

    it('sends what is due while ids cannot be asked for, and asks again when they can', async () => {
      world.store.subscriptions.tellReferences('pas', new Map([[berit, 'b']]));
      world.happens('b', berit);
      world.plan();
      let isWell = false;
      const sender = world.sender({
        references: {
          referencesOf: () => (isWell ? Promise.resolve(new Map([[anna, 'a']])) : Promise.reject(outage)),
        },
      });
      await world.send(sender);
      expect(world.types).to.deep.equal(['ADT^A31']);
      expect(sender.trouble).to.equal('upstream-unavailable');
      expect(world.events.of.referencesNotLearnt).to.deep.equal([{ receiver: 'pas', error: outage }]);
      isWell = true;
      world.clock.move(HOUR);
      await world.send(sender);
      expect(sender.trouble).to.equal(undefined);
      expect(world.store.subscriptions.toAskAbout('pas', 9)).to.deep.equal([]);
    });
  });

  describe('from two processes on one store', () => {
    it('is sent by one of them, and by the other when the first is gone', async () => {
      world.knows(anna, 'a');
      world.follows(anna);
      const [one, other] = [world.sender(), world.sender()];
      world.happens('a', anna);
      world.plan();
      world.behaviour = 'silent';
      await world.send(one);
      expect(world.received).to.have.length(1);
      world.behaviour = 'AA';
      world.clock.move(60_000);
      await world.send(other, 3);
      expect(world.received, 'the first one has it still').to.have.length(1);
      world.clock.move(HOUR);
      await world.send(other);
      expect(world.received).to.have.length(2);
      await world.send(one);
      expect(world.received).to.have.length(2);
    });

    it('is not sent by who was asleep for too long', async () => {
      world.knows(anna, 'a');
      world.follows(anna);
      world.store.subscriptions.tellReferences('pas', new Map([[anna, 'a']]));
      world.happens('a', anna);
      world.plan();
      const other = world.sender();
      const asleep = world.sender({
        registry: {
          lookupMany: async ({ ids }) => {
            world.clock.move(HOUR);
            await world.send(other);
            const person = world.people.get(ids[0] ?? anna);
            if (person === undefined) return new Map();
            return new Map([[anna, { outcome: 'found', person, lineage: new Map() }]]);
          },
        },
      });
      await world.send(asleep, 1);
      expect(world.received).to.have.length(1);
    });
  });
});
