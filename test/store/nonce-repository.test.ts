import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect } from 'chai';
import { StoreFailed } from '../../src/errors/errors.js';
import { DATABASE_FILE, openMemoryDatabase } from '../../src/store/database.js';
import { nonceQueries } from '../../src/store/nonce-queries.js';
import { NonceRepository } from '../../src/store/nonce-repository.js';
import { someNonce } from '../support/digest-token.js';
import { ManualClock } from '../support/manual-clock.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { openTestStore } from './store-fixture.js';

const MINUTE = 60_000;
const start = new Date('2026-03-01T12:00:00.000Z');
const after = (milliseconds: number): Date => new Date(start.getTime() + milliseconds);

describe('the repository of used nonces', () => {
  const folder = temporaryFolders();

  function inMemory(limit?: number): { nonces: NonceRepository; clock: ManualClock; rows: () => number[] } {
    const clock = new ManualClock();
    const database = openMemoryDatabase();
    const count = (table: string): number =>
      Number(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
    return {
      nonces: new NonceRepository(database, clock, () => undefined, limit),
      clock,
      rows: () => [
        count('used_nonce'),
        Number(database.prepare('SELECT sum(alive) FROM nonces_alive').pluck().get()),
      ],
    };
  }

  it('takes a nonce once from each user', () => {
    const { nonces } = inMemory();
    expect(nonces.use('anna', someNonce(1), after(MINUTE))).to.equal('fresh');
    expect(nonces.use('anna', someNonce(1), after(MINUTE))).to.equal('used');
    expect(nonces.use('anna', someNonce(2), after(MINUTE))).to.equal('fresh');
    expect(nonces.use('berit', someNonce(1), after(MINUTE))).to.equal('fresh');
    expect(nonces.use('anna', someNonce(1).subarray(1), after(MINUTE))).to.equal('fresh');
  });

  it('remembers over a restart, and what another process has taken', () => {
    const directory = folder();
    const first = openTestStore(directory);
    const second = openTestStore(directory);
    expect(first.nonces.use('anna', someNonce(1), after(10 * MINUTE))).to.equal('fresh');
    expect(second.nonces.use('anna', someNonce(1), after(10 * MINUTE))).to.equal('used');
    first.close();
    second.close();
    const third = openTestStore(directory);
    expect(third.nonces.use('anna', someNonce(1), after(10 * MINUTE))).to.equal('used');
    third.close();
  });

  it('remembers five minutes longer than it must, and no longer', () => {
    const { nonces, clock } = inMemory();
    nonces.use('anna', someNonce(1), after(10 * MINUTE));
    clock.advance(15 * MINUTE - 1);
    expect(nonces.use('anna', someNonce(1), after(10 * MINUTE))).to.equal('used');
    clock.advance(1);
    expect(nonces.use('anna', someNonce(1), after(10 * MINUTE))).to.equal('fresh');
  });

  it('has room for so many of one user, whatever others do, and again when their time has come', () => {
    const { nonces, clock } = inMemory(3);
    for (let number = 0; number < 3; number += 1) {
      expect(nonces.use('anna', someNonce(number), after(MINUTE))).to.equal('fresh');
    }
    expect(nonces.use('anna', someNonce(3), after(MINUTE))).to.equal('full');
    expect(nonces.use('anna', someNonce(0), after(MINUTE))).to.equal('used');
    expect(nonces.use('berit', someNonce(3), after(MINUTE))).to.equal('fresh');
    clock.advance(6 * MINUTE);
    expect(nonces.use('anna', someNonce(3), after(7 * MINUTE))).to.equal('fresh');
  });

  it('takes 100 000 of one user and refuses the next', function () {
    this.timeout(60_000);
    const directory = folder();
    const store = openTestStore(directory);
    const database = new BetterSqlite3(path.join(directory, DATABASE_FILE));
    store.nonces.use('anna', someNonce(0), after(MINUTE));
    database.exec(`
      WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 99998)
      INSERT INTO used_nonce (user, nonce, forget_at)
      SELECT (SELECT user FROM used_nonce), CAST(n AS BLOB), '2026-03-01T12:06:00.000Z' FROM number`);
    expect(store.nonces.use('anna', someNonce(1), after(MINUTE))).to.equal('fresh');
    expect(store.nonces.use('anna', someNonce(2), after(MINUTE))).to.equal('full');
    expect(database.prepare('SELECT count(*) FROM used_nonce').pluck().get()).to.equal(100_000);
    database.close();
    store.close();
  });

  it('does not grow: each write takes away more than it adds', () => {
    const { nonces, clock, rows } = inMemory();
    for (let number = 0; number < 500; number += 1) {
      nonces.use(`user ${number % 7}`, someNonce(number), new Date(clock.now().getTime() + MINUTE));
      clock.advance(10_000);
    }
    expect(rows()).to.deep.equal([36, 36]);
  });

  it('forgets on demand, in portions', () => {
    const { nonces, rows } = inMemory();
    for (let number = 0; number < 5; number += 1) nonces.use('anna', someNonce(number), after(MINUTE));
    expect(nonces.forgetBefore(after(6 * MINUTE), 3)).to.equal(3);
    expect(nonces.forgetBefore(after(6 * MINUTE))).to.equal(2);
    expect(nonces.forgetBefore(after(6 * MINUTE))).to.equal(0);
    expect(rows()).to.deep.equal([0, 0]);
  });

  it('fails as the store does', () => {
    const store = openTestStore(folder());
    store.close();
    expect(() => store.nonces.use('anna', someNonce(1), start)).to.throw(StoreFailed);
  });

  it('keeps neither names nor nonces', () => {
    const directory = folder();
    const store = openTestStore(directory);
    store.nonces.use('anna', someNonce(1), after(MINUTE));
    const database = new BetterSqlite3(path.join(directory, DATABASE_FILE));
    const row = database
      .prepare<[], { user: Buffer; nonce: Buffer }>('SELECT user, nonce FROM used_nonce')
      .get();
    expect([row?.user.length, row?.nonce.length]).to.deep.equal([32, 32]);
    expect(row?.user.toString('latin1')).to.not.contain('anna');
    expect(row?.nonce.includes(Buffer.from(someNonce(1).subarray(0, 8)))).to.equal(false);
    database.close();
    store.close();
  });

  it('finds everything by an index', () => {
    const database = openMemoryDatabase();
    for (const [name, sql] of Object.entries(nonceQueries)) {
      const count = sql.split('?').length - 1;
      const plan = database
        .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...Array.from({ length: count }, () => null));
      expect(
        plan
          .map(({ detail }) => detail)
          .filter((step) => step.startsWith('SCAN') && !step.includes('CONSTANT')),
        name,
      ).to.deep.equal([]);
    }
  });
});
