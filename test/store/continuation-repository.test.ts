import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect } from 'chai';
import { StoreFailed } from '../../src/errors/errors.js';
import type { Continuations, KeptHits } from '../../src/legacy/hl7v2/continuation.js';
import { continuationQueries } from '../../src/store/continuation-queries.js';
import { StoredContinuations } from '../../src/store/continuation-repository.js';
import { DATABASE_FILE, openMemoryDatabase } from '../../src/store/database.js';
import { Pseudonymiser } from '../../src/store/pseudonymiser.js';
import { Sealer } from '../../src/store/sealer.js';
import { SealBroken } from '../../src/store/store-errors.js';
import type { Store } from '../../src/store/store.js';
import { CountedRandom } from '../support/counted-random.js';
import { ManualClock } from '../support/manual-clock.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { openTestStore, sealingKey, testKey } from './store-fixture.js';

const MINUTE = 60_000;
const start = new Date('2026-03-01T12:00:00.000Z');
const after = (minutes: number): Date => new Date(start.getTime() + minutes * MINUTE);

function hits(change: Partial<KeptHits> = {}): KeptHits {
  return {
    clientId: 'epj',
    queryTag: 'PDQ-ola-nordmann',
    queryDigest: 'ab'.repeat(32),
    numbers: [syntheticNumber(), syntheticNumber(1)],
    total: 7,
    byAddress: true,
    ...change,
  };
}

