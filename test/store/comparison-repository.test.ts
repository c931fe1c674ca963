import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { StoreFailed } from '../../src/errors/errors.js';
import type { FieldDifference } from '../../src/registry/cutover/comparison/comparer.js';
import { comparisonQueries } from '../../src/store/comparison-queries.js';
import { StoredComparisons } from '../../src/store/comparison-repository.js';
import { DATABASE_FILE, openMemoryDatabase } from '../../src/store/database.js';
import { Pseudonymiser } from '../../src/store/pseudonymiser.js';
import { Sealer } from '../../src/store/sealer.js';
import { SealBroken } from '../../src/store/store-errors.js';
import { comparedAnswers, difference } from '../support/compared-answers.js';
import { CountedRandom } from '../support/counted-random.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { openTestStore, sealingKey, testKey } from './store-fixture.js';

const DAY = 24 * 60 * 60_000;
const noon = new Date('2026-03-01T12:00:00.000Z');
const daysLater = (days: number): Date => new Date(noon.getTime() + days * DAY);
const everything = { clientId: 'epj', limit: 100 };

const unexplained = [difference()];
const expected = [difference({ class: 'expected', reason: 'fresher' })];
const withValues = (preg: string, persontjenesten: string | null): FieldDifference[] => [
  difference({ values: { preg, persontjenesten } }),
];
const failed = {
  differences: undefined,
  outcomes: {
    preg: { outcome: 'found', milliseconds: 40 },
    persontjenesten: { outcome: 'upstream-unavailable', milliseconds: 3_000.4 },
  },
} as const;

