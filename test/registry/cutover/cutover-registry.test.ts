import { getEventListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import {
  CallerLeft,
  InvalidQuery,
  NotAuthorised,
  StoreFailed,
  TooManyHits,
  UpstreamForbidden,
  UpstreamTimeout,
  UpstreamUnavailable,
} from '../../../src/errors/errors.js';
import { routes, type Route } from '../../../src/registry/cutover/route.js';
import type { LookupAnswer } from '../../../src/registry/person-registry.js';
import { askedOf, cutoverWorld, knowingCaller, usualSettings } from '../../support/cutover-world.js';
import { pregPerson } from '../../support/preg-person.js';
import { rejectionOf } from '../../support/rejection.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const id = syntheticNumber();
const search = { name: { family: 'Nordmann' }, withHelpNumbers: false, limit: 10 };

function nameIn(answer: LookupAnswer | undefined): string | null | undefined {
  return answer?.outcome === 'found' ? answer.person.sn : undefined;
}

describe('both registers as one', () => {
  const answering: Readonly<Record<Route, string>> = {
    preg: 'GAMMEL',
    'shadow-preg': 'GAMMEL',
    'shadow-persontjenesten': 'NY',
    persontjenesten: 'NY',
  };
  const shadowed: Readonly<Record<Route, object>> = {
    preg: { preg: 1, persontjenesten: 0 },
    'shadow-preg': { preg: 1, persontjenesten: 1 },
    'shadow-persontjenesten': { preg: 1, persontjenesten: 1 },
    persontjenesten: { preg: 0, persontjenesten: 1 },
  };

  for (const route of routes) {
    it(`answer from the one that ${route} names, and ask the other one where it says so`, async () => {
      const world = cutoverWorld({ routes: [{ route }] });
      const { caller, answeredBy } = knowingCaller();
      expect(nameIn(await world.cutover.registry.lookup({ id }, caller))).to.equal(answering[route]);
      const source = answering[route] === 'NY' ? 'persontjenesten' : 'preg';
      expect(answeredBy).to.deep.equal([{ route, source }]);
      await world.settle();
      expect(askedOf(world)).to.deep.equal(shadowed[route]);
      expect(world.recorded().length).to.equal(route.startsWith('shadow') ? 1 : 0);
    });
  }

  it('take every kind of question', async () => {
    const world = cutoverWorld({ routes: [{ route: 'shadow-preg' }] });
    const { caller } = knowingCaller();
    const { registry } = world.cutover;
    await registry.lookup({ id }, caller);
    expect([...(await registry.lookupMany({ ids: [id, id] }, caller)).keys()]).to.deep.equal([id]);
    expect(await registry.children(id, caller)).to.include({ outcome: 'found' });
    expect(await registry.search(search, caller)).to.include({ total: 1 });
    await world.settle();
    for (const { asked } of Object.values(world.registers)) {
      expect(asked.map(({ kind }) => kind)).to.deep.equal(['lookup', 'lookupMany', 'children', 'search']);
    }
    expect(world.recorded().map(({ subject }) => subject)).to.deep.equal([id, id, id, undefined]);
  });

  it('are one where there is no PREG, and nobody is told who answered', async () => {
    const world = cutoverWorld({ routes: [{ route: 'preg' }] }, { hasPreg: false });
    world.standing.set({ route: 'preg', setBy: 'operator', at: new Date(0) });
    const { caller, answeredBy } = knowingCaller({ wantedRoute: 'preg' });
    expect(nameIn(await world.cutover.registry.lookup({ id }, caller))).to.equal('NY');
    expect(answeredBy).to.deep.equal([]);
    expect(world.cutover.decide(caller)).to.deep.equal({
      route: 'persontjenesten',
      source: 'persontjenesten',
      setBy: 'default',
    });
  });

  it('answer from Persontjenesten what the adapter asks of its own accord', async () => {
    const world = cutoverWorld({ routes: [{ route: 'shadow-preg' }] });
    const { caller, answeredBy } = knowingCaller({ protocol: undefined, operation: undefined });
    expect(nameIn(await world.cutover.registry.lookup({ id }, caller))).to.equal('NY');
    expect(nameIn((await world.cutover.registry.lookupMany({ ids: [id] }, caller)).get(id))).to.equal('NY');
    await world.settle();
    expect(askedOf(world).preg).to.equal(0);
    expect(answeredBy).to.deep.equal([]);
  });

  it('heed at once what an operator sets and clears', async () => {
    const world = cutoverWorld({ routes: [{ route: 'preg' }] });
    const { caller } = knowingCaller();
    const ask = async (): Promise<unknown> => nameIn(await world.cutover.registry.lookup({ id }, caller));
    expect(await ask()).to.equal('GAMMEL');
    world.standing.set({ clientId: 'epj', route: 'persontjenesten', setBy: 'operator', at: new Date(0) });
    expect(await ask()).to.equal('NY');
    world.standing.clear({ clientId: 'epj' });
    expect(await ask()).to.equal('GAMMEL');
  });

  it('go on by the routes they last knew while the store cannot be read, and say so once', async () => {
    const world = cutoverWorld({ routes: [{ route: 'preg' }] });
    const { caller } = knowingCaller();
    const ask = async (): Promise<unknown> => nameIn(await world.cutover.registry.lookup({ id }, caller));
    world.standing.set({ clientId: 'epj', route: 'persontjenesten', setBy: 'operator', at: new Date(0) });
    expect(await ask()).to.equal('NY');
    world.standing.failing = true;
    expect([await ask(), await ask()]).to.deep.equal(['NY', 'NY']);
    expect(world.standing.refused, 'a store that fails is not asked by everybody').to.equal(1);
    world.standing.failing = false;
    world.standing.clear({ clientId: 'epj' });
    expect(await ask()).to.equal('NY');
    await world.clock.advance(5_000);
    expect(await ask()).to.equal('GAMMEL');
    expect(world.events.of.cutoverNotStored.map(({ what }) => what)).to.deep.equal(['routes']);
    expect(world.events.of.cutoverStored.map(({ what }) => what)).to.deep.equal(['routes']);
  });

  it('let a tester choose, and nobody else', async () => {
    const world = cutoverWorld({ routes: [{ route: 'preg' }], testers: ['epj'] });
    const lookup = async (clientId: string): Promise<unknown> => {
      const { caller } = knowingCaller({ clientId, wantedRoute: 'persontjenesten' });
      return nameIn(await world.cutover.registry.lookup({ id }, caller));
    };
    expect(await lookup('epj')).to.equal('NY');
    expect(await lookup('lab')).to.equal('GAMMEL');
  });

  it('decide about what is handed on unread, which is about nobody in particular', () => {
    const some = { client: 'epj', route: 'persontjenesten', percent: 99 } as const;
    const world = cutoverWorld({ routes: [some, { route: 'shadow-preg' }] });
    const { caller } = knowingCaller();
    const decided = { route: 'shadow-preg', source: 'preg', setBy: 'rule' };
    expect(world.cutover.decide(caller)).to.deep.equal(decided);
  });

  describe('with some of a hundred people on another route', () => {
    const ids = Array.from({ length: 40 }, (_, index) => syntheticNumber(index));
    const some = { client: 'epj', route: 'persontjenesten', percent: 30 } as const;
    const settings = { routes: [some, { route: 'preg' }] } as const;
    const isAmong = (number: string): boolean => Number(number.slice(-2)) < 30;

    it('answer each from where it belongs, always the same, in the order asked for', async () => {
      const world = cutoverWorld(settings);
      const { caller, answeredBy } = knowingCaller();
      const answers = await world.cutover.registry.lookupMany({ ids: [...ids, ...ids] }, caller);
      expect([...answers.keys()]).to.deep.equal(ids);
      for (const [number, answer] of answers) {
        expect(nameIn(answer)).to.equal(isAmong(number) ? 'NY' : 'GAMMEL');
      }
      expect(askedOf(world)).to.deep.equal({ preg: 1, persontjenesten: 1 });
      expect(answeredBy.map(({ source }) => source).sort()).to.deep.equal(['persontjenesten', 'preg']);
      for (const number of ids) {
        const alone = await world.cutover.registry.lookup({ id: number }, caller);
        expect(nameIn(alone)).to.equal(isAmong(number) ? 'NY' : 'GAMMEL');
      }
    });

    it('fail with either', async () => {
      const world = cutoverWorld(settings);
      world.registers.preg.before = () => Promise.reject(new UpstreamUnavailable('down'));
      const asked = world.cutover.registry.lookupMany({ ids }, knowingCaller().caller);
      expect(await rejectionOf(asked)).to.be.instanceOf(UpstreamUnavailable);
    });

    it('ask nobody about nobody', async () => {
      const world = cutoverWorld(settings);
      expect((await world.cutover.registry.lookupMany({ ids: [] }, knowingCaller().caller)).size).to.equal(0);
      expect(askedOf(world)).to.deep.equal({ preg: 0, persontjenesten: 0 });
    });
  });

  describe('when one is out of order', () => {
    const way = { preg: 'preg', persontjenesten: 'persontjenesten' } as const;
    const cases = [
      ['none', 'preg', false],
      ['none', 'persontjenesten', false],
      ['to-preg', 'persontjenesten', true],
      ['to-preg', 'preg', false],
      ['to-persontjenesten', 'preg', true],
      ['to-persontjenesten', 'persontjenesten', false],
      ['both', 'preg', true],
      ['both', 'persontjenesten', true],
    ] as const;
    for (const [fallback, broken, isAnswered] of cases) {
      it(`${isAnswered ? '' : 'do not '}answer from the other one: ${broken} down, fallback ${fallback}`, async () => {
        const world = cutoverWorld({ routes: [{ route: way[broken] }], fallback });
        world.registers[broken].before = () => Promise.reject(new UpstreamUnavailable('down'));
        const { caller, answeredBy } = knowingCaller();
        const asked = world.cutover.registry.lookup({ id }, caller);
        const other = broken === 'preg' ? 'persontjenesten' : 'preg';
        if (!isAnswered) {
          expect(await rejectionOf(asked)).to.be.instanceOf(UpstreamUnavailable);
          expect(world.registers[other].asked).to.deep.equal([]);
          expect(answeredBy).to.deep.equal([]);
          return;
        }
        expect(nameIn(await asked)).to.equal(broken === 'preg' ? 'NY' : 'GAMMEL');
        expect(answeredBy).to.deep.equal([{ route: way[broken], source: other }]);
        await world.settle();
        const [recorded] = world.recorded();
        expect(recorded).to.include({ answeredBy: other, subject: id, differences: undefined });
        expect(recorded?.outcomes[broken].outcome).to.equal('upstream-unavailable');
        expect(recorded?.outcomes[other].outcome).to.equal('found');
        expect(world.events.of.otherRegisterAsked).to.have.length(1);
      });
    }

    const answers = [
      new InvalidQuery('name', 'is missing'),
      new NotAuthorised('no'),
      new TooManyHits('many'),
      new UpstreamForbidden('no'),
      new StoreFailed('full'),
      new CallerLeft('gone'),
      new TypeError('a fault of ours'),
    ];
    for (const error of answers) {
      it(`take ${error.name} for no outage`, async () => {
        const world = cutoverWorld({ routes: [{ route: 'persontjenesten' }], fallback: 'both' });
        world.registers.persontjenesten.before = () => Promise.reject(error);
        await rejectionOf(world.cutover.registry.lookup({ id }, knowingCaller().caller));
        expect(askedOf(world).preg).to.equal(0);
      });
    }

    it('fail as the route’s own failed when the other fails, too, and record both', async () => {
      const world = cutoverWorld({ routes: [{ route: 'persontjenesten' }], fallback: 'to-preg' });
      world.registers.persontjenesten.before = () => Promise.reject(new UpstreamUnavailable('down'));
      world.registers.preg.before = () => Promise.reject(new InvalidQuery('on', 'is past'));
      const error = await rejectionOf(world.cutover.registry.lookup({ id }, knowingCaller().caller));
      expect(error).to.be.instanceOf(UpstreamUnavailable);
      await world.settle();
      const [recorded] = world.recorded();
      expect(recorded?.outcomes.persontjenesten.outcome).to.equal('upstream-unavailable');
      expect(recorded?.outcomes.preg.outcome).to.equal('invalid-query');
      expect(recorded?.answeredBy).to.equal('persontjenesten');
    });

    it('leave time for the other one, however long the first would take', async () => {
      const world = cutoverWorld({ routes: [{ route: 'persontjenesten' }], fallback: 'to-preg' });
      const { registers, clock } = world;
      registers.persontjenesten.before = () => new Promise(() => undefined);
      const { caller } = knowingCaller();
      const asked = world.cutover.registry.lookup({ id }, caller);
      await clock.advance(17_999);
      expect(askedOf(world).preg).to.equal(0);
      await clock.advance(1);
      expect(nameIn(await asked)).to.equal('GAMMEL');
      const [first] = registers.persontjenesten.asked;
      expect(first?.caller.signal.aborted).to.equal(true);
      expect(first?.caller.deadline).to.deep.equal(new Date('2022-09-01T12:00:18Z'));
      expect(registers.preg.asked[0]?.caller.deadline).to.deep.equal(caller.deadline);
      expect(registers.preg.asked[0]?.caller.signal.aborted).to.equal(false);
      expect(clock.sleeping, 'only what waits to be written').to.equal(2);
      expect(getEventListeners(caller.signal, 'abort')).to.deep.equal([]);
    });

    it('give one alone all the time', async () => {
      const world = cutoverWorld({ routes: [{ route: 'persontjenesten' }], fallback: 'to-persontjenesten' });
      const { caller } = knowingCaller();
      await world.cutover.registry.lookup({ id }, caller);
      const [first] = world.registers.persontjenesten.asked;
      expect(first?.caller.signal).to.equal(caller.signal);
      expect(first?.caller.deadline).to.equal(caller.deadline);
    });

    it('ask nobody for a caller who has left', async () => {
      const world = cutoverWorld({ routes: [{ route: 'persontjenesten' }], fallback: 'to-preg' });
      world.registers.persontjenesten.before = () => new Promise(() => undefined);
      const { caller, leaving } = knowingCaller();
      const asked = world.cutover.registry.lookup({ id }, caller);
      await setImmediate();
      leaving.abort(new CallerLeft('gone'));
      expect(await rejectionOf(asked)).to.be.instanceOf(CallerLeft);
      expect(askedOf(world).preg).to.equal(0);
    });

    it('ask nobody when the caller’s time has passed', async () => {
      const world = cutoverWorld({ routes: [{ route: 'persontjenesten' }], fallback: 'to-preg' });
      const { caller, leaving } = knowingCaller();
      world.registers.persontjenesten.before = () => {
        leaving.abort(new UpstreamTimeout('late'));
        return Promise.reject(new UpstreamTimeout('late'));
      };
      expect(await rejectionOf(world.cutover.registry.lookup({ id }, caller))).to.be.instanceOf(
        UpstreamTimeout,
      );
      expect(askedOf(world).preg).to.equal(0);
    });

    it('rather answer from the other one than from what was kept, and from that when there is nothing else', async () => {
      const world = cutoverWorld({ routes: [{ route: 'persontjenesten' }], fallback: 'to-preg' });
      world.registers.persontjenesten.before = ({ caller }) => caller.onKept?.('stale-cache');
      const { caller, kept, answeredBy } = knowingCaller();
      expect(nameIn(await world.cutover.registry.lookup({ id }, caller))).to.equal('GAMMEL');
      expect(kept).to.deep.equal([]);
      world.registers.preg.before = () => Promise.reject(new UpstreamUnavailable('down, too'));
      expect(nameIn(await world.cutover.registry.lookup({ id }, caller))).to.equal('NY');
      expect(kept).to.deep.equal(['stale-cache']);
      expect(answeredBy.map(({ source }) => source)).to.deep.equal(['preg', 'persontjenesten']);
      await world.settle();
      expect(world.recorded().map(({ outcomes }) => outcomes.persontjenesten.outcome)).to.deep.equal([
        'upstream-unavailable',
        'upstream-unavailable',
      ]);
    });

    it('lead nobody to a PREG that does not know the client', async () => {
      const world = cutoverWorld({ routes: [{ route: 'persontjenesten' }], fallback: 'both' });
      world.registers.persontjenesten.before = () => Promise.reject(new UpstreamUnavailable('down'));
      const { caller } = knowingCaller({ clientId: 'lab' });
      await rejectionOf(world.cutover.registry.lookup({ id }, caller));
      expect(askedOf(world).preg).to.equal(0);
    });

    it('tell the client of what was kept by the one that answered alone', async () => {
      const world = cutoverWorld({ routes: [{ route: 'persontjenesten' }], fallback: 'to-preg' });
      world.registers.persontjenesten.before = ({ caller }) => {
        caller.onKept?.('stale-cache');
        return Promise.reject(new UpstreamUnavailable('down'));
      };
      const { caller, kept } = knowingCaller();
      await world.cutover.registry.lookup({ id }, caller);
      expect(kept).to.deep.equal([]);
      world.registers.persontjenesten.before = (asked) => asked.caller.onKept?.('cache');
      await world.cutover.registry.lookup({ id }, caller);
      expect(kept).to.deep.equal(['cache']);
    });
  });

  it('answer also where what is done beside an answer is broken', async () => {
    const world = cutoverWorld({ routes: [{ route: 'shadow-preg' }] });
    const broken = Object.defineProperty(pregPerson({ nin: id, sn: 'GAMMEL' }), 'workPermit', {
      get: () => {
        throw new TypeError('a fault of ours');
      },
    });
    world.registers.preg.answer = () => ({ outcome: 'found', person: broken, lineage: new Map() });
    expect(nameIn(await world.cutover.registry.lookup({ id }, knowingCaller().caller))).to.equal('GAMMEL');
    expect(world.events.of.comparisonFailed).to.have.length(1);
  });

  describe('when settings change', () => {
    it('lose no question that is under way, and ask the next by the new ones', async () => {
      const world = cutoverWorld({ routes: [{ route: 'shadow-preg' }] });
      const { registry } = world.cutover;
      const gates: (() => void)[] = [];
      world.registers.preg.before = () => new Promise((resolve) => gates.push(resolve));
      const { caller, answeredBy } = knowingCaller();
      const waiting = Array.from({ length: 20 }, (_, index) =>
        registry.lookup({ id: syntheticNumber(index) }, caller),
      );
      await setImmediate();
      world.cutover.reconfigure({ ...usualSettings, routes: [{ route: 'persontjenesten' }] });
      expect(nameIn(await registry.lookup({ id }, caller))).to.equal('NY');
      for (const open of gates) open();
      expect((await Promise.all(waiting)).map(nameIn)).to.deep.equal(waiting.map(() => 'GAMMEL'));
      expect(answeredBy[0]).to.deep.equal({ route: 'persontjenesten', source: 'persontjenesten' });
      expect(answeredBy.slice(1).every(({ route }) => route === 'shadow-preg')).to.equal(true);
      world.registers.preg.before = () => undefined;
      await world.settle();
      expect(world.recorded()).to.have.length(20);
    });
  });
});
