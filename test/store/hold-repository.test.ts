import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect } from 'chai';
import { StoreFailed } from '../../src/errors/errors.js';
import type { StandingRoute } from '../../src/registry/cutover/route.js';
import { StoreBusy } from '../../src/registry/cutover/store-busy.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { DATABASE_FILE } from '../../src/store/database.js';
import type { Store } from '../../src/store/store.js';
import { comparedAnswers } from '../support/compared-answers.js';
import { CountedRandom } from '../support/counted-random.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { openTestStore } from './store-fixture.js';

const question = newCorrelationId(new CountedRandom());
const reason = '11 of 51 questions to Persontjenesten failed, more than 20 %';
const hold: StandingRoute = {
  clientId: 'epj',
  protocol: undefined,
  operation: undefined,
  route: 'shadow-preg',
  percent: undefined,
  setBy: 'guard',
  at: new Date('2026-03-01T12:00:00.000Z'),
  reason,
};

describe('the repository of holds', () => {
  const folder = temporaryFolders();
  const opened: { close(): void }[] = [];
  afterEach(() => {
    for (const one of opened.splice(0)) one.close();
  });
  const storeIn = (directory: string): Store => {
    const store = openTestStore(directory);
    opened.push(store);
    return store;
  };

  it('sets a route with an entry in the audit trail', () => {
    const store = storeIn(folder());
    const tried = store.holds.hold(hold, question, (standing) => standing.length === 0);
    expect(tried).to.deep.equal({ isSet: true, standing: [hold] });
    expect(store.standingRoutes.all()).to.deep.equal([hold]);
    const [entry, ...others] = store.audit.entries();
    expect(others).to.deep.equal([]);
    expect(entry).to.deep.include({
      at: hold.at,
      correlationId: question,
      clientId: 'guard',
      protocol: 'guard',
      operation: 'cutover set',
      outcome: 'done',
      detail: {
        remoteAddress: 'localhost',
        scope: { clientId: 'epj' },
        route: { route: 'shadow-preg' },
        reason,
      },
    });
  });

  it('sets nothing where another process was faster, and says what stands', () => {
    const directory = folder();
    const [store, other] = [storeIn(directory), storeIn(directory)];
    expect(store.standingRoutes.all()).to.deep.equal([]);
    const set: StandingRoute = { ...hold, route: 'persontjenesten', setBy: 'operator', reason: undefined };
    other.standingRoutes.set(set);
    const tried = store.holds.hold(hold, question, (standing) => standing.length === 0);
    expect(tried).to.deep.equal({ isSet: false, standing: [set] });
    expect([...store.audit.entries()]).to.deep.equal([]);
  });

  it('sets no route without its entry', () => {
    const directory = folder();
    const store = storeIn(directory);
    const database = new BetterSqlite3(path.join(directory, DATABASE_FILE));
    opened.push(database);
    database.exec(
      `CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT raise(ABORT, 'no room'); END`,
    );
    expect(() => store.holds.hold(hold, question, () => true)).to.throw(StoreFailed);
    expect(store.standingRoutes.all()).to.deep.equal([]);
  });

  it('does not wait for a store that somebody else writes to; neither do comparisons and usage', () => {
    const directory = folder();
    const store = storeIn(directory);
    const database = new BetterSqlite3(path.join(directory, DATABASE_FILE));
    opened.push(database);
    database.exec('BEGIN IMMEDIATE');
    const seen = new Date('2026-03-01T12:00:00.000Z');
    const works = [
      () => store.holds.hold(hold, question, () => true),
      () => {
        store.comparisons.record([comparedAnswers()]);
      },
      () => {
        const fields = new Map<string, number>();
        const used = { clientId: 'epj', protocol: 'hl7v3', operation: 'GetDemographics' } as const;
        store.usage.add([{ ...used, questions: 1, fields, firstSeen: seen, lastSeen: seen }]);
      },
    ];
    const startedAt = performance.now();
    for (const work of works) expect(work).to.throw(StoreBusy);
    // Each would wait for two seconds otherwise.
    expect(performance.now() - startedAt).to.be.lessThan(1_500);
    database.exec('COMMIT');
    for (const work of works) work();
    expect(store.standingRoutes.all()).to.deep.equal([hold]);
  });
});
