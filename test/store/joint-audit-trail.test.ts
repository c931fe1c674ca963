import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { expect } from 'chai';
import { AuditUnavailable } from '../../src/errors/errors.js';
import type { AuditEntry } from '../../src/operations/audit-trail.js';
import { DATABASE_FILE } from '../../src/store/database.js';
import { JointAuditTrail, type AuditWriter } from '../../src/store/joint-audit-trail.js';
import { StoreUnavailable } from '../../src/store/store-errors.js';
import { ManualClock } from '../support/manual-clock.js';
import { rejectionOf } from '../support/rejection.js';
import { StandingClock } from '../support/standing-clock.js';
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
  const clock = new StandingClock('2026-03-01T12:00:00Z');

  it('are written in one go when they come in one turn of the event loop, in order', async () => {
    const writer = new Writer();
    const trail = new JointAuditTrail(writer, clock);
    await Promise.all([trail.record([one]), Promise.resolve().then(() => trail.record(two))]);
    expect(writer.written).to.deep.equal([[one, ...two]]);
  });

  it('are written when nobody else comes, and again later', async () => {
    const writer = new Writer();
    const trail = new JointAuditTrail(writer, clock);
    await trail.record([one]);
    expect(writer.written).to.deep.equal([[one]]);
    await trail.record(two);
    expect(writer.written).to.deep.equal([[one], two]);
  });

  describe('that end in turns of the event loop one after another', () => {
    /** Ends a request in each of so many turns, each of which takes so long; gives how many entries were written in each go. */
    async function writtenTogether(turns: number, milliseconds: number): Promise<readonly number[]> {
      const writer = new Writer();
      const busy = new ManualClock();
      const trail = new JointAuditTrail(writer, busy);
      const ended: Promise<void>[] = [];
      for (let turn = 0; turn < turns; turn += 1) {
        ended.push(trail.record([auditEntry()]));
        busy.advance(milliseconds);
        await setImmediate();
      }
      await Promise.all(ended);
      return writer.written.map((entries) => entries.length);
    }

    it('are written in one go while the process has its hands full, but for no longer than five milliseconds', async () => {
      expect(await writtenTogether(3, 1)).to.deep.equal([3]);
      const [first = 0, ...others] = await writtenTogether(20, 2);
      expect([first, ...others].reduce((sum, entries) => sum + entries)).to.equal(20);
      expect(others).to.not.have.length(0);
      expect(Math.max(first, ...others)).to.be.within(2, 4);
    });

    it('are written without further waiting when there are enough of them', async () => {
      const writtenAfterATurn = async (count: number): Promise<number> => {
        const writer = new Writer();
        const busy = new ManualClock();
        const trail = new JointAuditTrail(writer, busy);
        const ended = Promise.all(Array.from({ length: count }, () => trail.record([auditEntry()])));
        busy.advance(1);
        await setImmediate();
        const after = writer.written.length;
        await ended;
        return after;
      };
      expect(await writtenAfterATurn(7)).to.equal(0);
      expect(await writtenAfterATurn(8)).to.equal(1);
    });

    it('are written one by one while it waits for something to do', async () => {
      expect(await writtenTogether(3, 0)).to.deep.equal([1, 1, 1]);
    });

    it('do not wait for a clock that was set back', async () => {
      expect(await writtenTogether(3, -3_600_000)).to.deep.equal([1, 1, 1]);
    });
  });

  it('are there before anybody is told so', async () => {
    const writer = new Writer();
    const trail = new JointAuditTrail(writer, clock);
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
    const trail = new JointAuditTrail(writer, clock);
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
      const trail = new JointAuditTrail(writer, clock);
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
      const trail = new JointAuditTrail(
        {
          record: (entries) => {
            asked += 1;
            store.audit.record(entries);
          },
        },
        clock,
      );
      const refused = await Promise.all([one, ...two].map((entry) => rejectionOf(trail.record([entry]))));
      for (const error of refused) expect(error).to.be.instanceOf(AuditUnavailable);
      expect(asked).to.equal(1);
    } finally {
      other.close();
      store.close();
    }
  }).timeout(20_000);
});
