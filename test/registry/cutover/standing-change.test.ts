import { expect } from 'chai';
import fc from 'fast-check';
import { protocols } from '../../../src/access/legacy-client.js';
import { routes, type StandingRoute } from '../../../src/registry/cutover/route.js';
import { RouteTable, wayOf } from '../../../src/registry/cutover/route-table.js';
import { afterSetting } from '../../../src/registry/cutover/standing-change.js';
import { runs } from '../../support/long-runs.js';

const [before, now] = [new Date('2022-09-14T12:00:00Z'), new Date('2022-09-15T12:00:00Z')];

function standing(change: Partial<StandingRoute> & Pick<StandingRoute, 'route'>): StandingRoute {
  return { clientId: 'epj', setBy: 'operator', at: before, ...change };
}

describe('setting a route', () => {
  const whole = standing({ route: 'shadow-preg' });
  const canary = standing({ route: 'shadow-persontjenesten', percent: 5, at: now });
  const hold = standing({ route: 'shadow-preg', setBy: 'guard', reason: 'too much' });

  it('for some of a hundred leaves the route of all the others', () => {
    expect(afterSetting([whole], canary)).to.have.deep.members([whole, canary]);
  });

  it('for some of a hundred takes the place of another such', () => {
    const more = { ...canary, percent: 25 };
    expect(afterSetting([whole, canary], more)).to.have.deep.members([whole, more]);
  });

  it('for everybody takes the place of both', () => {
    for (const percent of [undefined, 100]) {
      const all = standing({ route: 'persontjenesten', at: now, percent });
      expect(afterSetting([whole, canary], all)).to.deep.equal([all]);
    }
  });

  it('for some of a hundred leaves the others where the guard held them, by the operator from now on', () => {
    expect(afterSetting([hold], canary)).to.have.deep.members([
      standing({ route: 'shadow-preg', at: now }),
      canary,
    ]);
  });

  it('for some of a hundred of a part keeps the rest where the guard held it', () => {
    const part = { ...canary, protocol: 'hl7v3' } as const;
    expect(afterSetting([hold], part)).to.have.deep.members([
      standing({ route: 'shadow-preg', at: now }),
      part,
    ]);
  });

  it('for some of a hundred is for them also in a part that the guard held', () => {
    const held = { ...hold, operation: 'FindCandidates' };
    expect(afterSetting([held], canary)).to.have.deep.members([
      canary,
      { ...canary, operation: 'FindCandidates' },
      standing({ route: 'shadow-preg', operation: 'FindCandidates', at: now }),
    ]);
  });

  it('for some of a hundred wakes nothing that the guard had put to sleep', () => {
    const asleep = standing({ route: 'persontjenesten', protocol: 'preg-xml' });
    expect(afterSetting([asleep, hold], canary)).to.not.deep.include(asleep);
  });

  it('for all clients ends what the guard set for one of them only where that is wanted', () => {
    const all = standing({ clientId: undefined, route: 'persontjenesten', at: now });
    expect(afterSetting([hold], all)).to.have.deep.members([hold, all]);
    expect(afterSetting([hold], all, { releasing: true })).to.deep.equal([all]);
    const some = { ...all, percent: 10 };
    expect(afterSetting([hold], some)).to.have.deep.members([hold, some]);
    expect(afterSetting([hold], some, { releasing: true })).to.have.deep.members([
      some,
      { ...some, clientId: 'epj' },
      standing({ route: 'shadow-preg', at: now }),
    ]);
  });

  it('for some of a hundred ends no hold that another one meets which stays', () => {
    const closer = { ...hold, protocol: 'hl7v2' as const };
    const wider = { ...hold, route: 'shadow-persontjenesten' as const };
    const all = { ...canary, clientId: undefined, protocol: 'hl7v2' as const, operation: undefined };
    expect(afterSetting([wider, closer], all, { releasing: true })).to.have.deep.members([
      wider,
      closer,
      all,
    ]);
  });

  it('by the guard takes the place of what the guard set, and of nothing else', () => {
    const again = { ...hold, at: now };
    expect(afterSetting([whole, canary, hold], again)).to.have.deep.members([whole, canary, again]);
  });

  const scope = {
    clientId: fc.constantFrom(undefined, 'epj', 'lab'),
    protocol: fc.constantFrom(undefined, ...protocols),
    operation: fc.constantFrom(undefined, 'Search', 'match'),
    route: fc.constantFrom(...routes),
  };
  const some = fc.integer({ min: 1, max: 99 });
  const operators = fc.record({
    ...scope,
    percent: fc.option(some, { nil: undefined }),
    setBy: fc.constant('operator' as const),
    at: fc.date({ max: now, noInvalidDate: true }),
  });
  const guards = fc.record({
    ...scope,
    clientId: fc.constantFrom('epj', 'lab'),
    setBy: fc.constant('guard' as const),
    at: fc.date({ max: now, noInvalidDate: true }),
  });

  it('for some of a hundred never moves anybody else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(operators, guards), { maxLength: 6 }),
        fc.record({ ...scope, percent: some, setBy: fc.constant('operator' as const), at: fc.constant(now) }),
        fc.boolean(),
        fc.record({
          clientId: fc.constantFrom('epj', 'lab'),
          protocol: fc.constantFrom(...protocols),
          operation: fc.constantFrom('Search', 'match', 'GetPerson'),
        }),
        (deeds, set, releasing, question) => {
          const present = deeds.reduce<readonly StandingRoute[]>((all, one) => afterSetting(all, one), []);
          const next = afterSetting(present, set, { releasing });
          const taken = (standingRoutes: readonly StandingRoute[]): string => {
            const table = new RouteTable([{ route: 'preg' }]);
            return wayOf(table.waysOf(question, { now, standing: standingRoutes }), () => 99.5).route;
          };
          expect(taken(next)).to.equal(taken(present));
        },
      ),
      { numRuns: runs(500) },
    );
  });
});
