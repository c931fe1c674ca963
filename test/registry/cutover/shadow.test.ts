import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import {
  CallerLeft,
  InvalidQuery,
  NotAuthorised,
  StoreFailed,
  UpstreamRateLimited,
  UpstreamTimeout,
  UpstreamUnavailable,
} from '../../../src/errors/errors.js';
import type { AnswerPair } from '../../../src/registry/cutover/comparison/comparer.js';
import type { NationalId } from '../../../src/person/national-id.js';
import {
  askedOf,
  cutoverWorld,
  difference,
  knowingCaller,
  usualSettings,
  type CutoverWorld,
} from '../../support/cutover-world.js';
import { rejectionOf } from '../../support/rejection.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const id = syntheticNumber();
const shadowed = { routes: [{ route: 'shadow-preg' }] } as const;

describe('asking in the background', () => {
  const ids = (count: number): NationalId[] =>
    Array.from({ length: count }, (_, index) => syntheticNumber(index));
  const never = (): Promise<void> => new Promise(() => undefined);

  it('begins once the answer is there', async () => {
    const world = cutoverWorld(shadowed);
    const { caller } = knowingCaller();
    await world.cutover.registry.lookup({ id }, caller);
    expect(askedOf(world)).to.deep.equal({ preg: 1, persontjenesten: 0 });
    await setImmediate();
    await setImmediate();
    expect(askedOf(world)).to.deep.equal({ preg: 1, persontjenesten: 1 });
  });

  it('is a shadow with a time of its own, and tells the client nothing', async () => {
    const world = cutoverWorld(shadowed);
    world.registers.persontjenesten.before = ({ caller }) => {
      caller.onKept?.('cache');
      caller.onAnswered?.({ route: 'preg', source: 'preg' });
    };
    const { caller, answeredBy, kept, leaving } = knowingCaller();
    await world.cutover.registry.lookup({ id }, caller);
    leaving.abort(new CallerLeft('answered and gone'));
    await world.settle();
    const [asked] = world.registers.persontjenesten.asked;
    expect(asked?.caller).to.include({
      lane: 'shadow',
      clientId: 'epj',
      correlationId: caller.correlationId,
    });
    expect(asked?.caller.visible).to.equal(caller.visible);
    expect(asked?.caller.deadline).to.deep.equal(new Date('2022-09-01T12:00:30Z'));
    expect(asked?.caller.signal.aborted).to.equal(false);
    expect(answeredBy).to.have.length(1);
    expect(kept).to.deep.equal([]);
    expect(world.recorded()).to.have.length(1);
  });

  it('takes down what was said, by whom, and how they differ', async () => {
    const world = cutoverWorld(shadowed);
    const found = [
      difference(),
      difference({ field: 'sn', isIdentity: true, class: 'expected', reason: 'x' }),
    ];
    const pairs: AnswerPair[] = [];
    world.compare = (pair) => {
      pairs.push(pair);
      return found;
    };
    world.registers.preg.before = () => {
      world.clock.move(25);
    };
    const { caller } = knowingCaller();
    await world.cutover.registry.lookup({ id }, caller);
    await world.settle();
    const { correlationId } = caller;
    expect(world.recorded()).to.deep.equal([
      {
        at: new Date('2022-09-01T12:00:00Z'),
        correlationId,
        clientId: 'epj',
        protocol: 'hl7v3',
        operation: 'GetDemographics',
        route: 'shadow-preg',
        answeredBy: 'preg',
        subject: id,
        outcomes: {
          preg: { outcome: 'found', milliseconds: 25 },
          persontjenesten: { outcome: 'found', milliseconds: 0 },
        },
        differences: found,
      },
    ]);
    expect(pairs.map(({ preg, persontjenesten }) => [preg.question, persontjenesten.question])).to.deep.equal(
      [['lookup', 'lookup']],
    );
    expect(world.events.of.answersCompared).to.deep.equal([
      {
        correlationId,
        clientId: 'epj',
        protocol: 'hl7v3',
        operation: 'GetDemographics',
        route: 'shadow-preg',
        people: 1,
        outcomes: { preg: 'found', persontjenesten: 'found' },
        found: { preg: 1, persontjenesten: 1 },
        different: 1,
        unexplained: 1,
        identity: 0,
      },
    ]);
  });

  it('compares a long list in many turns, so that others have theirs', async () => {
    const world = cutoverWorld(shadowed);
    world.steps = 100;
    await world.cutover.registry.search(
      { name: { family: 'NY' }, withHelpNumbers: false, limit: 10 },
      knowingCaller().caller,
    );
    for (let turn = 0; turn < 40; turn += 1) await setImmediate();
    expect(world.events.of.answersCompared).to.deep.equal([]);
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    expect(world.events.of.answersCompared).to.have.length(1);
  });

  it('counts whom it was comparing when it ends', async () => {
    const world = cutoverWorld(shadowed);
    world.steps = 1_000_000;
    await world.cutover.registry.lookup({ id }, knowingCaller().caller);
    for (let turn = 0; turn < 10; turn += 1) await setImmediate();
    await world.stop();
    expect(world.recorded()).to.deep.equal([]);
    expect(world.written.notCompared).to.have.length(1);
  });

  it('tells how many of a batch each register has found', async () => {
    const world = cutoverWorld(shadowed);
    const [known] = ids(1);
    const { answer } = world.registers.persontjenesten;
    world.registers.persontjenesten.answer = (one) =>
      one === known ? answer(one) : { outcome: 'not-found' };
    await world.cutover.registry.lookupMany({ ids: ids(10) }, knowingCaller().caller);
    await world.settle();
    expect(world.events.of.answersCompared[0]?.found).to.deep.equal({ preg: 10, persontjenesten: 1 });
  });

  for (const [what, before] of [
    ['dead', () => Promise.reject(new UpstreamUnavailable('down'))],
    ['slow', never],
    ['out of its mind', () => Promise.reject(new TypeError('odd'))],
  ] as const) {
    for (const route of ['shadow-preg', 'shadow-persontjenesten'] as const) {
      it(`changes nothing for the caller where the other register is ${what}: ${route}`, async () => {
        const world = cutoverWorld({ routes: [{ route }] });
        const other = route === 'shadow-preg' ? 'persontjenesten' : 'preg';
        world.registers[other].before = before;
        const { caller } = knowingCaller();
        for (const number of ids(300)) {
          expect(await world.cutover.registry.lookup({ id: number }, caller)).to.include({
            outcome: 'found',
          });
        }
        expect(world.clock.now()).to.deep.equal(new Date('2022-09-01T12:00:00Z'));
        await world.clock.advance(30_000);
        await world.settle();
        const outcomes = new Set(world.recorded().map(({ outcomes }) => outcomes[other].outcome));
        expect([...outcomes]).to.deep.equal([
          { dead: 'upstream-unavailable', slow: 'upstream-timeout', 'out of its mind': 'internal' }[what],
        ]);
        expect(world.recorded().every(({ differences }) => differences === undefined)).to.equal(true);
      });
    }
  }

  it('ends after its time also where a register takes no notice', async () => {
    const world = cutoverWorld({
      ...shadowed,
      comparison: { samplePercent: 100, maxConcurrent: 1, maxWaiting: 5 },
    });
    world.registers.persontjenesten.before = never;
    const { caller } = knowingCaller();
    await world.cutover.registry.lookup({ id }, caller);
    await world.cutover.registry.lookup({ id }, caller);
    await world.clock.advance(29_999);
    expect(askedOf(world).persontjenesten).to.equal(1);
    await world.clock.advance(1);
    await world.settle();
    expect(askedOf(world).persontjenesten).to.equal(2);
    const [asked] = world.registers.persontjenesten.asked;
    expect(asked?.caller.signal.reason).to.be.instanceOf(UpstreamTimeout);
  });

  it('runs so many at a time, has so many wait, drops the rest and counts them', async () => {
    const comparison = { samplePercent: 100, maxConcurrent: 2, maxWaiting: 3 };
    const world = cutoverWorld({ ...shadowed, comparison });
    const gates: (() => void)[] = [];
    world.registers.persontjenesten.before = () => new Promise((resolve) => gates.push(resolve));
    const { caller } = knowingCaller();
    for (const number of ids(10)) await world.cutover.registry.lookup({ id: number }, caller);
    await setImmediate();
    expect(gates).to.have.length(2);
    expect(world.cutover.state().dropped).to.equal(5);
    expect(world.events.of.comparisonsDropped, 'told at once, and then once a minute').to.deep.equal([
      { people: 1 },
    ]);
    while (gates.length > 0) {
      gates.shift()?.();
      await world.clock.advance(0);
    }
    await world.settle();
    expect(world.recorded().map(({ subject }) => subject)).to.deep.equal(ids(5));
    await world.clock.advance(60_000);
    for (const number of ids(6)) await world.cutover.registry.lookup({ id: number }, caller);
    expect(world.events.of.comparisonsDropped).to.deep.equal([{ people: 1 }, { people: 5 }]);
    await world.clock.advance(180_000);
    expect(world.cutover.state().dropped).to.equal(0);
  });

  it('begins one in a while as long as somebody waits for an answer, and all that wait when nobody does', async () => {
    const comparison = { samplePercent: 100, maxConcurrent: 8, maxWaiting: 5 };
    const world = cutoverWorld({ ...shadowed, comparison });
    const { caller } = knowingCaller();
    world.people.somebody = true;
    for (const number of ids(10)) await world.cutover.registry.lookup({ id: number }, caller);
    await setImmediate();
    expect(askedOf(world).persontjenesten, 'the first at once').to.equal(1);
    expect(world.cutover.state().dropped, 'no more wait than may').to.equal(4);
    await world.clock.advance(59);
    await setImmediate();
    expect(askedOf(world).persontjenesten).to.equal(1);
    await world.clock.advance(1);
    await setImmediate();
    expect(askedOf(world).persontjenesten, 'the second after a while').to.equal(2);
    world.people.somebody = false;
    await world.clock.advance(60);
    await setImmediate();
    expect(askedOf(world).persontjenesten).to.equal(6);
    await world.settle();
    expect(world.recorded().map(({ subject }) => subject)).to.deep.equal(ids(6));
  });

  it('begins nothing more once it ends, whoever waits', async () => {
    const world = cutoverWorld(shadowed);
    const { caller } = knowingCaller();
    world.people.somebody = true;
    for (const number of ids(3)) await world.cutover.registry.lookup({ id: number }, caller);
    await setImmediate();
    await world.stop();
    await world.clock.advance(1_000);
    expect(askedOf(world).persontjenesten).to.equal(1);
  });

  it('counts people, not questions, among those who wait', async () => {
    const comparison = { samplePercent: 100, maxConcurrent: 1, maxWaiting: 100 };
    const world = cutoverWorld({ ...shadowed, comparison });
    world.registers.persontjenesten.before = never;
    const { caller } = knowingCaller();
    for (let batch = 0; batch < 4; batch += 1) {
      await world.cutover.registry.lookupMany({ ids: ids(60) }, caller);
    }
    expect(world.cutover.state().dropped, 'one runs, one waits, and some of the third').to.equal(80);
  });

  it('writes down who was dropped or left out, also when it ends', async () => {
    const comparison = { samplePercent: 100, maxConcurrent: 1, maxWaiting: 100 };
    const world = cutoverWorld({ ...shadowed, comparison });
    world.registers.persontjenesten.before = never;
    const { caller } = knowingCaller();
    for (let batch = 0; batch < 3; batch += 1) {
      await world.cutover.registry.lookupMany({ ids: ids(60) }, caller);
    }
    await world.settle();
    const left = { at: world.clock.now(), clientId: 'epj', protocol: 'hl7v3', operation: 'GetDemographics' };
    const [first] = world.written.notCompared;
    expect(world.written.notCompared).to.deep.equal([
      { ...left, at: first?.at, reason: 'dropped', people: 20 },
    ]);
    world.cutover.reconfigure({
      ...usualSettings,
      ...shadowed,
      comparison: { ...comparison, samplePercent: 1 },
    });
    for (const number of ids(50)) await world.cutover.registry.lookup({ id: number }, caller);
    await world.stop();
    const sum = (reason: string): number =>
      world.written.notCompared.reduce((total, one) => total + (one.reason === reason ? one.people : 0), 0);
    expect(sum('sampled-out') + sum('dropped'), 'all but those who were compared').to.equal(230);
    expect(sum('sampled-out')).to.be.greaterThan(40);
  });

  it('takes a question that got no turn for one that was not compared', async () => {
    const world = cutoverWorld(shadowed);
    world.registers.persontjenesten.before = () => Promise.reject(new UpstreamRateLimited('not now'));
    await world.cutover.registry.lookup({ id }, knowingCaller().caller);
    await world.settle();
    expect(world.recorded()).to.deep.equal([]);
    expect(world.written.notCompared.map(({ reason, people }) => [reason, people])).to.deep.equal([
      ['dropped', 1],
    ]);
  });

  it('has room again for those who waited', async () => {
    const comparison = { samplePercent: 100, maxConcurrent: 1, maxWaiting: 2 };
    const world = cutoverWorld({ ...shadowed, comparison });
    const { caller } = knowingCaller();
    for (let round = 0; round < 3; round += 1) {
      for (const number of ids(3)) await world.cutover.registry.lookup({ id: number }, caller);
      await world.settle();
    }
    expect(world.recorded()).to.have.length(9);
    expect(world.cutover.state().dropped).to.equal(0);
  });

  it('takes new limits at once', async () => {
    const world = cutoverWorld({
      ...shadowed,
      comparison: { samplePercent: 100, maxConcurrent: 1, maxWaiting: 0 },
    });
    world.registers.persontjenesten.before = never;
    const { caller } = knowingCaller();
    for (const number of ids(3)) await world.cutover.registry.lookup({ id: number }, caller);
    expect(world.cutover.state().dropped).to.equal(2);
    const comparison = { samplePercent: 100, maxConcurrent: 3, maxWaiting: 0 };
    world.cutover.reconfigure({ ...usualSettings, ...shadowed, comparison });
    for (const number of ids(3)) await world.cutover.registry.lookup({ id: number }, caller);
    expect(world.cutover.state().dropped).to.equal(3);
  });

  it('chooses some of a hundred, of many asked for at once as well', async () => {
    const comparison = { samplePercent: 25, maxConcurrent: 8, maxWaiting: 2_000 };
    const world = cutoverWorld({ ...shadowed, comparison });
    const { caller } = knowingCaller();
    await world.cutover.registry.lookupMany({ ids: ids(500) }, caller);
    for (const number of ids(500)) await world.cutover.registry.lookup({ id: number }, caller);
    for (let time = 0; time < 8; time += 1) await world.settle();
    const many = world.registers.persontjenesten.asked.filter(({ kind }) => kind === 'lookupMany');
    expect(many).to.have.length(1);
    expect(many[0]?.ids.length).to.be.within(90, 160);
    const alone = askedOf(world).persontjenesten - 1;
    expect(alone).to.be.within(90, 160);
    expect(world.recorded()).to.have.length(alone + (many[0]?.ids.length ?? 0));
  });

  it('compares each of many with what was told of the same', async () => {
    const world = cutoverWorld(shadowed);
    const told: unknown[] = [];
    world.compare = ({ preg, persontjenesten }) => {
      const numbers = [preg, persontjenesten].map((one) =>
        one.question === 'lookup' && one.answer.outcome === 'found' ? one.answer.person.nin : undefined,
      );
      told.push(numbers);
      return [];
    };
    world.registers.persontjenesten.before = ({ ids: asked }) => {
      expect(asked).to.have.length(30);
    };
    await world.cutover.registry.lookupMany({ ids: ids(30) }, knowingCaller().caller);
    await world.settle();
    expect(told).to.deep.equal(ids(30).map((number) => [number, number]));
    expect(world.events.of.answersCompared).to.have.length(1);
    expect(world.events.of.answersCompared[0]).to.include({ people: 30, different: 0 });
  });

  it('lets others have their turn while it compares many', async () => {
    const world = cutoverWorld(shadowed);
    let compared = 0;
    world.compare = () => {
      compared += 1;
      return [];
    };
    await world.cutover.registry.lookupMany({ ids: ids(100) }, knowingCaller().caller);
    const seen: number[] = [];
    for (let turn = 0; turn < 60; turn += 1) {
      seen.push(compared);
      await setImmediate();
    }
    const most = Math.max(...seen.map((count, turn) => count - (seen[turn - 1] ?? 0)));
    expect(compared).to.equal(100);
    expect(most).to.be.at.most(8);
  });

  it('holds nothing against an answer that was kept for too long', async () => {
    const world = cutoverWorld({ routes: [{ route: 'shadow-persontjenesten' }] });
    world.registers.persontjenesten.before = ({ caller }) => caller.onKept?.('stale-cache');
    await world.cutover.registry.lookup({ id }, knowingCaller().caller);
    await world.settle();
    expect(askedOf(world).preg).to.equal(0);
    const other = cutoverWorld(shadowed);
    other.registers.persontjenesten.before = ({ caller }) => {
      caller.onKept?.('stale-cache');
      caller.onKept?.('cache');
    };
    await other.cutover.registry.lookup({ id }, knowingCaller().caller);
    await other.settle();
    expect(other.recorded()[0]).to.include({ differences: undefined });
    expect(other.recorded()[0]?.outcomes.persontjenesten.outcome).to.equal('upstream-unavailable');
  });

  for (const [error, isAsked] of [
    [new InvalidQuery('on', 'is past'), true],
    [new UpstreamUnavailable('down'), true],
    [new UpstreamTimeout('late'), true],
    [new NotAuthorised('no'), false],
    [new CallerLeft('gone'), false],
  ] as const) {
    it(`asks ${isAsked ? 'the other one, too,' : 'nobody'} when the first fails with ${error.name}`, async () => {
      const world = cutoverWorld(shadowed);
      world.registers.preg.before = () => Promise.reject(error);
      const asked = world.cutover.registry.lookup({ id }, knowingCaller().caller);
      expect(await rejectionOf(asked)).to.equal(error);
      await world.settle();
      expect(askedOf(world).persontjenesten).to.equal(isAsked ? 1 : 0);
      expect(
        world.recorded().map(({ outcomes }) => [outcomes.preg.outcome, outcomes.persontjenesten.outcome]),
      ).to.deep.equal(isAsked ? [[error.code, 'found']] : []);
    });
  }

  it('survives whoever decides what follows when PREG was asked whether it answers', async () => {
    const world = cutoverWorld({
      routes: [{ route: 'persontjenesten' }],
      guard: { ...usualSettings.guard, minimumAnswers: 1 },
    });
    world.registers.persontjenesten.before = () => Promise.reject(new UpstreamUnavailable('down'));
    world.registers.preg.before = () => {
      world.standing.all = () => {
        throw new TypeError('a routing of ours is broken');
      };
    };
    await rejectionOf(world.cutover.registry.lookup({ id }, knowingCaller().caller));
    await world.settle();
    expect(askedOf(world).preg).to.equal(1);
    expect(world.events.of.comparisonFailed).to.have.length(1);
  });

  it('survives whoever compares', async () => {
    const world = cutoverWorld(shadowed);
    world.compare = () => {
      throw new TypeError('a rule of ours is broken');
    };
    await world.cutover.registry.lookup({ id }, knowingCaller().caller);
    await world.settle();
    expect(world.events.of.comparisonFailed).to.have.length(1);
    expect(world.recorded()[0]).to.include({ differences: undefined });
  });

  it('ends with the adapter, and what is known is written down', async () => {
    const world = cutoverWorld(shadowed);
    const { caller } = knowingCaller();
    await world.cutover.registry.lookup({ id }, caller);
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
    world.registers.persontjenesten.before = never;
    for (const number of ids(20)) await world.cutover.registry.lookup({ id: number }, caller);
    await setImmediate();
    await world.stop();
    expect(world.recorded()).to.have.length(1);
    expect(world.written.usage).to.have.length(1);
    expect(world.clock.sleeping).to.equal(0);
    await world.cutover.registry.lookup({ id }, caller);
    await world.settle();
    expect(askedOf(world).persontjenesten).to.equal(1 + usualSettings.comparison.maxConcurrent);
  });
});