describe('the repository of comparisons', () => {
  const folder = temporaryFolders();

  function inMemory() {
    const database = openMemoryDatabase();
    const comparisons = new StoredComparisons({
      database,
      sealer: new Sealer([sealingKey('k1')], new CountedRandom()),
      pseudonymiser: new Pseudonymiser(testKey('pseudonym')),
      assertInPlace: () => undefined,
    });
    return {
      comparisons,
      database,
      rows: (table: string) => Number(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()),
      all: (sql: string) => database.prepare(sql).all(),
    };
  }

  it('gives back what was recorded of a difference, under the pseudonym of whom it was for', () => {
    const { comparisons } = inMemory();
    const subject = syntheticNumber();
    const recorded = comparedAnswers({ subject, differences: expected });
    comparisons.record([recorded]);
    const [found, ...others] = comparisons.list({ ...everything, verdict: 'expected' });
    expect(others).to.deep.equal([]);
    expect(found).to.deep.include({
      at: noon,
      correlationId: recorded.correlationId,
      clientId: 'epj',
      protocol: 'hl7v3',
      operation: 'GetDemographics',
      route: 'shadow-preg',
      answeredBy: 'preg',
      pseudonym: new Pseudonymiser(testKey('pseudonym')).pseudonymOf(subject),
      pregOutcome: 'found',
      pregMilliseconds: 40,
      persontjenestenOutcome: 'found',
      persontjenestenMilliseconds: 20,
    });
    expect(found?.differences[0]).to.deep.include({
      field: 'givenName',
      isIdentity: false,
      class: 'expected',
      reason: 'fresher',
      kinds: { preg: 'text', persontjenesten: 'text' },
    });
    expect(found?.differences[0]?.hasValues).to.equal(false);
    expect(found?.differences[0]?.values()).to.equal(undefined);
  });

  it('keeps a row of what differed or failed alone, and counts everything', () => {
    const { comparisons, rows, all } = inMemory();
    comparisons.record([
      comparedAnswers(),
      comparedAnswers({ differences: expected }),
      comparedAnswers({ differences: unexplained, subject: undefined }),
    ]);
    comparisons.record([
      comparedAnswers({ differences: [difference({ isIdentity: true }), ...expected] }),
      comparedAnswers(failed),
      comparedAnswers(),
    ]);
    expect(rows('comparison')).to.equal(4);
    expect(all('SELECT * FROM comparison_day')).to.deep.equal([
      {
        client_id: 'epj',
        protocol: 'hl7v3',
        operation: 'GetDemographics',
        day: noon.getTime() / DAY - 0.5,
        rules: '',
        questions: 6,
        compared: 5,
        expected: 1,
        unexplained: 2,
        identity: 1,
        preg_failed: 0,
        preg_milliseconds: 6 * 40,
        persontjenesten_failed: 1,
        persontjenesten_milliseconds: 5 * 20 + 3_000,
        dropped: 0,
        sampled_out: 0,
      },
    ]);
    expect(comparisons.list({ ...everything, verdict: 'unexplained' })[1]?.pseudonym).to.equal(null);
  });

  it('counts who was not compared, by day and why, apart from all other figures', () => {
    const { comparisons, all } = inMemory();
    const left = {
      at: noon,
      clientId: 'epj',
      protocol: 'hl7v3',
      operation: 'GetDemographics',
      reason: 'dropped',
      people: 3,
    } as const;
    comparisons.record([comparedAnswers()], [left, left, { ...left, reason: 'sampled-out', people: 10 }]);
    comparisons.record(
      [],
      [
        { ...left, people: 1 },
        { ...left, operation: undefined },
      ],
    );
    expect(
      all('SELECT operation, questions, compared, dropped, sampled_out FROM comparison_day'),
    ).to.deep.equal([
      { operation: '', questions: 0, compared: 0, dropped: 3, sampled_out: 0 },
      { operation: 'GetDemographics', questions: 1, compared: 1, dropped: 7, sampled_out: 10 },
    ]);
  });

  it('counts who failed alone, and tells each failure by its code, also where both did', () => {
    const { comparisons, all } = inMemory();
    const refused = { outcome: 'invalid-query', milliseconds: 1 } as const;
    comparisons.record([
      comparedAnswers(failed),
      comparedAnswers({ ...failed, outcomes: { preg: refused, persontjenesten: refused } }),
      comparedAnswers({
        ...failed,
        outcomes: { preg: refused, persontjenesten: { outcome: 'not-found', milliseconds: 1 } },
      }),
    ]);
    expect(
      all('SELECT questions, compared, preg_failed, persontjenesten_failed FROM comparison_day'),
    ).to.deep.equal([{ questions: 3, compared: 0, preg_failed: 1, persontjenesten_failed: 1 }]);
    expect(
      all('SELECT source, code, questions FROM comparison_failure_day ORDER BY source, code'),
    ).to.deep.equal([
      { source: 'persontjenesten', code: 'invalid-query', questions: 1 },
      { source: 'persontjenesten', code: 'upstream-unavailable', questions: 1 },
      { source: 'preg', code: 'invalid-query', questions: 2 },
    ]);
  });

  it('counts a field once for a question, however many children differ in it, by class and reason', () => {
    const { comparisons, all } = inMemory();
    comparisons.record([
      comparedAnswers({ differences: [...unexplained, ...unexplained, ...expected] }),
      comparedAnswers({ differences: unexplained, at: new Date(noon.getTime() + 1) }),
      comparedAnswers({ differences: unexplained, at: daysLater(1), clientId: 'pas' }),
    ]);
    const fields = all(
      'SELECT client_id, class, reason, questions, first_at, last_at FROM comparison_field_day ORDER BY client_id, class',
    );
    const at = noon.getTime();
    expect(fields).to.deep.equal([
      { client_id: 'epj', class: 'expected', reason: 'fresher', questions: 1, first_at: at, last_at: at },
      { client_id: 'epj', class: 'unexplained', reason: '', questions: 2, first_at: at, last_at: at + 1 },
      {
        client_id: 'pas',
        class: 'unexplained',
        reason: '',
        questions: 1,
        first_at: at + DAY,
        last_at: at + DAY,
      },
    ]);
  });

  it('lists the newest first, of one client and verdict, by field where one is asked for', () => {
    const { comparisons } = inMemory();
    comparisons.record([
      comparedAnswers({ at: daysLater(0), differences: unexplained }),
      comparedAnswers({ at: daysLater(1), differences: [difference({ field: 'gender' }), ...expected] }),
      comparedAnswers({ at: daysLater(2), differences: expected }),
      comparedAnswers({ at: daysLater(3), differences: unexplained, clientId: 'pas' }),
      comparedAnswers({ at: daysLater(4), ...failed }),
    ]);
    const days = (selection: Partial<Parameters<StoredComparisons['list']>[0]>): readonly number[] =>
      comparisons
        .list({ ...everything, verdict: 'unexplained', ...selection })
        .map(({ at }) => (at.getTime() - noon.getTime()) / DAY);
    expect(days({})).to.deep.equal([1, 0]);
    expect(days({ limit: 1 })).to.deep.equal([1]);
    expect(days({ field: 'gender' })).to.deep.equal([1]);
    // The name differs there too, but as expected.
    expect(days({ field: 'givenName' })).to.deep.equal([0]);
    expect(days({ verdict: 'expected' })).to.deep.equal([2]);
    expect(days({ verdict: 'failed' })).to.deep.equal([4]);
    expect(days({ clientId: 'pas' })).to.deep.equal([3]);
    expect(days({ clientId: 'nobody' })).to.deep.equal([]);
  });

  it('opens the values that were given, for their own field of their own comparison alone', () => {
    const { comparisons, database } = inMemory();
    comparisons
      .keepingValues(() => true)
      .record([
        comparedAnswers({ differences: withValues('Kari', null) }),
        comparedAnswers({ differences: [...expected, ...withValues('Ola', 'Olav')] }),
      ]);
    const [second, first] = comparisons.list({ ...everything, verdict: 'unexplained' });
    expect(first?.differences[0]?.values()).to.deep.equal({ preg: 'Kari', persontjenesten: null });
    expect(second?.differences.map(({ hasValues }) => hasValues)).to.deep.equal([false, true]);
    expect(second?.differences[0]?.values()).to.equal(undefined);
    expect(second?.differences[1]?.values()).to.deep.equal({ preg: 'Ola', persontjenesten: 'Olav' });
    database.exec(
      'UPDATE comparison_value SET sealed_values = (SELECT sealed_values FROM comparison_value WHERE comparison = 1)',
    );
    const [moved] = comparisons.list({ ...everything, verdict: 'unexplained' });
    expect(() => moved?.differences[1]?.values()).to.throw(SealBroken);
  });

  it('keeps no value that nobody wants, whatever it is given', () => {
    const { comparisons, rows } = inMemory();
    let areWanted = false;
    const keeping = comparisons.keepingValues(() => areWanted);
    for (const log of [comparisons, keeping]) {
      log.record([comparedAnswers({ differences: withValues('Ola', 'Olav') })]);
    }
    expect(rows('comparison_difference')).to.equal(2);
    expect(rows('comparison_value')).to.equal(0);
    areWanted = true;
    keeping.record([comparedAnswers({ differences: withValues('Ola', 'Olav') })]);
    expect(rows('comparison_value')).to.equal(1);
  });

  it('leaves neither number nor value in its files', () => {
    const directory = folder();
    const store = openTestStore(directory);
    const subject = syntheticNumber();
    store.comparisons
      .keepingValues(() => true)
      .record([comparedAnswers({ subject, differences: withValues('SYNTHETIC-OLD', 'SYNTHETIC-NEW') })]);
    const octets = readdirSync(directory)
      .filter((name) => name.startsWith(DATABASE_FILE))
      .map((name) => readFileSync(path.join(directory, name)).toString('latin1'))
      .join('\n');
    store.close();
    // What must be there is: the files are looked at at all.
    expect(octets).to.include('givenName');
    for (const secret of [subject, 'SYNTHETIC-OLD', 'SYNTHETIC-NEW']) expect(octets).to.not.include(secret);
  });

  it('forgets values early, and the rest when its time has come, in portions', () => {
    const { comparisons, rows } = inMemory();
    const tables = [
      'comparison',
      'comparison_difference',
      'comparison_value',
      'comparison_day',
      'comparison_field_day',
    ];
    const counts = (): number[] => tables.map(rows);
    const old = Array.from({ length: 1_200 }, () => comparedAnswers({ differences: withValues('a', 'b') }));
    const log = comparisons.keepingValues(() => true);
    log.record([...old, comparedAnswers({ at: daysLater(2), differences: withValues('c', 'd') })]);
    comparisons.record([comparedAnswers(failed)]);
    expect(counts()).to.deep.equal([1_202, 1_201, 1_201, 2, 2]);
    expect(comparisons.forgetValuesBefore(noon)).to.equal(0);
    expect(comparisons.forgetValuesBefore(daysLater(1))).to.equal(1_000);
    expect(comparisons.forgetValuesBefore(daysLater(1))).to.equal(200);
    expect(comparisons.forgetValuesBefore(daysLater(1))).to.equal(0);
    expect(counts()).to.deep.equal([1_202, 1_201, 1, 2, 2]);
    expect(comparisons.forgetBefore(noon)).to.equal(0);
    while (comparisons.forgetBefore(daysLater(1)) > 0);
    expect(counts()).to.deep.equal([1, 1, 1, 1, 1]);
    expect(rows('comparison_failure_day')).to.equal(0);
    while (comparisons.forgetBefore(daysLater(3)) > 0);
    expect(counts()).to.deep.equal([0, 0, 0, 0, 0]);
  });

  it('gives no id twice, so that no sealed value fits another row', () => {
    const { comparisons } = inMemory();
    comparisons.record([comparedAnswers({ differences: unexplained })]);
    while (comparisons.forgetBefore(daysLater(3)) > 0);
    comparisons.record([comparedAnswers({ differences: unexplained })]);
    expect(comparisons.list({ ...everything, verdict: 'unexplained' })[0]?.id).to.equal(2);
  });

  it('records all or nothing', () => {
    const { comparisons, database, rows } = inMemory();
    database.exec(
      `CREATE TRIGGER full BEFORE INSERT ON comparison WHEN new.client_id = 'bad' BEGIN SELECT raise(ABORT, 'no room'); END`,
    );
    const batch = ['epj', 'bad'].map((clientId) => comparedAnswers({ clientId, differences: unexplained }));
    expect(() => {
      comparisons.record(batch);
    }).to.throw(StoreFailed);
    expect(['comparison', 'comparison_day', 'comparison_field_day'].map(rows)).to.deep.equal([0, 0, 0]);
  });

  it('uses an index for whatever is asked of many rows', () => {
    const { database } = inMemory();
    for (const [name, sql] of Object.entries(comparisonQueries)) {
      const parameters = Object.fromEntries(
        [...sql.matchAll(/@(\w+)/g)].map(([, parameter]) => [parameter ?? '', null]),
      );
      const positional = Array.from({ length: sql.split('?').length - 1 }, () => null);
      const plan = database
        .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...positional, ...(Object.keys(parameters).length > 0 ? [parameters] : []));
      expect(
        plan.map(({ detail }) => detail).filter((step) => /^SCAN|TEMP B-TREE/.test(step)),
        name,
      ).to.deep.equal([]);
    }
  });
});
