import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { InvalidQuery, StoreFailed, UpstreamUnavailable } from '../../../src/errors/errors.js';
import type { StandingRoute } from '../../../src/registry/cutover/route.js';
import {
  askedOf,
  cutoverWorld,
  difference,
  knowingCaller,
  usualSettings,
} from '../../support/cutover-world.js';
import type { CutoverWorld } from '../../support/cutover-world.js';
import { rejectionOf } from '../../support/rejection.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const id = syntheticNumber();
const compared = { routes: [{ route: 'shadow-persontjenesten' }] } as const;
const identity = [difference({ field: 'sn', isIdentity: true })];

describe('the guard', () => {
  /** Asks so many times, and lets each be compared. */
  async function ask(world: CutoverWorld, times: number, clientId = 'epj'): Promise<void> {
    const { caller } = knowingCaller({ clientId });
    for (let time = 0; time < times; time += 1) {
      await world.cutover.registry.lookup({ id }, caller).catch(() => undefined);
      for (let turn = 0; turn < 4; turn += 1) await setImmediate();
    }
  }
  const held = (world: CutoverWorld): readonly StandingRoute[] =>
    world.standing.all().filter(({ setBy }) => setBy === 'guard');

  it('leaves a client alone that does well', async () => {
    const world = cutoverWorld(compared);
    world.compare = () => [
      difference({ class: 'expected', reason: 'x' }),
      difference({ ...identity[0], class: 'expected' }),
    ];
    await ask(world, 120);
    expect(held(world)).to.deep.equal([]);
    expect(world.cutover.state().heldBack).to.deep.equal([]);
  });

  it('moves a client back at the first answer that differs in who somebody is', async () => {
    const world = cutoverWorld(compared);
    await ask(world, 10);
    world.compare = () => identity;
    await ask(world, 1);
    const reason = '1 of 11 compared answers differ in who somebody is';
    expect(held(world)).to.deep.equal([
      { clientId: 'epj', route: 'shadow-preg', setBy: 'guard', at: world.clock.now(), reason },
    ]);
    expect(world.events.of.clientMovedBack).to.deep.equal([
      { clientId: 'epj', reason, route: 'shadow-preg' },
    ]);
    expect(world.cutover.state().heldBack).to.deep.equal(['epj']);
  });

  it('answers from PREG within one window once too much is unexplained, and tells once', async () => {
    const world = cutoverWorld(compared);
    let count = 0;
    world.compare = () => {
      count += 1;
      return count % 50 === 0 ? [difference()] : [];
    };
    await ask(world, 49);
    expect(held(world)).to.deep.equal([]);
    await ask(world, 151);
    expect(world.events.of.clientMovedBack.map(({ reason }) => reason)).to.deep.equal([
      '1 of 50 compared answers differ unexplained, more than 1 %',
    ]);
    const { caller, answeredBy } = knowingCaller();
    await world.cutover.registry.lookup({ id }, caller);
    expect(answeredBy).to.deep.equal([{ route: 'shadow-preg', source: 'preg' }]);
    expect(held(world)).to.have.length(1);
  });

  it('counts answers, not fields, and passes a limit only beyond it', async () => {
    const world = cutoverWorld({ ...compared, guard: { ...usualSettings.guard, unexplainedPercent: 50 } });
    let count = 0;
    world.compare = () => {
      count += 1;
      return count % 2 === 1 ? [] : [difference(), difference({ field: 'custody' })];
    };
    await ask(world, 100);
    expect(held(world)).to.deep.equal([]);
  });

  it('forgets what is older than the window', async () => {
    const world = cutoverWorld(compared);
    world.compare = () => [difference()];
    await ask(world, 49);
    await world.clock.advance(16 * 60_000);
    await ask(world, 49);
    expect(held(world)).to.deep.equal([]);
    await ask(world, 1);
    expect(held(world)).to.have.length(1);
  });

  it('moves a client back when too many questions to Persontjenesten fail, also where PREG answers in its place', async () => {
    for (const fallback of ['none', 'to-preg'] as const) {
      const world = cutoverWorld({ routes: [{ route: 'persontjenesten' }], fallback });
      await ask(world, 40);
      world.registers.persontjenesten.before = () => Promise.reject(new UpstreamUnavailable('down'));
      await ask(world, 10);
      expect(held(world), 'a fifth is no more than a fifth').to.deep.equal([]);
      await ask(world, 5);
      expect(held(world)[0]?.reason).to.equal('11 of 51 questions to Persontjenesten failed, more than 20 %');
      expect(world.events.of.clientMovedBack).to.have.length(1);
    }
  });

  it('holds nothing against Persontjenesten that whoever asks has brought about', async () => {
    const world = cutoverWorld({ routes: [{ route: 'persontjenesten' }] });
    world.registers.persontjenesten.before = () => Promise.reject(new InvalidQuery('name', 'is missing'));
    await ask(world, 200);
    expect(held(world)).to.deep.equal([]);
  });

  it('takes an old answer for a failure', async () => {
    const world = cutoverWorld({ routes: [{ route: 'persontjenesten' }] });
    world.registers.persontjenesten.before = ({ caller }) => caller.onKept?.('stale-cache');
    await ask(world, 50);
    expect(held(world)).to.have.length(1);
  });

  it('watches each client by itself', async () => {
    const world = cutoverWorld(compared, { pregClients: ['epj', 'lab'] });
    world.compare = () => [difference()];
    await ask(world, 49);
    await ask(world, 49, 'lab');
    expect(held(world)).to.deep.equal([]);
    await ask(world, 1, 'lab');
    expect(held(world).map(({ clientId }) => clientId)).to.deep.equal(['lab']);
  });

  it('does not move whom PREG does not know, whoever tries something out, and nobody when it is off', async () => {
    const unknown = cutoverWorld(compared, { pregClients: [] });
    const off = cutoverWorld({ ...compared, guard: { ...usualSettings.guard, enabled: false } });
    for (const world of [unknown, off]) {
      world.compare = () => identity;
      await ask(world, 60);
      expect(held(world)).to.deep.equal([]);
    }
    const tried = cutoverWorld({ routes: [{ route: 'preg' }], testers: ['epj'] });
    tried.compare = () => identity;
    const { caller } = knowingCaller({ wantedRoute: 'shadow-persontjenesten' });
    await tried.cutover.registry.lookup({ id }, caller);
    await tried.settle();
    expect(tried.recorded()).to.have.length(1);
    expect(held(tried)).to.deep.equal([]);
  });

  it('does not hold back who has not moved, however much differs', async () => {
    const world = cutoverWorld({ routes: [{ route: 'shadow-preg' }] });
    world.compare = () => identity;
    world.registers.preg.before = () => Promise.reject(new UpstreamUnavailable('down'));
    await ask(world, 100);
    world.registers.preg.before = () => undefined;
    await ask(world, 100);
    expect(held(world)).to.deep.equal([]);
  });

  it('stays until an operator acts, whatever happens and however long', async () => {
    const world = cutoverWorld(compared);
    world.compare = () => identity;
    await ask(world, 1);
    world.compare = () => [];
    await world.clock.advance(30 * 24 * 60 * 60_000);
    await ask(world, 200);
    world.cutover.reconfigure({ ...usualSettings, routes: [{ route: 'persontjenesten' }] });
    await ask(world, 1);
    const { caller, answeredBy } = knowingCaller();
    await world.cutover.registry.lookup({ id }, caller);
    expect(answeredBy).to.deep.equal([{ route: 'shadow-preg', source: 'preg' }]);
    expect(world.events.of.clientMovedBack).to.have.length(1);
    expect(world.standing.clear({ clientId: 'epj' })).to.equal(1);
    const after = knowingCaller();
    await world.cutover.registry.lookup({ id }, after.caller);
    expect(after.answeredBy).to.deep.equal([{ route: 'persontjenesten', source: 'persontjenesten' }]);
  });

  describe('and an operator at the same time', () => {
    /** Answers of both registers that wait to be compared. */
    function gated(world: CutoverWorld): (() => void)[] {
      const gates: (() => void)[] = [];
      world.registers.preg.before = () => new Promise((resolve) => gates.push(resolve));
      return gates;
    }

    it('holds nothing against a route that was set after the question', async () => {
      const world = cutoverWorld(compared);
      world.compare = () => identity;
      const gates = gated(world);
      await ask(world, 5);
      world.standing.set({
        clientId: 'epj',
        route: 'shadow-persontjenesten',
        setBy: 'operator',
        at: world.clock.now(),
      });
      for (const open of gates) open();
      await world.settle();
      expect(world.recorded(), 'they are recorded all the same').to.have.length(5);
      expect(held(world)).to.deep.equal([]);
      gates.length = 0;
      await ask(world, 1);
      for (const open of gates) open();
      await world.settle();
      expect(held(world), 'what comes after it counts').to.have.length(1);
    });

    it('does not move a client again that was let go, for what was asked before', async () => {
      const world = cutoverWorld(compared);
      world.compare = () => identity;
      const gates = gated(world);
      await ask(world, 5);
      gates.shift()?.();
      await world.clock.advance(0);
      await world.clock.advance(0);
      expect(held(world)).to.have.length(1);
      world.standing.clear({ clientId: 'epj' });
      await world.clock.advance(1);
      for (const open of gates) open();
      await world.settle();
      expect(held(world)).to.deep.equal([]);
      expect(world.events.of.clientMovedBack).to.have.length(1);
    });

    it('begins anew with a client that was let go', async () => {
      const world = cutoverWorld(compared);
      world.compare = () => [difference()];
      await ask(world, 50);
      expect(held(world)).to.have.length(1);
      world.standing.clear({ clientId: 'epj' });
      await world.clock.advance(1);
      await ask(world, 49);
      expect(held(world)).to.deep.equal([]);
      await ask(world, 1);
      expect(held(world)).to.have.length(1);
      expect(world.events.of.clientMovedBack).to.have.length(2);
    });

    it('goes on with what it has seen when other settings change', async () => {
      const world = cutoverWorld(compared);
      world.compare = () => [difference()];
      await ask(world, 49);
      const comparison = { ...usualSettings.comparison, maxWaiting: 7 };
      world.cutover.reconfigure({ ...usualSettings, routes: [...compared.routes], comparison });
      await ask(world, 1);
      expect(held(world)).to.have.length(1);
    });

    it('begins anew with new settings', async () => {
      const world = cutoverWorld(compared);
      world.compare = () => [difference()];
      await ask(world, 49);
      world.cutover.reconfigure({
        ...usualSettings,
        ...compared,
        guard: { ...usualSettings.guard, windowMinutes: 16 },
      });
      await ask(world, 49);
      expect(held(world)).to.deep.equal([]);
      await ask(world, 1);
      expect(held(world)).to.have.length(1);
    });

    it('moves one client once, whoever of several processes finds out', async () => {
      const world = cutoverWorld(compared);
      world.compare = () => identity;
      const gates = gated(world);
      await ask(world, 8);
      for (const open of gates) open();
      await world.settle();
      expect(world.events.of.clientMovedBack).to.have.length(1);
      expect(held(world)).to.have.length(1);
    });
  });

  it('counts what Persontjenesten alone refuses, and PREG answers, as its errors', async () => {
    const world = cutoverWorld(compared);
    world.registers.persontjenesten.before = () => Promise.reject(new InvalidQuery('name', 'is too short'));
    await ask(world, 49);
    expect(held(world)).to.deep.equal([]);
    await ask(world, 1);
    expect(held(world)[0]?.reason).to.equal('50 of 50 questions to Persontjenesten failed, more than 20 %');
    const both = cutoverWorld(compared);
    both.registers.persontjenesten.before = () => Promise.reject(new InvalidQuery('name', 'is too short'));
    both.registers.preg.before = () => Promise.reject(new InvalidQuery('name', 'is too short'));
    await ask(both, 60);
    expect(held(both), 'what both refuse').to.deep.equal([]);
  });

  describe('while errors are too many', () => {
    const down = (): Promise<void> => Promise.reject(new UpstreamUnavailable('down'));
    const cases = [
      ...(['persontjenesten', 'shadow-persontjenesten'] as const).flatMap((route) =>
        (['none', 'to-preg'] as const).map((fallback) => ({ routes: [{ route }], fallback })),
      ),
      { ...compared, comparison: { ...usualSettings.comparison, maxConcurrent: 1, samplePercent: 1 } },
    ];

    it('moves nobody to a PREG that does not answer, and everybody once it does', async () => {
      for (const settings of cases) {
        const world = cutoverWorld(settings);
        world.registers.persontjenesten.before = down;
        world.registers.preg.before = down;
        await ask(world, 60);
        await world.clock.advance(5_000);
        await ask(world, 10);
        expect(held(world), JSON.stringify(settings)).to.deep.equal([]);
        world.registers.preg.before = () => undefined;
        await world.clock.advance(5_000);
        await ask(world, 2);
        expect(held(world), JSON.stringify(settings)).to.have.length(1);
        expect(world.events.of.clientMovedBack).to.have.length(1);
      }
    });

    it('asks a PREG that does not answer seldom, and about one person', async () => {
      const world = cutoverWorld({ routes: [{ route: 'persontjenesten' }] });
      world.registers.persontjenesten.before = down;
      world.registers.preg.before = down;
      await ask(world, 100);
      expect(askedOf(world).preg).to.equal(1);
      await world.clock.advance(5_000);
      const { caller } = knowingCaller();
      const ids = Array.from({ length: 50 }, (_, index) => syntheticNumber(index));
      await world.cutover.registry.lookupMany({ ids }, caller).catch(() => undefined);
      await world.settle();
      expect(world.registers.preg.asked.map(({ ids: asked }) => asked.length)).to.deep.equal([1, 1]);
    });

    it('says whom it holds back in vain, until PREG answers them', async () => {
      const world = cutoverWorld(compared);
      world.compare = () => identity;
      await ask(world, 1);
      expect(world.cutover.state().heldInVain).to.deep.equal([]);
      world.registers.preg.before = down;
      await ask(world, 1);
      expect(world.cutover.state()).to.deep.include({ heldBack: ['epj'], heldInVain: ['epj'] });
      world.registers.preg.before = () => undefined;
      await ask(world, 1);
      expect(world.cutover.state().heldInVain).to.deep.equal([]);
    });
  });

  describe('where the store fails to be read for a moment', () => {
    it('goes by the hold that it has set, which is told once', async () => {
      const world = cutoverWorld(compared);
      await ask(world, 1);
      world.standing.failing = true;
      await ask(world, 1);
      world.standing.failing = false;
      world.compare = () => identity;
      await ask(world, 1);
      const { caller, answeredBy } = knowingCaller();
      await world.cutover.registry.lookup({ id }, caller);
      expect(answeredBy).to.deep.equal([{ route: 'shadow-preg', source: 'preg' }]);
      world.standing.failing = true;
      await world.cutover.registry.lookup({ id }, caller);
      expect(answeredBy[1]?.source, 'also when it fails again').to.equal('preg');
      await ask(world, 5);
      expect(world.events.of.clientMovedBack).to.have.length(1);
    });

    it('never overrules what an operator has set meanwhile', async () => {
      const world = cutoverWorld({
        ...compared,
        guard: { ...usualSettings.guard, identityDifferences: 3 },
      });
      world.compare = () => identity;
      await ask(world, 1);
      world.standing.failing = true;
      await ask(world, 1);
      world.standing.failing = false;
      const at = world.clock.now();
      world.standing.set({ clientId: 'epj', route: 'persontjenesten', setBy: 'operator', at });
      await ask(world, 5);
      expect(held(world)).to.deep.equal([]);
      const { caller, answeredBy } = knowingCaller();
      await world.cutover.registry.lookup({ id }, caller);
      expect(answeredBy).to.deep.equal([{ route: 'persontjenesten', source: 'persontjenesten' }]);
      expect(world.events.of.clientMovedBack).to.deep.equal([]);
    });

    it('answers nobody before it is known who is held back', async () => {
      const world = cutoverWorld(compared);
      world.standing.failing = true;
      for (const milliseconds of [0, 100]) {
        await world.clock.advance(milliseconds);
        const error = await rejectionOf(world.cutover.registry.lookup({ id }, knowingCaller().caller));
        expect(error).to.be.instanceOf(StoreFailed);
      }
      expect(askedOf(world)).to.deep.equal({ preg: 0, persontjenesten: 0 });
      expect(world.cutover.state()).to.deep.include({ areRoutesKnown: false, heldBack: [] });
      expect(world.standing.refused, 'a store that fails is not asked by everybody').to.equal(1);
      world.standing.failing = false;
      await world.clock.advance(5_000);
      await world.cutover.registry.lookup({ id }, knowingCaller().caller);
      expect(world.cutover.state().areRoutesKnown).to.equal(true);
    });
  });

  it('comes again at once where somebody else writes to the store, and tells nobody', async () => {
    const world = cutoverWorld(compared);
    world.compare = () => identity;
    world.standing.lock = 1;
    await ask(world, 1);
    expect(held(world)).to.deep.equal([]);
    await world.clock.advance(100);
    await ask(world, 1);
    expect(held(world)).to.have.length(1);
    expect(world.events.of.cutoverNotStored).to.deep.equal([]);
  });

  it('tries again where the store would not take it, and says so once', async () => {
    const world = cutoverWorld(compared);
    world.compare = () => identity;
    world.standing.isReadOnly = true;
    await ask(world, 3);
    expect(world.events.of.cutoverNotStored.map(({ what }) => what)).to.deep.equal(['hold']);
    expect(world.events.of.clientMovedBack).to.deep.equal([]);
    expect(world.standing.refused, 'a store that fails is not asked by everybody').to.equal(1);
    world.standing.isReadOnly = false;
    await ask(world, 1);
    expect(held(world)).to.deep.equal([]);
    await world.clock.advance(5_000);
    await ask(world, 1);
    expect(world.events.of.clientMovedBack).to.have.length(1);
    expect(world.events.of.cutoverStored).to.deep.equal([{ what: 'hold', lost: 0 }]);
  });

  it('loses no question to it', async () => {
    const world = cutoverWorld(compared);
    world.compare = () => identity;
    const { caller } = knowingCaller();
    const answers = await Promise.all(
      Array.from({ length: 500 }, async (_, index) => {
        if (index % 7 === 0) await setImmediate();
        return world.cutover.registry.lookup({ id }, caller);
      }),
    );
    expect(answers.every(({ outcome }) => outcome === 'found')).to.equal(true);
    await world.settle();
    expect(askedOf(world).preg).to.be.greaterThan(0);
    expect(held(world)).to.have.length(1);
  });
});
