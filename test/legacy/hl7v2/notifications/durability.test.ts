import { expect } from 'chai';
import { ChangeKind } from '../../../../src/registry/change-news.js';
import { HOUR, NotificationWorld } from '../../../support/notification-world.js';
import { long } from '../../../support/long-runs.js';
import { memoryStore } from '../../../support/memory-store.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';
import type { Store } from '../../../../src/store/store.js';

const [anna, berit, carl] = [syntheticNumber(1), syntheticNumber(2), syntheticNumber(3)];

/** Stands in for the process: once killed, nothing of it reaches the store any more. */
class Life {
  operations = 0;
  isOver = false;

  constructor(
    private readonly last: number,
    private readonly lastTakesEffect: boolean,
  ) {}

  /** The parts of the store, for as long as this life lasts. */
  of<Part extends object>(part: Part): Part {
    return new Proxy(part, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...parameters: readonly unknown[]): unknown => {
          if (this.isOver) throw new Error('killed');
          this.operations += 1;
          this.isOver = this.operations === this.last;
          if (this.isOver && !this.lastTakesEffect) throw new Error('killed');
          const result: unknown = Reflect.apply(member, target, parameters);
          if (this.isOver) throw new Error('killed');
          return result;
        };
      },
    });
  }
}

/** Something happens to three people, one of whom gets another number, and the receiver is not always well. */
async function story(life: Life): Promise<NotificationWorld> {
  const world = new NotificationWorld(undefined, (clock): Store => memoryStore({ clock }));
  const { store } = world;
  const begin = () => {
    const lasting = { queue: life.of(store.notifications), subscriptions: life.of(store.subscriptions) };
    return { planner: world.planner(undefined, lasting.queue), sender: world.sender(lasting) };
  };
  world.follows(anna, berit);
  world.plan();
  let { planner, sender } = begin();
  const go = async (behaviour: typeof world.behaviour): Promise<void> => {
    world.behaviour = behaviour;
    while (!life.isOver && planner.turn());
    for (let turn = 0; turn < 12 && !life.isOver; turn += 1) await sender.turn(world.signal.signal);
    if (life.isOver) {
      // Another process takes over once the time of this one is over.
      life = new Life(Infinity, true);
      ({ planner, sender } = begin());
    }
    world.clock.move(HOUR);
  };
  world.knows(anna, 'a', { sn: 'ONE' });
  world.knows(berit, 'b', { sn: 'ONE' });
  world.happens('a', anna);
  world.happens('b', berit);
  await go('AA');
  world.knows(anna, 'a', { sn: 'TWO' });
  world.happens('a', anna);
  await go('silent');
  world.knows(carl, 'b', { sn: 'TWO', supersededNINs: [berit] });
  world.happens('b', carl, ChangeKind.Number);
  await go('AE');
  world.knows(anna, 'a', { sn: 'THREE' });
  world.happens('a', anna);
  await go('AA');
  world.knows(carl, 'b', { sn: 'THREE', supersededNINs: [berit] });
  world.happens('b', carl);
  await go('AA');
  await go('AA');
  await go('AA');
  return world;
}

/** MSH-10, MSH-9.2, whom it is about by the first number, and the surname. */
function told(world: NotificationWorld) {
  return world.received.map((message) => ({
    controlId: message.split('|')[9] ?? '',
    event: /ADT\^(A\d\d)/.exec(message)?.[1] ?? '',
    number: /PID\|1\|\|(\d+)/.exec(message)?.[1] ?? '',
    name: /\|\|(ONE|TWO|THREE)\^/.exec(message)?.[1] ?? '',
  }));
}

describe('a process that is killed', () => {
  it('loses nothing and repeats nothing under another control id, whenever that happens', async function () {
    this.timeout(60_000);
    const undisturbed = new Life(Infinity, true);
    const reference = await story(undisturbed);
    const ids = new Set(told(reference).map(({ controlId }) => controlId));
    reference.store.close();
    expect(undisturbed.operations).to.be.greaterThan(50);
    for (let last = 1; last <= undisturbed.operations; last += 1) {
      for (const takesEffect of long ? [false, true] : [last % 2 === 0]) {
        const world = await story(new Life(last, takesEffect));
        const messages = told(world);
        const when = `killed ${takesEffect ? 'after' : 'at'} operation ${last}: ${JSON.stringify(messages)}`;
        const about = (number: string) => messages.filter((message) => message.number === number);
        expect(about(anna).at(-1)?.name, when).to.equal('THREE');
        expect(about(carl).at(-1), when).to.include({ name: 'THREE' });
        const merger = messages.findIndex(({ event }) => event === 'A40');
        const update = messages.findIndex(({ number, event }) => number === carl && event === 'A31');
        expect(merger, when).to.be.greaterThan(-1);
        expect(update === -1 || merger < update, when).to.equal(true);
        const names = about(anna).map(({ name }) => ['ONE', 'TWO', 'THREE'].indexOf(name));
        expect(names, when).to.deep.equal([...names].sort((a, b) => a - b));
        for (const [index, { controlId, event }] of messages.entries()) {
          const earlier = messages.slice(0, index).find((one) => one.controlId === controlId);
          // Whoever takes the same id for the same message must not miss a merger.
          if (earlier !== undefined) expect(event, when).to.equal(earlier.event);
        }
        // An update that was cut off may have become a merger by now, which is another message.
        const distinct = new Set(messages.map(({ controlId }) => controlId)).size;
        expect(distinct, when).to.be.at.most(ids.size + 1);
        expect(world.store.notifications.counts(), when).to.include({ waiting: 0, dead: 0 });
        world.store.close();
      }
    }
  });
});
