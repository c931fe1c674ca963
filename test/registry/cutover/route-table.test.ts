import { expect } from 'chai';
import fc from 'fast-check';
import { routes, type RouteRule, type StandingRoute } from '../../../src/registry/cutover/route.js';
import { rulesOf } from '../../../src/registry/cutover/route-rules.js';
import { RouteTable, wayOf } from '../../../src/registry/cutover/route-table.js';
import { runs } from '../../support/long-runs.js';

const now = new Date('2022-09-15T12:00:00Z');
const question = { clientId: 'epj', protocol: 'hl7v3', operation: 'GetDemographics' } as const;

describe('the table of routes', () => {
  function taken(
    rules: readonly RouteRule[],
    {
      standing = [],
      place = 50,
      asked = question,
      at = now,
      wanted,
    }: Partial<{
      standing: readonly StandingRoute[];
      place: number | undefined;
      asked: Parameters<RouteTable['waysOf']>[0];
      at: Date;
      wanted: RouteRule['route'];
    }> = {},
  ): string {
    const ways = new RouteTable(rules).waysOf(asked, { now: at, standing, wanted });
    const { route, setBy } = wayOf(ways, () => place);
    return `${route} by ${setBy}`;
  }
  const standing = (one: Partial<StandingRoute> & Pick<StandingRoute, 'route'>): StandingRoute => ({
    setBy: 'operator',
    at: now,
    ...one,
  });

  it('leads to Persontjenesten where nobody says anything', () => {
    expect(taken([])).to.equal('persontjenesten by default');
    expect(taken([{ clientId: 'lab', route: 'preg' }])).to.equal('persontjenesten by default');
  });

  it('goes by the closest scope: the client, then the operation, then the protocol', () => {
    const everybody: RouteRule = { route: 'preg' };
    const protocol: RouteRule = { protocol: 'hl7v3', route: 'shadow-preg' };
    const operation: RouteRule = { operation: 'GetDemographics', route: 'shadow-persontjenesten' };
    const client: RouteRule = { clientId: 'epj', route: 'persontjenesten' };
    const clientsOperation: RouteRule = { ...client, operation: 'GetDemographics', route: 'preg' };
    expect(taken([everybody])).to.equal('preg by rule');
    expect(taken([everybody, protocol])).to.equal('shadow-preg by rule');
    expect(taken([operation, everybody, protocol])).to.equal('shadow-persontjenesten by rule');
    expect(taken([everybody, client, operation])).to.equal('persontjenesten by rule');
    expect(taken([client, clientsOperation])).to.equal('preg by rule');
    const asked = { ...question, protocol: 'preg-xml', operation: 'GetPerson' } as const;
    expect(taken([everybody, protocol, operation], { asked })).to.equal('preg by rule');
  });

  it('goes by the day that came last, from its beginning in Norway on', () => {
    const timetable = rulesOf([
      { route: 'preg' },
      { route: 'persontjenesten', from: '2022-12-31' },
      { route: 'shadow-preg', from: '2022-06-01' },
    ]);
    const on = (at: string): string => taken(timetable, { at: new Date(at) });
    expect(on('2022-05-31T21:59:59.999Z')).to.equal('preg by rule');
    expect(on('2022-05-31T22:00:00.000Z')).to.equal('shadow-preg by rule');
    expect(on('2022-12-30T22:59:59.999Z')).to.equal('shadow-preg by rule');
    expect(on('2022-12-30T23:00:00.000Z')).to.equal('persontjenesten by rule');
  });

  it('has a route for some of a hundred before that of the same scope for all, whichever was set last', () => {
    const some = { clientId: 'epj', route: 'shadow-persontjenesten', percent: 5 } as const;
    const all = { clientId: 'epj', route: 'shadow-preg' } as const;
    const at = new Date('2022-09-14T12:00:00Z');
    for (const set of [
      [standing({ ...some, at }), standing(all)],
      [standing(some), standing({ ...all, at })],
    ]) {
      expect(taken([{ route: 'preg' }], { standing: set, place: 4.9 })).to.equal(
        'shadow-persontjenesten by operator',
      );
      expect(taken([{ route: 'preg' }], { standing: set, place: 5 })).to.equal('shadow-preg by operator');
    }
  });

  it('leads some of a hundred another way, and the others the next', () => {
    const rules: RouteRule[] = [
      { clientId: 'epj', route: 'persontjenesten', percent: 10 },
      { clientId: 'epj', route: 'shadow-persontjenesten', percent: 30 },
      { route: 'shadow-preg' },
    ];
    expect(taken(rules, { place: 9.99 })).to.equal('persontjenesten by rule');
    expect(taken(rules, { place: 10 })).to.equal('shadow-persontjenesten by rule');
    expect(taken(rules, { place: 29.99 })).to.equal('shadow-persontjenesten by rule');
    expect(taken(rules, { place: 30 })).to.equal('shadow-preg by rule');
  });

  it('counts nobody among some of a hundred who is not known', () => {
    const ways = new RouteTable([
      { clientId: 'epj', route: 'persontjenesten', percent: 99 },
      { route: 'preg' },
    ]);
    const { route } = wayOf(ways.waysOf(question, { now, standing: [] }), undefined);
    expect(route).to.equal('preg');
  });

  it('keeps those who went another way there when there are more of them', () => {
    const route = fc.constantFrom(...routes);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 99.99, noNaN: true }),
        fc.nat(99),
        fc.nat(99),
        route,
        (place, a, b, to) => {
          const [few = 1, more = 1] = [a + 1, b + 1].sort((one, other) => one - other);
          const by = (percent: number): boolean =>
            wayOf(
              new RouteTable([{ route: to, percent }]).waysOf(question, { now, standing: [] }),
              () => place,
            ).setBy === 'rule';
          expect(!by(few) || by(more)).to.equal(true);
        },
      ),
      { numRuns: runs(200) },
    );
  });

  it('heeds what was set while it ran before the configuration, and the guard before operators', () => {
    const rules: RouteRule[] = [{ ...question, route: 'persontjenesten' }];
    const operators = [standing({ route: 'preg' })];
    expect(taken(rules, { standing: operators })).to.equal('preg by operator');
    const guards = standing({ clientId: 'epj', route: 'shadow-preg', setBy: 'guard' });
    const closer = standing({ ...question, route: 'shadow-persontjenesten' });
    expect(taken(rules, { standing: [closer, guards] })).to.equal('shadow-preg by guard');
    expect(taken(rules, { standing: [...operators, closer] })).to.equal('shadow-persontjenesten by operator');
    const others = [standing({ clientId: 'lab', route: 'preg' })];
    expect(taken(rules, { standing: others })).to.equal('persontjenesten by rule');
  });

  it('gives those whom an operator left over to the configuration', () => {
    const some = [standing({ clientId: 'epj', route: 'persontjenesten', percent: 20 })];
    expect(taken([{ route: 'preg' }], { standing: some, place: 19 })).to.equal('persontjenesten by operator');
    expect(taken([{ route: 'preg' }], { standing: some, place: 20 })).to.equal('preg by rule');
  });

  it('heeds a tester before everything', () => {
    const guards = [standing({ clientId: 'epj', route: 'shadow-preg', setBy: 'guard' })];
    expect(taken([], { standing: guards, wanted: 'persontjenesten' })).to.equal('persontjenesten by tester');
  });

  it('does not depend on the order in which routes are written', () => {
    const scope = fc.record({
      clientId: fc.option(fc.constant('epj'), { nil: undefined }),
      operation: fc.option(fc.constant('GetDemographics'), { nil: undefined }),
      route: fc.constantFrom(...routes),
      percent: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
      from: fc.option(fc.constantFrom(...[1, 2, 3].map((month) => new Date(Date.UTC(2022, month)))), {
        nil: undefined,
      }),
    });
    const distinct = fc.uniqueArray(scope, {
      selector: ({ clientId, operation, percent, from }) =>
        [clientId, operation, percent ?? 100, from?.getTime()].join(),
      maxLength: 8,
    });
    fc.assert(
      fc.property(distinct, fc.double({ min: 0, max: 99.99, noNaN: true }), (rules, place) => {
        expect(taken(rules.toReversed(), { place })).to.equal(taken(rules, { place }));
      }),
      { numRuns: runs(200) },
    );
  });
});
