import BetterSqlite3 from 'better-sqlite3';
import path from 'node:path';
import { expect } from 'chai';
import { StoreFailed } from '../../src/errors/errors.js';
import { contextQueries } from '../../src/store/context-queries.js';
import { DATABASE_FILE, openMemoryDatabase } from '../../src/store/database.js';
import { ManualClock } from '../support/manual-clock.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { openTestStore } from './store-fixture.js';

const MINUTE = 60_000;
const start = new Date('2026-03-01T12:00:00.000Z');
const after = (milliseconds: number): Date => new Date(start.getTime() + milliseconds);
const one = 'urn:uuid:11111111-2222-4333-8444-555555555555';
const other = 'urn:uuid:11111111-2222-4333-8444-666666666666';
const nothing = { cancelled: false, keyEndsAt: undefined };

describe('the repository of security contexts', () => {
  const folder = temporaryFolders();

  it('knows nothing of contexts that nobody has ended', () => {
    const { contexts } = openTestStore(folder());
    expect(contexts.stateOf(one, '')).to.deep.equal(nothing);
  });

  it('knows which are cancelled, with all their keys', () => {
    const { contexts } = openTestStore(folder());
    contexts.cancel(one, after(MINUTE));
    expect(contexts.stateOf(one, '')).to.deep.equal({ cancelled: true, keyEndsAt: undefined });
    expect(contexts.stateOf(one, 'urn:uuid:x')).to.deep.equal({ cancelled: true, keyEndsAt: undefined });
    expect(contexts.stateOf(other, '')).to.deep.equal(nothing);
  });

  it('knows when a key ends, and only that key', () => {
    const { contexts } = openTestStore(folder());
    contexts.supersede(one, '', after(5 * MINUTE), after(60 * MINUTE));
    contexts.supersede(one, 'urn:uuid:x', after(9 * MINUTE), after(60 * MINUTE));
    expect(contexts.stateOf(one, '')).to.deep.equal({ cancelled: false, keyEndsAt: after(5 * MINUTE) });
    expect(contexts.stateOf(one, 'urn:uuid:x')).to.deep.equal({
      cancelled: false,
      keyEndsAt: after(9 * MINUTE),
    });
    expect(contexts.stateOf(one, 'urn:uuid:y')).to.deep.equal(nothing);
    expect(contexts.stateOf(other, '')).to.deep.equal(nothing);
  });

  it('keeps the end that the first renewal gave a key', () => {
    const { contexts } = openTestStore(folder());
    contexts.supersede(one, '', after(5 * MINUTE), after(60 * MINUTE));
    contexts.supersede(one, '', after(8 * MINUTE), after(60 * MINUTE));
    contexts.supersede(one, '', after(2 * MINUTE), after(60 * MINUTE));
    expect(contexts.stateOf(one, '').keyEndsAt).to.deep.equal(after(5 * MINUTE));
  });

  it('forgets what has had its time, and a cancellation at the latest time given', () => {
    const { contexts } = openTestStore(folder());
    contexts.cancel(one, after(10 * MINUTE));
    contexts.cancel(one, after(5 * MINUTE));
    contexts.cancel(other, after(11 * MINUTE));
    contexts.supersede(one, '', start, after(10 * MINUTE));
    expect(contexts.forgetBefore(after(10 * MINUTE - 1))).to.equal(0);
    expect(contexts.forgetBefore(after(10 * MINUTE))).to.equal(2);
    expect(contexts.forgetBefore(after(10 * MINUTE))).to.equal(0);
    expect(contexts.stateOf(one, '')).to.deep.equal(nothing);
    expect(contexts.stateOf(other, '').cancelled).to.equal(true);
  });

  it('forgets in portions', () => {
    const { contexts } = openTestStore(folder());
    for (let index = 0; index < 5; index += 1) contexts.cancel(`${one}${index}`, after(MINUTE));
    expect(contexts.forgetBefore(after(MINUTE), 2)).to.equal(2);
    expect(contexts.forgetBefore(after(MINUTE), 2)).to.equal(2);
    expect(contexts.forgetBefore(after(MINUTE), 2)).to.equal(1);
    expect(contexts.forgetBefore(after(MINUTE), 2)).to.equal(0);
  });

  it('does not grow, however many come and go', () => {
    const directory = folder();
    const clock = new ManualClock(start.toISOString());
    const { contexts } = openTestStore(directory, { clock });
    for (let index = 0; index < 200; index += 1) {
      contexts.cancel(`cancelled ${index}`, new Date(clock.now().getTime() + MINUTE));
      contexts.supersede(`renewed ${index}`, '', clock.now(), new Date(clock.now().getTime() + MINUTE));
      clock.advance(MINUTE / 10);
    }
    for (const table of ['cancelled_context', 'superseded_key']) {
      expect(rowsOf(directory, table)).to.be.within(10, 12);
    }
  });

  it('tells the same to every process and after a restart', () => {
    const directory = folder();
    const [left, right] = [openTestStore(directory), openTestStore(directory)];
    left.contexts.cancel(one, after(MINUTE));
    right.contexts.supersede(other, '', after(5 * MINUTE), after(60 * MINUTE));
    expect(right.contexts.stateOf(one, '').cancelled).to.equal(true);
    expect(left.contexts.stateOf(other, '').keyEndsAt).to.deep.equal(after(5 * MINUTE));
    left.close();
    right.close();
    const restarted = openTestStore(directory);
    expect(restarted.contexts.stateOf(one, '').cancelled).to.equal(true);
    restarted.close();
  });

  it('says that it failed rather than that it knows nothing', () => {
    const store = openTestStore(folder());
    store.close();
    expect(() => store.contexts.stateOf(one, '')).to.throw(StoreFailed);
    expect(() => {
      store.contexts.cancel(one, start);
    }).to.throw(StoreFailed);
    expect(() => {
      store.contexts.supersede(one, '', start, start);
    }).to.throw(StoreFailed);
  });

  it('finds every row by an index', () => {
    const database = openMemoryDatabase();
    for (const [name, sql] of Object.entries(contextQueries)) {
      const plan = JSON.stringify(database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parametersOf(sql)));
      expect(plan, name).to.not.match(/"SCAN (?!CONSTANT)/);
    }
    database.close();
  });
});

function parametersOf(sql: string): unknown[] {
  if (sql.includes('?')) return ['', 1];
  return [{ identifier: '', instance: '', endsAt: '', forgetAt: '' }];
}

function rowsOf(directory: string, table: string): unknown {
  const database = new BetterSqlite3(path.join(directory, DATABASE_FILE), { readonly: true });
  try {
    return database.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  } finally {
    database.close();
  }
}
