import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect } from 'chai';
import { StoreFailed } from '../../src/errors/errors.js';
import type { JobRow, JobRows } from '../../src/legacy/filematch/jobs/job-rows.js';
import { DATABASE_FILE, openMemoryDatabase } from '../../src/store/database.js';
import { filematchJobQueries } from '../../src/store/filematch-job-queries.js';
import { SealBroken, UnknownSealingKey } from '../../src/store/store-errors.js';
import type { Store } from '../../src/store/store.js';
import { memoryStore } from '../support/memory-store.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { auditEntry, openTestStore, sealingKey, testKey } from './store-fixture.js';

const MINUTE = 60_000;
const start = new Date('2026-03-01T12:00:00.000Z');
const after = (minutes: number): Date => new Date(start.getTime() + minutes * MINUTE);
const idOf = (index: number): string => `01JQ${String(index).padStart(22, '0')}`;
const content = { sha256: 'aa'.repeat(32), forced: false };
/** Another file each time. */
const fileOf = (index: number): typeof content => ({
  sha256: String(index).padStart(64, '0'),
  forced: false,
});

function rowOf(index: number, change: Partial<Omit<JobRow, 'hold'>> = {}): Omit<JobRow, 'hold'> {
  return {
    id: idOf(index),
    clientId: 'municipality',
    door: 'http',
    state: 'RECEIVED',
    over: false,
    acceptedAt: after(index),
    overAt: null,
    record: JSON.stringify({ fileName: `secret-name-${index}.txt` }),
    ...change,
  };
}

const done = (index: number, change: Partial<Omit<JobRow, 'hold'>> = {}) =>
  rowOf(index, { state: 'COMPLETED', over: true, overAt: after(100 + index), ...change });