describe('writing comparisons down', () => {
  async function asked(world: CutoverWorld, count: number): Promise<void> {
    const { caller } = knowingCaller();
    for (let index = 0; index < count; index += 1) {
      await world.cutover.registry.lookup({ id }, caller);
      for (let turn = 0; turn < 3; turn += 1) await setImmediate();
    }
  }

  it('takes many at once, and none on the way of an answer', async () => {
    const world = cutoverWorld(shadowed);
    await asked(world, 30);
    expect(world.written.comparisons).to.deep.equal([]);
    await world.clock.advance(1_000);
    expect(world.written.comparisons.map(({ length }) => length)).to.deep.equal([30]);
  });

  it('is tried again while the store fails; that is told once, and nothing is lost within bounds', async () => {
    const world = cutoverWorld(shadowed);
    world.trouble.comparisons = new StoreFailed('full');
    await asked(world, 3);
    for (let second = 0; second < 25; second += 1) await world.clock.advance(1_000);
    expect(world.events.of.cutoverNotStored.map(({ what }) => what)).to.deep.equal(['comparisons']);
    world.trouble.comparisons = undefined;
    await world.clock.advance(10_000);
    await setImmediate();
    expect(world.recorded()).to.have.length(3);
    expect(world.events.of.cutoverStored).to.deep.equal([{ what: 'comparisons', lost: 0 }]);
  });
});