describe('the repository of continuations', () => {
  const folder = temporaryFolders();
  const opened: Store[] = [];
  afterEach(() => {
    for (const store of opened.splice(0)) store.close();
  });
  const storeIn = (directory: string): Store => {
    const store = openTestStore(directory);
    opened.push(store);
    return store;
  };

  function inMemory(most?: number): {
    kept: Continuations;
    clock: ManualClock;
    stored: StoredContinuations;
    rows: () => number;
  } {
    const clock = new ManualClock(start.toISOString());
    const random = new CountedRandom();
    const database = openMemoryDatabase();
    const stored = new StoredContinuations(
      {
        database,
        sealer: new Sealer([sealingKey('k1')], random),
        pseudonymiser: new Pseudonymiser(testKey('pseudonym')),
        clock,
        random,
        assertInPlace: () => undefined,
      },
      most,
    );
    const count = database.prepare('SELECT count(*) FROM hl7v2_continuation').pluck();
    return { kept: stored, stored, clock, rows: () => Number(count.get()) };
  }

  it('gives hits back as they were kept, as often as they are asked for, also after a restart', () => {
    const directory = folder();
    const name = storeIn(directory).continuations.keep(hits(), after(10));
    expect(name).to.match(/^[0-9a-f]{32}$/);
    for (let times = 0; times < 2; times += 1) {
      expect(storeIn(directory).continuations.find('epj', name, after(10))).to.deep.equal(hits());
    }
  });

  it('gives each search a name of its own', () => {
    const { kept } = inMemory();
    expect(kept.keep(hits(), after(10))).to.not.equal(kept.keep(hits(), after(10)));
  });

  it('gives nothing to another client, nor under another name', () => {
    const { kept } = inMemory();
    const name = kept.keep(hits(), after(10));
    expect(kept.find('ris', name, after(10))).to.equal(undefined);
    expect(kept.find('epj', `${name}0`, after(10))).to.equal(undefined);
    expect(kept.find('epj', name, after(10))).to.deep.equal(hits());
  });

  it('forgets when the time has come, which is later each time that hits are asked for', () => {
    const { kept, clock } = inMemory();
    const name = kept.keep(hits(), after(10));
    clock.advance(9 * MINUTE);
    expect(kept.find('epj', name, after(19))).to.not.equal(undefined);
    clock.advance(9 * MINUTE);
    expect(kept.find('epj', name, after(19))).to.not.equal(undefined);
    clock.advance(MINUTE);
    expect(kept.find('epj', name, after(40))).to.equal(undefined);
  });

  it('keeps so many of one client, whatever others do: those asked for longest ago are lost', () => {
    const { kept } = inMemory(3);
    const other = kept.keep(hits({ clientId: 'ris' }), after(1));
    const names = [1, 2, 3].map((minutes) => kept.keep(hits(), after(10 + minutes)));
    kept.find('epj', names[0] ?? '', after(20));
    names.push(kept.keep(hits(), after(14)));
    const isKept = names.map((name) => kept.find('epj', name, after(30)) !== undefined);
    expect(isKept).to.deep.equal([true, false, true, true]);
    expect(kept.find('ris', other, after(1))).to.not.equal(undefined);
  });

  it('keeps 20 of a client', () => {
    const { kept, rows } = inMemory();
    for (let index = 0; index < 25; index += 1) kept.keep(hits(), after(10));
    expect(rows()).to.equal(20);
  });

  it('ends what a client asked for under a tag, and nothing else', () => {
    const { kept } = inMemory();
    const names = [kept.keep(hits(), after(10)), kept.keep(hits(), after(10))];
    const otherTag = kept.keep(hits({ queryTag: 'other' }), after(10));
    const otherClient = kept.keep(hits({ clientId: 'ris' }), after(10));
    expect(kept.endQuery('epj', 'PDQ-ola-nordmann')).to.equal(2);
    expect(kept.endQuery('epj', 'PDQ-ola-nordmann')).to.equal(0);
    for (const name of names) expect(kept.find('epj', name, after(10))).to.equal(undefined);
    expect(kept.find('epj', otherTag, after(10))).to.not.equal(undefined);
    expect(kept.find('ris', otherClient, after(10))).to.not.equal(undefined);
  });

  it('does not grow: each write takes away more than it adds', () => {
    const { kept, clock, rows } = inMemory();
    for (let index = 0; index < 100; index += 1) {
      kept.keep(hits({ clientId: `client ${index}` }), new Date(clock.now().getTime() + MINUTE));
      clock.advance(10_000);
    }
    expect(rows()).to.be.at.most(7);
  });

  it('forgets on demand, in portions', () => {
    const { stored, rows } = inMemory();
    for (let index = 0; index < 5; index += 1) stored.keep(hits(), after(1));
    expect(stored.forgetBefore(after(1), 3)).to.equal(3);
    expect(stored.forgetBefore(after(1))).to.equal(2);
    expect(stored.forgetBefore(after(1))).to.equal(0);
    expect(rows()).to.equal(0);
  });

  it('leaves neither numbers nor tags on the disk', () => {
    const directory = folder();
    storeIn(directory).continuations.keep(hits(), after(10));
    const bytes = Buffer.concat(
      readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(path.join(entry.parentPath, entry.name))),
    );
    expect(bytes.includes('hl7v2_continuation')).to.equal(true);
    for (const secret of [syntheticNumber(), hits().queryTag, hits().queryDigest]) {
      expect(bytes.includes(secret)).to.equal(false);
    }
  });

  it('does not give hits to a client that their row was given to', () => {
    const directory = folder();
    const store = storeIn(directory);
    const name = store.continuations.keep(hits(), after(10));
    const database = new BetterSqlite3(path.join(directory, DATABASE_FILE));
    database.exec("UPDATE hl7v2_continuation SET client_id = 'ris'");
    database.close();
    expect(() => store.continuations.find('ris', name, after(10)))
      .to.throw(StoreFailed)
      .with.property('cause')
      .that.is.instanceOf(SealBroken);
  });

  it('fails as the store does', () => {
    const store = openTestStore(folder());
    store.close();
    expect(() => store.continuations.keep(hits(), after(1))).to.throw(StoreFailed);
    expect(() => store.continuations.find('epj', 'x', after(1))).to.throw(StoreFailed);
    expect(() => store.continuations.endQuery('epj', 'x')).to.throw(StoreFailed);
  });

  it('finds everything by an index', () => {
    const database = openMemoryDatabase();
    for (const [name, sql] of Object.entries(continuationQueries)) {
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
