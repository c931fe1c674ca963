import { expect } from 'chai';
import type {
  ComparisonFigures,
  CutoverFigures,
  DayRange,
  DifferenceFigures,
} from '../../../../src/registry/cutover/readiness/figures.js';
import { readinessOf, type ReadinessQuestion } from '../../../../src/registry/cutover/readiness/readiness.js';

const now = new Date('2026-03-10T23:59:59.000Z');
const today = Math.floor(now.getTime() / (24 * 60 * 60_000));

interface OnDay extends Partial<ComparisonFigures> {
  readonly daysAgo?: number;
}

function figures(days: readonly OnDay[], change: Partial<CutoverFigures> = {}): CutoverFigures {
  return {
    operations: () => [],
    fields: () => [],
    comparisons: ({ from, to }: DayRange) =>
      days
        .filter(({ daysAgo = 0 }) => today - daysAgo >= from && today - daysAgo <= to)
        .map((day) => ({
          clientId: 'epj',
          protocol: 'hl7v3',
          operation: 'GetDemographics',
          questions: day.compared ?? 0,
          compared: 0,
          expected: 0,
          unexplained: 0,
          identity: 0,
          failed: { preg: 0, persontjenesten: 0 },
          milliseconds: { preg: 0, persontjenesten: 0 },
          left: { dropped: 0, sampledOut: 0 },
          rules: 'present',
          ...day,
        })),
    differences: () => [],
    failures: () => [],
    ...change,
  };
}

function difference(change: Partial<DifferenceFigures>): DifferenceFigures {
  return {
    clientId: 'epj',
    field: 'givenName',
    class: 'unexplained',
    reason: undefined,
    isIdentity: false,
    questions: 1,
    firstSeen: now,
    lastSeen: now,
    rules: 'present',
    ...change,
  };
}

function readiness(known: CutoverFigures, change: Partial<ReadinessQuestion> = {}) {
  return readinessOf({
    figures: known,
    limits: { comparisons: 1_000, operationComparisons: 20, unexplainedPercent: 0.1, errorPercent: 1 },
    now,
    days: 30,
    clients: ['epj'],
    rulesOf: () => 'present',
    isComparable: (operation) => operation !== 'AddPerson',
    ...change,
  });
}

const demographics = { protocol: 'hl7v3', operation: 'GetDemographics' } as const;

