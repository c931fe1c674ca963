import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect } from 'chai';
import type { AuditVerdict, BadEntries } from '../../src/store/audit-verification.js';
import { DATABASE_FILE, openDatabase } from '../../src/store/database.js';
import { migrations } from '../../src/store/migrations.js';
import type { Store } from '../../src/store/store.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { auditEntry, openTestStore, testKey } from './store-fixture.js';

const day = 24 * 60 * 60_000;

describe('the chain of the audit trail', () => {
  const newFolder = temporaryFolders();
  let folder: string;
  beforeEach(() => {
    folder = newFolder();
  });

  const onStore = <Result>(use: (store: Store) => Result, options = {}): Result => {
    const store = openTestStore(folder, options);
    try {
      return use(store);
    } finally {
      store.close();
    }
  };
  const write = (count: number, at = new Date('2025-03-01T12:00:00.000Z')): void => {
    onStore(({ audit }) => {
      for (let index = 0; index < count; index += 1) {
        audit.record([
          auditEntry({ at: new Date(at.getTime() + index * day), subject: syntheticNumber(index) }),
        ]);
      }
    });
  };
  const verified = (): AuditVerdict => onStore(({ audit }) => audit.verify());
  const bad = (): readonly BadEntries[] => verified().bad;
  const tamper = (sql: string): void => {
    const database = new BetterSqlite3(path.join(folder, DATABASE_FILE));
    database.exec(sql);
    database.close();
  };

  it('is whole, and says where it ends', () => {
    write(3);
    onStore(({ audit }) => {
      audit.record([auditEntry(), auditEntry({ subject: null, clientId: null, operation: null })]);
    });
    const { head, ...verdict } = verified();
    expect(verdict).to.deep.equal({
      bad: [],
      badCount: 0,
      chained: 5,
      beforeChain: { count: 0, last: 0 },
      beganAt: '2025-03-01T12:00:00.000Z',
      removed: { count: 0, madeUntil: null },
      known: null,
    });
    expect(head?.seq).to.equal(5);
    expect(head?.link).to.match(/^[0-9a-f]{32}$/);
  });

  it('is whole before there is anything', () => {
    expect(verified()).to.deep.include({ bad: [], chained: 0, head: null });
  });

  it('is whole over more entries than are read at once', () => {
    onStore(({ audit }) => {
      audit.record(
        Array.from({ length: 2_100 }, (_, index) => auditEntry({ subject: syntheticNumber(index) })),
      );
      expect(audit.verify()).to.deep.include({ bad: [], chained: 2_100 });
    });
  });

  it('goes on where two that have the store open write in turns', () => {
    const one = openTestStore(folder);
    const other = openTestStore(folder);
    for (let turn = 0; turn < 4; turn += 1) {
      one.audit.record([auditEntry()]);
      other.audit.record([auditEntry(), auditEntry()]);
    }
    one.audit.record([auditEntry()]);
    expect(other.audit.verify()).to.deep.include({ bad: [], chained: 13 });
    one.close();
    other.close();
  });

  it('is not touched by a transaction that is taken back', () => {
    onStore(({ audit }) => {
      audit.record([auditEntry()]);
      const broken = { ...auditEntry(), at: new Date(Number.NaN) };
      expect(() => {
        audit.record([auditEntry(), broken]);
      }).to.throw();
      audit.record([auditEntry()]);
      expect(audit.verify()).to.deep.include({ bad: [], chained: 2 });
    });
  });

  describe('(QUALITY 52) names the first bad entry', () => {
    const columns = {
      at: "'2025-01-01T00:00:00.000Z'",
      correlation_id: "'another'",
      client_id: 'NULL',
      protocol: "'hl7v2'",
      operation: "'Search'",
      purpose: "'Research'",
      pseudonym: 'NULL',
      outcome: "'not-found'",
      kept_source: "'cache'",
      sealed_detail: "x'00'",
      link: "'00000000000000000000000000000000'",
    };
    for (const [column, value] of Object.entries(columns)) {
      it(`when ${column} was changed`, () => {
        write(6);
        tamper(`UPDATE audit_entry SET ${column} = ${value} WHERE seq = 4`);
        expect(bad()[0]).to.deep.equal({ fault: 'changed', first: 4, last: 4 });
      });
    }

    it('of several that were changed', () => {
      write(6);
      tamper("UPDATE audit_entry SET outcome = 'done' WHERE seq IN (3, 5)");
      const verdict = verified();
      expect(verdict.bad.map(({ first }) => first)).to.deep.equal([3, 5]);
      expect(verdict.badCount).to.equal(2);
    });

    it('when entries were deleted', () => {
      write(6);
      tamper('DELETE FROM audit_entry WHERE seq IN (3, 4)');
      expect(bad()).to.deep.equal([{ fault: 'deleted', first: 3, last: 4 }]);
    });

    it('when the oldest was deleted, and not by retention', () => {
      write(3);
      tamper('DELETE FROM audit_entry WHERE seq = 1');
      expect(bad()).to.deep.equal([{ fault: 'deleted', first: 1, last: 1 }]);
    });

    it('when one was deleted and the others moved up', () => {
      write(6);
      tamper('DELETE FROM audit_entry WHERE seq = 3; UPDATE audit_entry SET seq = seq - 1 WHERE seq > 3');
      expect(bad()[0]).to.deep.equal({ fault: 'reordered', first: 3, last: 3, belongsAt: 4 });
    });

    it('when two were reordered', () => {
      write(6);
      tamper(`
        UPDATE audit_entry SET seq = 1000 WHERE seq = 2;
        UPDATE audit_entry SET seq = 2 WHERE seq = 5;
        UPDATE audit_entry SET seq = 5 WHERE seq = 1000`);
      expect(bad()[0]).to.deep.equal({ fault: 'reordered', first: 2, last: 2, belongsAt: 5 });
    });

    it('when the end was cut off', () => {
      write(6);
      tamper('DELETE FROM audit_entry WHERE seq > 4');
      expect(bad()).to.deep.equal([{ fault: 'truncated', first: 5, last: 6 }]);
    });

    it('when everything is gone', () => {
      write(6);
      tamper('DELETE FROM audit_entry');
      expect(bad()).to.deep.equal([{ fault: 'truncated', first: 1, last: 6 }]);
    });

    it('when the end was cut off and the numbering set back', () => {
      write(6);
      tamper(
        "DELETE FROM audit_entry WHERE seq > 4; UPDATE sqlite_sequence SET seq = 4 WHERE name = 'audit_entry'",
      );
      write(1);
      expect(bad()).to.deep.equal([{ fault: 'deleted', first: 5, last: 6 }]);
    });

    it('when the end was cut off and the record of the end made to fit, also after the adapter went on', () => {
      write(6);
      tamper(`
        DELETE FROM audit_entry WHERE seq > 4;
        UPDATE sqlite_sequence SET seq = 4 WHERE name = 'audit_entry';
        UPDATE audit_chain SET seq = 4, link = (SELECT link FROM audit_entry WHERE seq = 4)`);
      expect(bad()).to.deep.equal([{ fault: 'end-changed', first: 4, last: 4 }]);
      write(2);
      expect(bad()).to.deep.equal([{ fault: 'unlinked', first: 5, last: 5 }]);
    });

    it('when an entry was added with somebody else’s key', () => {
      write(3);
      onStore(
        ({ audit }) => {
          audit.record([auditEntry()]);
        },
        { pseudonymKey: testKey('of somebody else') },
      );
      expect(bad()[0]?.first).to.equal(4);
    });

    it('when what retention has taken was made to seem more', () => {
      write(6);
      onStore(({ audit }) => audit.purgeBefore(new Date('2025-03-02T13:00:00.000Z')));
      tamper('DELETE FROM audit_entry WHERE seq = 3; UPDATE audit_removed SET last = 3');
      expect(bad()).to.deep.equal([{ fault: 'deleted', first: 1, last: 3 }]);
    });

    it('when the whole store was set back, to who has noted an entry', () => {
      write(3);
      const noted = verified().head ?? { seq: 0, link: '' };
      expect(onStore(({ audit }) => audit.verify(noted))).to.deep.include({ bad: [], known: 'found' });
      folder = newFolder();
      write(2);
      expect(onStore(({ audit }) => audit.verify(noted))).to.deep.include({
        bad: [{ fault: 'truncated', first: 3, last: 3 }],
        known: 'not-found',
      });
      write(2);
      expect(onStore(({ audit }) => audit.verify(noted)).bad).to.deep.equal([
        { fault: 'not-as-noted', first: 3, last: 3 },
      ]);
    });
  });

  describe('(QUALITY 55) retention', () => {
    const start = new Date('2025-03-01T12:00:00.000Z');
    const after = (days: number): Date => new Date(start.getTime() + days * day);

    it('removes what it must and nothing else, failures like the rest, and leaves the chain whole', () => {
      onStore(({ audit }) => {
        const outcomes = [
          'found',
          'upstream-unavailable',
          'not-authenticated',
          'not-found',
          'refused',
        ] as const;
        for (let index = 0; index < 50; index += 1) {
          const outcome = outcomes[index % 5] ?? 'done';
          audit.record([auditEntry({ at: after(index), outcome, subject: syntheticNumber(index) })]);
        }
        let removed = 0;
        for (
          let count = audit.purgeBefore(after(20), 3);
          count > 0;
          count = audit.purgeBefore(after(20), 3)
        ) {
          removed += count;
          expect(audit.verify().bad).to.deep.equal([]);
        }
        const kept = [...audit.entries()];
        expect(removed).to.equal(20);
        expect(kept.map(({ at }) => at.getTime())).to.deep.equal(
          Array.from({ length: 30 }, (_, index) => after(20 + index).getTime()),
        );
        for (const outcome of outcomes) {
          expect(
            kept.filter((entry) => entry.outcome === outcome),
            outcome,
          ).to.have.length(6);
        }
        expect(audit.verify()).to.deep.include({
          bad: [],
          chained: 30,
          removed: { count: 20, madeUntil: after(19).toISOString() },
        });
      });
    });

    it('of what was not made in the order of its numbers leaves the chain whole, and one note in the end', () => {
      onStore(({ audit }) => {
        for (const days of [0, 3, 1, 4, 2, 9, 5, 6]) audit.record([auditEntry({ at: after(days) })]);
        for (const days of [2.5, 4.5, 10]) {
          audit.purgeBefore(after(days), 2);
          audit.purgeBefore(after(days), 2);
          expect(audit.verify().bad, String(days)).to.deep.equal([]);
        }
        while (audit.purgeBefore(after(10), 2) > 0) expect(audit.verify().bad).to.deep.equal([]);
        audit.record([auditEntry({ at: after(11) })]);
        expect(audit.verify()).to.deep.include({ bad: [], chained: 1 });
      });
      const database = new BetterSqlite3(path.join(folder, DATABASE_FILE));
      expect(database.prepare('SELECT first, last FROM audit_removed').all()).to.deep.equal([
        { first: 1, last: 8 },
      ]);
      database.close();
    });

    it('does not hide what somebody else has deleted before', () => {
      write(6, start);
      tamper('DELETE FROM audit_entry WHERE seq = 2');
      onStore(({ audit }) => audit.purgeBefore(after(3)));
      expect(bad()).to.deep.equal([{ fault: 'deleted', first: 2, last: 2 }]);
    });

    it('of everything leaves a chain that goes on, and of the noted entry says so', () => {
      write(3, start);
      const noted = verified().head ?? { seq: 0, link: '' };
      onStore(({ audit }) => {
        audit.purgeBefore(after(100));
        expect(audit.verify(noted)).to.deep.include({ bad: [], known: 'removed' });
        audit.record([auditEntry()]);
        expect(audit.verify(noted)).to.deep.include({ bad: [], known: 'removed', chained: 1 });
      });
    });
  });

  describe('after a store from before the chain', () => {
    const older = migrations.slice(
      0,
      migrations.findIndex(({ name }) => name === 'chain of the audit trail'),
    );

    beforeEach(() => {
      const database = openDatabase(folder, older);
      const insert = database.prepare(`
        INSERT INTO audit_entry (at, correlation_id, protocol, outcome, sealed_detail)
        VALUES (?, 'c', 'hl7v3', 'found', x'00')`);
      for (let index = 1; index <= 4; index += 1) insert.run(`2024-01-0${index}T00:00:00.000Z`);
      database.close();
    });

    it('begins behind what is there', () => {
      expect(verified()).to.deep.include({ bad: [], chained: 0, beforeChain: { count: 4, last: 4 } });
      write(2);
      expect(verified()).to.deep.include({ bad: [], chained: 2, beforeChain: { count: 4, last: 4 } });
    });

    it('knows when one of the old is gone', () => {
      write(2);
      tamper('DELETE FROM audit_entry WHERE seq = 4');
      expect(bad()).to.deep.equal([{ fault: 'deleted', first: 4, last: 4 }]);
    });

    it('knows when the first of the new was made to seem old', () => {
      write(2);
      tamper('UPDATE audit_entry SET link = NULL WHERE seq = 5; UPDATE audit_chain SET begins_after = 5');
      expect(bad().at(-1)).to.deep.equal({ fault: 'end-changed', first: 6, last: 6 });
    });

    it('stays whole when retention takes the old, in part, all, and some of the new', () => {
      write(3);
      onStore(({ audit }) => {
        for (const until of [
          '2024-01-02T12:00',
          '2024-02-01T00:00',
          '2025-03-02T00:00',
          '2026-01-01T00:00',
        ]) {
          audit.purgeBefore(new Date(`${until}:00.000Z`));
          expect(audit.verify().bad, until).to.deep.equal([]);
        }
      });
    });
  });
});
