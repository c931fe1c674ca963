import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect } from 'chai';
import { AuditUnavailable } from '../../src/errors/errors.js';
import type { AuditEntry } from '../../src/operations/audit-trail.js';
import { DATABASE_FILE } from '../../src/store/database.js';
import { JointAuditTrail, type AuditWriter } from '../../src/store/joint-audit-trail.js';
import { StoreUnavailable } from '../../src/store/store-errors.js';
import { rejectionOf } from '../support/rejection.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { auditEntry, openTestStore } from './store-fixture.js';

/** Remembers what was written in one go, and refuses entries of clients by the name of `unwritable`. */
class Writer {
  readonly written: (readonly AuditEntry[])[] = [];

  record(entries: readonly AuditEntry[]): void {
    if (entries.some(({ clientId }) => clientId === 'unwritable')) throw new AuditUnavailable('not written');
    this.written.push(entries);
  }
}

describe('audit entries of several requests', () => {
  const newFolder = temporaryFolders();
  const one = auditEntry();
  const two = [auditEntry(), auditEntry()] as const;

  it('are written in one go when they come in one turn of the event loop, in order', async () => {
    const writer = new Writer();
    const trail = new JointAuditTrail(writer);
    await Promise.all([trail.record([one]), Promise.resolve().then(() => trail.record(two))]);
    expect(writer.written).to.deep.equal([[one, ...two]]);
  });

  it('are written when nobody else comes, and again later', async () => {
    const writer = new Writer();
    const trail = new JointAuditTrail(writer);
    await trail.record([one]);
    expect(writer.written).to.deep.equal([[one]]);
    await trail.record(two);
    expect(writer.written).to.deep.equal([[one], two]);
  });

  it('are there before anybody is told so', async () => {
    const writer = new Writer();
    const trail = new JointAuditTrail(writer);
    const told: number[] = [];
    const tell = (): void => void told.push(writer.written.length);
    const waiting = [trail.record([one]).then(tell), trail.record(two).then(tell)];
    await Promise.resolve();
    expect(told).to.deep.equal([]);
    await Promise.all(waiting);
    expect(told).to.deep.equal([1, 1]);
  });

  it('are refused with the reason, the others being written', async () => {
    const writer = new Writer();
    const trail = new JointAuditTrail(writer);
    const [before, refused, after] = await Promise.all([
      trail.record([one]).then(() => 'written'),
      rejectionOf(trail.record([auditEntry(), auditEntry({ clientId: 'unwritable' })])),
      trail.record(two).then(() => 'written'),
    ]);
    expect([before, after]).to.deep.equal(['written', 'written']);
    expect(refused).to.be.instanceOf(AuditUnavailable);
    expect(writer.written).to.deep.equal([[one], two]);
    expect(await rejectionOf(trail.record([auditEntry({ clientId: 'unwritable' })]))).to.be.instanceOf(
      AuditUnavailable,
    );
  });

  describe('when they cannot be written for a reason that is', () => {
    /** Tells that reason for whatever is to be written, and counts how often it was asked. */
    class Refusing {
      asked = 0;
      constructor(private readonly cause: Error) {}

      record(): void {
        this.asked += 1;
        throw new AuditUnavailable('not written', this.cause);
      }
    }

    async function refused(writer: AuditWriter): Promise<unknown[]> {
      const trail = new JointAuditTrail(writer);
      return Promise.all([rejectionOf(trail.record([one])), rejectionOf(trail.record(two))]);
    }

    for (const code of [
      'SQLITE_BUSY',
      'SQLITE_BUSY_SNAPSHOT',
      'SQLITE_FULL',
      'SQLITE_IOERR_FSYNC',
      'SQLITE_READONLY',
      'SQLITE_CORRUPT',
    ]) {
      it(`the store's are all refused at once: ${code}`, async () => {
        const writer = new Refusing(new BetterSqlite3.SqliteError('', code));
        for (const error of await refused(writer)) expect(error).to.be.instanceOf(AuditUnavailable);
        expect(writer.asked).to.equal(1);
      });
    }

    it("the store's are all refused at once: its file is gone", async () => {
      const writer = new Refusing(new StoreUnavailable('folder', 'removed'));
      await refused(writer);
      expect(writer.asked).to.equal(1);
    });

    for (const [name, cause] of [
      ['a constraint', new BetterSqlite3.SqliteError('', 'SQLITE_CONSTRAINT_NOTNULL')],
      ['too large', new BetterSqlite3.SqliteError('', 'SQLITE_TOOBIG')],
      ['no seal', new TypeError('no seal')],
    ] as const) {
      it(`one entry's are tried one by one: ${name}`, async () => {
        const writer = new Refusing(cause);
        await refused(writer);
        expect(writer.asked).to.equal(3);
      });
    }
  });

  it('wait for a locked database once, not once each', async () => {
    const folder = newFolder();
    const store = openTestStore(folder);
    const other = new BetterSqlite3(path.join(folder, DATABASE_FILE));
    other.exec('BEGIN IMMEDIATE');
    try {
      let asked = 0;
      const trail = new JointAuditTrail({
        record: (entries) => {
          asked += 1;
          store.audit.record(entries);
        },
      });
      const refused = await Promise.all([one, ...two].map((entry) => rejectionOf(trail.record([entry]))));
      for (const error of refused) expect(error).to.be.instanceOf(AuditUnavailable);
      expect(asked).to.equal(1);
    } finally {
      other.close();
      store.close();
    }
  }).timeout(20_000);
});