describe('readiness', () => {
  for (const [what, day, obstacles] of [
    ['enough comparisons without a difference', { compared: 1_000 }, []],
    ['enough with expected differences alone', { compared: 1_000, expected: 900 }, []],
    [
      'one comparison too few',
      { compared: 999 },
      [{ kind: 'too-few-comparisons', found: 999, wanted: 1_000 }],
    ],
    [
      'as many unexplained as the limit',
      { compared: 1_000, unexplained: 1 },
      [{ kind: 'unexplained', ...demographics, percent: 0.1, limit: 0.1 }],
    ],
    ['fewer unexplained than the limit', { compared: 1_001, unexplained: 1 }, []],
    [
      'one unexplained difference in who somebody is',
      { compared: 100_000, unexplained: 1, identity: 1 },
      [{ kind: 'identity', questions: 1 }],
    ],
    [
      'a new register that fails more often than the limit',
      { questions: 1_020, compared: 1_000, failed: { preg: 0, persontjenesten: 20 } },
      [{ kind: 'failures', ...demographics, percent: (100 * 20) / 1_020, limit: 1 }],
    ],
    [
      'a new register that fails as often as the limit',
      { questions: 1_010, compared: 1_000, failed: { preg: 0, persontjenesten: 10 } },
      [],
    ],
    [
      'an old register that fails',
      { questions: 2_000, compared: 1_000, failed: { preg: 1_000, persontjenesten: 0 } },
      [],
    ],
  ] as const) {
    it(`${obstacles.length === 0 ? 'is there' : 'is not there'} with ${what}`, () => {
      const [client] = readiness(figures([day]));
      expect(client?.obstacles).to.deep.equal(obstacles);
      expect(client?.isReady).to.equal(obstacles.length === 0);
    });
  }

  it('names all that stands in the way', () => {
    const [client] = readiness(figures([{ compared: 10, unexplained: 2, identity: 1 }]));
    expect(client?.obstacles.map(({ kind }) => kind)).to.deep.equal([
      'too-few-comparisons',
      'identity',
      'too-few-comparisons',
      'unexplained',
    ]);
  });

  it('can be reached where no unexplained difference is allowed at all', () => {
    const limits = { comparisons: 1, operationComparisons: 1, unexplainedPercent: 0, errorPercent: 0 };
    expect(readiness(figures([{ compared: 1 }]), { limits })[0]?.isReady).to.equal(true);
    expect(readiness(figures([{ compared: 9, unexplained: 1 }]), { limits })[0]?.isReady).to.equal(false);
  });

  it('judges the days asked for, today the last of them', () => {
    const days = [0, 29, 30].map((daysAgo) => ({ daysAgo, compared: 600 }));
    expect(readiness(figures(days))[0]?.comparisons.compared).to.equal(1_200);
    expect(readiness(figures(days), { days: 1 })[0]?.comparisons.compared).to.equal(600);
  });

  it('adds up the operations of a client, and tells them one by one', () => {
    const [client] = readiness(
      figures([
        { compared: 600, unexplained: 1 },
        { compared: 500, operation: 'FindCandidates' },
        { compared: 7, clientId: 'pas' },
      ]),
    );
    expect(client?.comparisons).to.deep.include({ compared: 1_100, unexplained: 1 });
    expect(
      client?.operations.map(({ operation, comparisons }) => [operation, comparisons.compared]),
    ).to.deep.equal([
      ['GetDemographics', 600],
      ['FindCandidates', 500],
    ]);
  });

  const used = (operation: string, lastSeen = now) => ({
    clientId: 'epj',
    protocol: 'hl7v3',
    operation,
    questions: 10_000,
    firstSeen: new Date(0),
    lastSeen,
  });
  const search = { protocol: 'hl7v3', operation: 'FindCandidates' } as const;
  const operationFigures: readonly (readonly [
    what: string,
    known: Partial<CutoverFigures>,
    searches: Partial<ComparisonFigures>,
    obstacles: readonly object[],
  ])[] = [
    [
      'an operation that is used and was never compared',
      { operations: () => [used('FindCandidates')] },
      {},
      [{ kind: 'too-few-comparisons', ...search, found: 0, wanted: 20 }],
    ],
    [
      'an operation that was compared too seldom',
      {},
      { compared: 19 },
      [{ kind: 'too-few-comparisons', ...search, found: 19, wanted: 20 }],
    ],
    [
      'an operation of which too much is unexplained, however little of all that is',
      {},
      { compared: 20, unexplained: 1 },
      [{ kind: 'unexplained', ...search, percent: 5, limit: 0.1 }],
    ],
    [
      'an operation that the new register refuses, however little of all that is',
      {},
      { compared: 20, questions: 40, failed: { preg: 0, persontjenesten: 20 } },
      [{ kind: 'failures', ...search, percent: 50, limit: 1 }],
    ],
    ['an operation that nothing can be compared of', { operations: () => [used('AddPerson')] }, {}, []],
    [
      'an operation that was used last before the days that are judged',
      { operations: () => [used('FindCandidates', new Date('2026-02-08T12:00:00Z'))] },
      {},
      [],
    ],
    [
      'every operation compared often enough',
      { operations: () => [used('FindCandidates')] },
      { compared: 20 },
      [],
    ],
  ];
  for (const [what, known, searches, obstacles] of operationFigures) {
    it(`is ${obstacles.length === 0 ? '' : 'not '}there with ${what}`, () => {
      const days = [{ compared: 9_000 }, { operation: 'FindCandidates', ...searches }];
      const given = Object.keys(searches).length === 0 ? days.slice(0, 1) : days;
      expect(readiness(figures(given, known))[0]?.obstacles).to.deep.equal(obstacles);
    });
  }

  it('counts what was compared by the present rules alone, and says how much it left out', () => {
    const left = { dropped: 3, sampledOut: 4 };
    const [client] = readiness(
      figures(
        [
          { compared: 1_000, left },
          { compared: 700, rules: 'before', unexplained: 700, identity: 1, left },
        ],
        {
          differences: () => [difference({}), difference({ rules: 'before', field: 'birthDate' })],
          failures: () => [
            { clientId: 'epj', source: 'preg', code: 'preg-unavailable', questions: 1, rules: 'before' },
          ],
        },
      ),
    );
    expect(client?.obstacles).to.deep.equal([]);
    expect(client?.leftOut).to.equal(700);
    expect(client?.comparisons.left).to.deep.equal(left);
    expect(client?.trend.last).to.deep.equal({ compared: 1_000, unexplained: 0 });
    expect(client?.differences.map(({ field }) => field)).to.deep.equal(['givenName']);
    expect(client?.failures).to.deep.equal([]);
  });

  it('tells of clients that are asked for and of all that anything is known of, by name', () => {
    const usage = { protocol: 'hl7v2', operation: 'QBP^Q22', questions: 1, firstSeen: now, lastSeen: now };
    const known = figures([{ clientId: 'pas' }], { operations: () => [{ clientId: 'ris', ...usage }] });
    expect(readiness(known).map(({ clientId }) => clientId)).to.deep.equal(['epj', 'pas', 'ris']);
  });

  it('puts what blocks first: who somebody is, then by how often', () => {
    const found = [
      difference({ field: 'expected', class: 'expected', reason: 'fresher', questions: 99 }),
      difference({ field: 'seldom' }),
      difference({ field: 'often', questions: 5 }),
      difference({ field: 'identity', isIdentity: true }),
      difference({ field: 'other', clientId: 'pas' }),
    ];
    const [client] = readiness(figures([], { differences: () => found }));
    expect(client?.differences.map(({ field }) => field)).to.deep.equal([
      'identity',
      'often',
      'seldom',
      'expected',
    ]);
  });

  for (const [direction, last, before] of [
    ['better', { compared: 100, unexplained: 1 }, { compared: 100, unexplained: 2 }],
    ['worse', { compared: 100, unexplained: 2 }, { compared: 1_000, unexplained: 2 }],
    ['same', { compared: 200, unexplained: 2 }, { compared: 100, unexplained: 1 }],
    ['unknown', { compared: 100 }, {}],
    ['unknown', {}, { compared: 100 }],
  ] as const) {
    it(`has a trend, ${direction} with ${JSON.stringify(last)} after ${JSON.stringify(before)}`, () => {
      const [client] = readiness(
        figures([
          { ...last, daysAgo: 6 },
          { ...before, daysAgo: 7 },
          { ...before, daysAgo: 14, unexplained: 90 },
        ]),
      );
      expect(client?.trend.direction).to.equal(direction);
      expect(client?.trend.last.compared).to.equal('compared' in last ? last.compared : 0);
    });
  }
});