describe('the repository of Filematch jobs', () => {
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
  const rowsIn = (directory: string): JobRows => storeIn(directory).filematchJobs;
  const ids = (rows: readonly JobRow[]): readonly number[] => rows.map(({ id }) => Number(id.slice(4)));

  it('gives a job back as it was added, also after a restart', () => {
    const directory = folder();
    const row = done(1);
    expect(rowsIn(directory).add(row, content)).to.equal(undefined);
    expect(rowsIn(directory).byId(row.id)).to.deep.equal({ ...row, hold: null });
    expect(rowsIn(directory).byId(idOf(2))).to.equal(undefined);
  });

  it('works in memory, too', () => {
    const store = memoryStore();
    store.filematchJobs.add(rowOf(1), content);
    store.filematchJobs.save(rowOf(1, { state: 'RUNNING' }), [auditEntry()]);
    expect(store.filematchJobs.byId(idOf(1))?.state).to.equal('RUNNING');
    expect([...store.audit.entries()]).to.have.length(1);
    store.close();
  });

  describe('content that came before', () => {
    it('is not added again, and the earlier job is named', () => {
      const rows = rowsIn(folder());
      rows.add(rowOf(1), content);
      expect(rows.add(rowOf(2), content)).to.equal(idOf(1));
      expect(rows.byId(idOf(2))).to.equal(undefined);
      expect(rows.add(rowOf(3), fileOf(3))).to.equal(undefined);
    });

    it('is added for another client', () => {
      const rows = rowsIn(folder());
      rows.add(rowOf(1), content);
      expect(rows.add(rowOf(2, { clientId: 'hospital' }), content)).to.equal(undefined);
    });

    it('is added when it is forced, and from then on the newest job is named', () => {
      const rows = rowsIn(folder());
      rows.add(rowOf(1), content);
      expect(rows.add(rowOf(2), { ...content, forced: true })).to.equal(undefined);
      expect(rows.add(rowOf(3), content)).to.equal(idOf(2));
    });

    for (const state of ['REJECTED', 'FAILED']) {
      it(`is added when it was ${state}`, () => {
        const rows = rowsIn(folder());
        rows.add(rowOf(1), content);
        rows.save(done(1, { state }), []);
        expect(rows.add(rowOf(2), content)).to.equal(undefined);
      });
    }

    it('is known for as long as its job is there, whatever became of it', () => {
      const rows = rowsIn(folder());
      rows.add(rowOf(1), content);
      rows.save(done(1), []);
      expect(rows.add(rowOf(2), content)).to.equal(idOf(1));
      rows.remove(idOf(1));
      expect(rows.add(rowOf(2), content)).to.equal(undefined);
    });

    it('leaves no digest that could be found by trying', () => {
      const directory = folder();
      rowsIn(directory).add(rowOf(1), content);
      const bytes = bytesIn(directory);
      expect(bytes.includes(content.sha256)).to.equal(false);
      expect(bytes.includes(Buffer.from(content.sha256, 'hex'))).to.equal(false);
      const [mine, sameKey, otherKey] = [
        contentIn(directory),
        contentOf({}),
        contentOf({ pseudonymKey: testKey('other') }),
      ];
      expect(mine).to.deep.equal(sameKey);
      expect(mine).to.not.deep.equal(otherKey);
    });

    function contentOf(options: Parameters<typeof openTestStore>[1]): unknown {
      const directory = folder();
      const store = openTestStore(directory, options);
      store.filematchJobs.add(rowOf(1), content);
      store.close();
      return contentIn(directory);
    }
  });

  describe('lists', () => {
    /** 1, 2: done; 3, 4: to do; odd ones of one client, even ones of another; added in another order than accepted. */
    function listed(): JobRows {
      const rows = rowsIn(folder());
      for (const index of [3, 1, 4, 2]) {
        const clientId = index % 2 === 1 ? 'odd' : 'even';
        rows.add(index <= 2 ? done(index, { clientId }) : rowOf(index, { clientId }), fileOf(index));
      }
      return rows;
    }

    it('begin with the newest, of those to do with the oldest', () => {
      const rows = listed();
      expect(ids(rows.list({ limit: 10 }))).to.deep.equal([4, 3, 2, 1]);
      expect(ids(rows.list({ over: true, limit: 10 }))).to.deep.equal([2, 1]);
      expect(ids(rows.list({ over: false, limit: 10 }))).to.deep.equal([3, 4]);
    });

    it('hold no more than asked for', () => {
      const rows = listed();
      expect(ids(rows.list({ limit: 3 }))).to.deep.equal([4, 3, 2]);
      expect(ids(rows.list({ over: true, limit: 1 }))).to.deep.equal([2]);
      expect(ids(rows.list({ over: false, limit: 1 }))).to.deep.equal([3]);
    });

    it('hold nothing of another client', () => {
      const rows = listed();
      expect(ids(rows.list({ clientId: 'odd', limit: 10 }))).to.deep.equal([3, 1]);
      expect(ids(rows.list({ clientId: 'odd', over: true, limit: 10 }))).to.deep.equal([1]);
      expect(ids(rows.list({ clientId: 'even', over: false, limit: 10 }))).to.deep.equal([4]);
      expect(ids(rows.list({ clientId: 'nobody', limit: 10 }))).to.deep.equal([]);
    });

    it('hold those in a state, or that came by another door, if that is asked for', () => {
      const rows = listed();
      rows.save(done(1, { clientId: 'odd', state: 'FAILED' }), []);
      rows.add(rowOf(5, { clientId: 'odd', door: 'command-line' }), fileOf(5));
      expect(ids(rows.list({ over: true, state: 'FAILED', limit: 1 }))).to.deep.equal([1]);
      expect(ids(rows.list({ clientId: 'odd', state: 'FAILED', limit: 9 }))).to.deep.equal([1]);
      expect(ids(rows.list({ exceptDoor: 'command-line', limit: 1 }))).to.deep.equal([4]);
      expect(ids(rows.list({ clientId: 'odd', over: false, exceptDoor: 'http', limit: 9 }))).to.deep.equal([
        5,
      ]);
    });

    it('tell what was over before an instant, the longest over first', () => {
      const rows = rowsIn(folder());
      for (const index of [2, 3, 1, 4]) rows.add(done(index), fileOf(index));
      rows.add(rowOf(5), fileOf(5));
      expect(ids(rows.overBefore(after(104), { limit: 10, after: 0 }))).to.deep.equal([1, 2, 3]);
      expect(ids(rows.overBefore(after(104), { limit: 2, after: 0 }))).to.deep.equal([1, 2]);
      expect(ids(rows.overBefore(after(104), { limit: 2, after: 1 }))).to.deep.equal([2, 3]);
      expect(ids(rows.overBefore(after(104), { limit: 2, after: 3 }))).to.deep.equal([]);
    });
  });

  describe('saving', () => {
    it('replaces what may change, and nothing else', () => {
      const rows = rowsIn(folder());
      const row = rowOf(1);
      rows.add(row, content);
      rows.setHold(row.id, 'paused');
      const saved = { ...row, state: 'COMPLETED', over: true, overAt: after(7), record: '{}' };
      rows.save({ ...saved, door: 'folder', acceptedAt: after(99) }, []);
      expect(rows.byId(row.id)).to.deep.equal({ ...saved, hold: 'paused' });
    });

    it('takes up again what was over', () => {
      const rows = rowsIn(folder());
      rows.add(done(1, { state: 'FAILED' }), content);
      rows.save(rowOf(1, { state: 'RUNNING' }), []);
      expect(ids(rows.list({ over: false, limit: 1 }))).to.deep.equal([1]);
      expect(ids(rows.overBefore(after(1_000), { limit: 1, after: 0 }))).to.deep.equal([]);
    });

    it('writes audit entries with the job, the job in their sealed part', () => {
      const store = storeIn(folder());
      store.filematchJobs.add(rowOf(1), content);
      const detail = { remoteAddress: '192.0.2.17', job: idOf(1) };
      store.audit.record([auditEntry()]);
      store.filematchJobs.save(rowOf(1, { state: 'RUNNING' }), [
        auditEntry({ detail }),
        auditEntry({ detail }),
      ]);
      store.audit.record([auditEntry()]);
      expect([...store.audit.entries()].map((entry) => [entry.seq, entry.detail.job])).to.deep.equal([
        [1, undefined],
        [2, idOf(1)],
        [3, idOf(1)],
        [4, undefined],
      ]);
    });

    it('writes nothing of the job when an audit entry cannot be written', () => {
      const directory = folder();
      const store = storeIn(directory);
      store.filematchJobs.add(rowOf(1), content);
      tamper(
        directory,
        `CREATE TRIGGER full BEFORE INSERT ON audit_entry WHEN new.seq = 2 BEGIN SELECT raise(ABORT, 'no room'); END`,
      );
      expect(() => {
        store.filematchJobs.save(rowOf(1, { state: 'RUNNING' }), [auditEntry(), auditEntry()]);
      }).to.throw(StoreFailed);
      expect(store.filematchJobs.byId(idOf(1))?.state).to.equal('RECEIVED');
      expect([...store.audit.entries()]).to.deep.equal([]);
    });

    it('writes no audit entry when the job is not there, or is another client’s', () => {
      const store = storeIn(folder());
      store.filematchJobs.add(rowOf(1), content);
      for (const row of [rowOf(2), rowOf(1, { clientId: 'hospital' })]) {
        expect(() => {
          store.filematchJobs.save(row, [auditEntry()]);
        }).to.throw(StoreFailed);
      }
      expect([...store.audit.entries()]).to.deep.equal([]);
      expect(store.filematchJobs.byId(idOf(1))).to.deep.equal({ ...rowOf(1), hold: null });
    });
  });

  describe('holds', () => {
    it('are put on and taken off jobs that are not over', () => {
      const rows = rowsIn(folder());
      rows.add(rowOf(1), content);
      for (const hold of ['paused', null, 'paused', 'paused', 'cancelled']) {
        expect(rows.setHold(idOf(1), hold)).to.equal(true);
        expect(rows.byId(idOf(1))?.hold).to.equal(hold);
      }
    });

    it('stay when the job was cancelled', () => {
      const rows = rowsIn(folder());
      rows.add(rowOf(1), content);
      rows.setHold(idOf(1), 'cancelled');
      for (const hold of ['paused', null, 'cancelled']) expect(rows.setHold(idOf(1), hold)).to.equal(false);
      expect(rows.byId(idOf(1))?.hold).to.equal('cancelled');
    });

    it('are not put on a job that is over, or that there is not', () => {
      const rows = rowsIn(folder());
      rows.add(done(1), content);
      expect(rows.setHold(idOf(1), 'paused')).to.equal(false);
      expect(rows.setHold(idOf(2), 'paused')).to.equal(false);
      expect(rows.byId(idOf(1))?.hold).to.equal(null);
    });

    for (const state of ['COMPLETED', 'REJECTED', 'FAILED']) {
      it(`are not put on a job that is ${state}, even if it is not over yet`, () => {
        const rows = rowsIn(folder());
        rows.add(rowOf(1), content);
        rows.save(rowOf(1, { state }), []);
        expect(rows.setHold(idOf(1), 'cancelled')).to.equal(false);
        expect(rows.byId(idOf(1))?.hold).to.equal(null);
      });
    }
  });

  it('removes one job, and nothing where there is none', () => {
    const rows = rowsIn(folder());
    for (const index of [1, 2]) rows.add(rowOf(index), fileOf(index));
    rows.remove(idOf(1));
    rows.remove(idOf(1));
    expect(ids(rows.list({ limit: 10 }))).to.deep.equal([2]);
  });

  describe('what a job says', () => {
    it('is not on the disk in clear', () => {
      const directory = folder();
      const store = openTestStore(directory);
      store.filematchJobs.add(rowOf(1), content);
      const open = bytesIn(directory);
      store.close();
      for (const bytes of [open, bytesIn(directory)]) {
        // Proof that the search looks where the job is.
        expect(bytes.includes('municipality')).to.equal(true);
        expect(bytes.includes('secret-name')).to.equal(false);
      }
    });

    const changes = {
      'was moved to another job': `
        UPDATE filematch_job SET sealed_record =
          (SELECT sealed_record FROM filematch_job WHERE id = '${idOf(2)}') WHERE id = '${idOf(1)}'`,
      'was given to another client': `UPDATE filematch_job SET client_id = 'hospital' WHERE id = '${idOf(1)}'`,
      'was changed': `
        UPDATE filematch_job SET sealed_record =
          CAST(substr(sealed_record, 1, length(sealed_record) - 1) || x'00' || x'01' AS BLOB) WHERE id = '${idOf(1)}'`,
    };
    for (const [name, sql] of Object.entries(changes)) {
      it(`is refused when it ${name}`, () => {
        const directory = folder();
        const rows = rowsIn(directory);
        for (const index of [1, 2]) rows.add(rowOf(index), fileOf(index));
        tamper(directory, sql);
        const changed = rows.byId(idOf(1));
        expect(() => changed?.record).to.throw(SealBroken);
        expect(rows.byId(idOf(2))?.record).to.equal(rowOf(2).record);
      });
    }

    it('does not hide other jobs when its key is gone', () => {
      const directory = folder();
      const before = openTestStore(directory, { sealingKeys: [sealingKey('old')] });
      before.filematchJobs.add(done(1), fileOf(1));
      before.close();
      const rows = rowsIn(directory);
      rows.add(done(2), fileOf(2));
      const [new2, old1] = rows.list({ limit: 10 });
      expect(new2?.record).to.equal(done(2).record);
      expect(old1).to.include({ id: idOf(1), clientId: 'municipality', over: true });
      expect(() => old1?.record).to.throw(UnknownSealingKey);
      expect(ids(rows.overBefore(after(1_000), { limit: 10, after: 0 }))).to.deep.equal([1, 2]);
    });
  });

  it('says that it failed rather than that there is nothing', () => {
    const store = openTestStore(folder());
    const rows: JobRows = store.filematchJobs;
    store.close();
    const calls: readonly (() => unknown)[] = [
      () => rows.add(rowOf(1), content),
      () => rows.byId(idOf(1)),
      () => rows.list({ limit: 1 }),
      () => rows.overBefore(start, { limit: 1, after: 0 }),
      () => {
        rows.save(rowOf(1), [auditEntry()]);
      },
      () => rows.setHold(idOf(1), null),
      () => {
        rows.remove(idOf(1));
      },
    ];
    for (const call of calls) expect(call).to.throw(StoreFailed);
  });

  describe('hot SQL', () => {
    for (const [name, sql] of Object.entries(filematchJobQueries)) {
      it(`${name} uses an index and sorts nothing`, () => {
        const database = openMemoryDatabase();
        const rows = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parametersOf(sql));
        const plan = JSON.stringify(rows);
        // An ordered walk of an index that ends at the limit is no search, but reads no more than it gives.
        expect(plan).to.not.match(/SCAN filematch_job(?! USING INDEX)|TEMP B-TREE/);
        database.close();
      });
    }

    it('looks at what is left to do and no further', () => {
      const database = openMemoryDatabase();
      for (const sql of [filematchJobQueries.toDo, filematchJobQueries.toDoOfClient]) {
        const plan = JSON.stringify(database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parametersOf(sql)));
        expect(plan).to.include('USING INDEX filematch_job_to_do');
      }
      database.close();
    });
  });
});

function parametersOf(sql: string): unknown[] {
  const positional = sql.split('?').length - 1;
  if (positional > 0) return Array.from({ length: positional }, () => 1);
  const names = [...sql.matchAll(/@(\w+)/g)].map(([, name = '']) => name);
  return [Object.fromEntries(names.map((name) => [name, 1]))];
}

function bytesIn(directory: string): Buffer {
  return Buffer.concat(readdirSync(directory).map((name) => readFileSync(path.join(directory, name))));
}

function contentIn(directory: string): unknown {
  const database = new BetterSqlite3(path.join(directory, DATABASE_FILE), { readonly: true });
  try {
    return database.prepare('SELECT content FROM filematch_job').pluck().get();
  } finally {
    database.close();
  }
}

function tamper(directory: string, sql: string): void {
  const database = new BetterSqlite3(path.join(directory, DATABASE_FILE));
  database.exec(sql);
  database.close();
}
