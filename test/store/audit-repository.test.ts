import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect } from 'chai';
import { AuditUnavailable } from '../../src/errors/errors.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { auditQueries } from '../../src/store/audit-queries.js';
import { AuditRepository } from '../../src/store/audit-repository.js';
import { DATABASE_FILE, openDatabase } from '../../src/store/database.js';
import { Pseudonymiser } from '../../src/store/pseudonymiser.js';
import { Sealer } from '../../src/store/sealer.js';
import { SealBroken, UnknownSealingKey } from '../../src/store/store-errors.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { auditEntry, openTestStore, sealingKey, testKey } from './store-fixture.js';

const day = 24 * 60 * 60 * 1_000;

describe('the audit repository', () => {
  const folder = temporaryFolders();
  const sealer = new Sealer([sealingKey('k1')], systemRandom);
  const pseudonymiser = new Pseudonymiser(testKey('pseudonym'));

  it('gives back what was recorded, the person as a pseudonym', () => {
    const store = openTestStore(folder());
    const entry = auditEntry({ detail: { remoteAddress: '192.0.2.1', requester: '2.16.578.1^9144900' } });
    store.audit.record([entry]);
    const [read] = store.audit.entries();
    expect(read).to.deep.equal({
      seq: 1,
      at: entry.at,
      correlationId: entry.correlationId,
      clientId: entry.clientId,
      protocol: entry.protocol,
      operation: entry.operation,
      purpose: null,
      pseudonym: read?.pseudonym,
      outcome: entry.outcome,
      keptSource: null,
      detail: entry.detail,
    });
    expect(read?.pseudonym).to.match(/^[0-9a-f]{64}$/);
    store.close();
  });

  it('gives back where an answer came from that did not come straight from the register', () => {
    const store = openTestStore(folder());
    const sources = ['cache', 'stale-cache', null] as const;
    store.audit.record(sources.map((keptSource) => auditEntry({ keptSource })));
    expect([...store.audit.entries()].map(({ keptSource }) => keptSource)).to.deep.equal(sources);
    store.close();
  });

  it('says for what, as configured for each client', () => {
    const store = openTestStore(folder(), {
      purposeOf: (clientId) => (clientId === 'epj' ? 'Health care' : undefined),
    });
    store.audit.record([auditEntry({ clientId: 'epj' }), auditEntry({ clientId: 'other' })]);
    expect([...store.audit.entries()].map(({ purpose }) => purpose)).to.deep.equal(['Health care', null]);
    store.close();
  });

  it('gives back the route that was set, and for which questions', () => {
    const store = openTestStore(folder());
    const detail = {
      remoteAddress: 'localhost',
      scope: { clientId: 'epj', protocol: 'hl7v3', operation: 'FindCandidates' },
      route: { route: 'shadow-preg', percent: 10 },
    } as const;
    store.audit.record([auditEntry({ detail })]);
    expect([...store.audit.entries()][0]?.detail).to.deep.equal(detail);
    store.close();
  });

  it('finds an entry about somebody whose number is not known any more', () => {
    const store = openTestStore(folder());
    store.audit.record([auditEntry()]);
    const pseudonym = [...store.audit.entries()][0]?.pseudonym ?? '';
    store.audit.record([auditEntry({ subject: null, pseudonym, operation: 'later' })]);
    const found = [...store.audit.bySubject(syntheticNumber())];
    expect(found.map(({ operation }) => operation)).to.deep.equal(['GetDemographics', 'later']);
    store.close();
  });

  it('records a request that got nowhere', () => {
    const store = openTestStore(folder());
    store.audit.record([
      auditEntry({ clientId: null, operation: null, subject: null, outcome: 'not-authenticated' }),
    ]);
    const [read] = store.audit.entries();
    expect(read).to.include({
      clientId: null,
      operation: null,
      pseudonym: null,
      outcome: 'not-authenticated',
    });
    store.close();
  });

  it('finds all entries about one person and no other', () => {
    const store = openTestStore(folder());
    for (let index = 0; index < 12; index += 1) {
      store.audit.record([auditEntry({ subject: syntheticNumber(index % 3) })]);
    }
    store.audit.record([auditEntry({ subject: null })]);
    const found = [...store.audit.bySubject(syntheticNumber(1), 2)];
    expect(found.map(({ seq }) => seq)).to.deep.equal([2, 5, 8, 11]);
    expect([...store.audit.bySubject(syntheticNumber(9))]).to.deep.equal([]);
    store.close();
  });

  it('reads page by page and lets entries be recorded meanwhile', () => {
    const store = openTestStore(folder());
    for (let index = 0; index < 5; index += 1) store.audit.record([auditEntry()]);
    const seen: number[] = [];
    for (const { seq } of store.audit.entries(2)) {
      if (seq === 1) store.audit.record([auditEntry()]);
      seen.push(seq);
    }
    expect(seen).to.deep.equal([1, 2, 3, 4, 5, 6]);
    store.close();
  });

  it('writes neither the number nor the detail in clear, before and after the log is folded in', () => {
    const directory = folder();
    const store = openTestStore(directory);
    const subject = syntheticNumber(4);
    const detail = { remoteAddress: '198.51.100.77', requester: '2.16.578.1.12.4.1.4.4^requester-774' };
    store.audit.record([auditEntry({ subject, detail, clientId: 'visible-client' })]);
    const open = bytesIn(directory);
    store.close();
    const closed = bytesIn(directory);
    for (const bytes of [open, closed]) {
      // Proof that the search looks where the entry is.
      expect(bytes.includes('visible-client')).to.equal(true);
      for (const secret of [subject, detail.remoteAddress, detail.requester, 'requester-774']) {
        expect(bytes.includes(secret), secret).to.equal(false);
      }
    }
  });

  it('refuses to read a detail that was moved to another entry', () => {
    const directory = folder();
    const store = openTestStore(directory);
    store.audit.record([auditEntry()]);
    store.audit.record([auditEntry()]);
    tamper(
      directory,
      'UPDATE audit_entry SET sealed_detail = (SELECT sealed_detail FROM audit_entry WHERE seq = 1) WHERE seq = 2',
    );
    const entries = store.audit.entries();
    expect(entries.next().value).to.include({ seq: 1 });
    expect(() => entries.next()).to.throw(SealBroken);
    store.close();
  });

  it('reads entries sealed with a former key as long as that key is configured', () => {
    const directory = folder();
    const before = openTestStore(directory, { sealingKeys: [sealingKey('k1')] });
    before.audit.record([auditEntry()]);
    before.close();
    const rotated = openTestStore(directory, { sealingKeys: [sealingKey('k2'), sealingKey('k1')] });
    rotated.audit.record([auditEntry()]);
    expect([...rotated.audit.entries()]).to.have.length(2);
    rotated.close();
    const tooEarly = openTestStore(directory, { sealingKeys: [sealingKey('k2')] });
    expect(() => [...tooEarly.audit.entries()])
      .to.throw(UnknownSealingKey)
      .with.property('keyId', 'k1');
    tooEarly.close();
  });

  describe('retention', () => {
    it('deletes what was recorded before the instant, oldest first, and nothing else', () => {
      const store = openTestStore(folder());
      const start = Date.parse('2025-01-01T00:00:00.000Z');
      for (let index = 0; index < 6; index += 1)
        store.audit.record([auditEntry({ at: new Date(start + index * day) })]);
      const instant = new Date(start + 4 * day);
      expect(store.audit.purgeBefore(instant, 3)).to.equal(3);
      expect(store.audit.purgeBefore(instant, 3)).to.equal(1);
      expect(store.audit.purgeBefore(instant, 3)).to.equal(0);
      expect([...store.audit.entries()].map(({ seq }) => seq)).to.deep.equal([5, 6]);
      store.close();
    });

    it('never lets a number come back', () => {
      const store = openTestStore(folder());
      store.audit.record([auditEntry()]);
      store.audit.record([auditEntry()]);
      store.audit.purgeBefore(new Date('2030-01-01'));
      store.audit.record([auditEntry()]);
      expect([...store.audit.entries()].map(({ seq }) => seq)).to.deep.equal([3]);
      store.close();
    });
  });

  describe('when it cannot write', () => {
    it('throws AuditUnavailable for a closed store', () => {
      const store = openTestStore(folder());
      store.close();
      expect(() => {
        store.audit.record([auditEntry()]);
      }).to.throw(AuditUnavailable);
    });

    it('throws AuditUnavailable for a database that is read-only', () => {
      const database = openDatabase(folder());
      const audit = new AuditRepository(database, sealer, pseudonymiser, () => undefined);
      database.pragma('query_only = ON');
      expect(() => {
        audit.record([auditEntry()]);
      })
        .to.throw(AuditUnavailable)
        .with.nested.property('cause.code', 'SQLITE_READONLY');
      database.close();
    });

    it('throws AuditUnavailable when there is no room left, and keeps what it has', () => {
      const database = openDatabase(folder());
      const audit = new AuditRepository(database, sealer, pseudonymiser, () => undefined);
      audit.record([auditEntry()]);
      database.pragma(`max_page_count = ${String(database.pragma('page_count', { simple: true }))}`);
      const large = auditEntry({ detail: { remoteAddress: '192.0.2.1', requester: 'x'.repeat(20_000) } });
      expect(() => {
        audit.record([large]);
      })
        .to.throw(AuditUnavailable)
        .with.nested.property('cause.code', 'SQLITE_FULL');
      expect([...audit.entries()]).to.have.length(1);
      database.close();
    });

    it('throws AuditUnavailable when the insertion is refused, and leaves nothing of the entry', () => {
      const directory = folder();
      const store = openTestStore(directory);
      tamper(
        directory,
        `CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT raise(ABORT, 'no room'); END`,
      );
      expect(() => {
        store.audit.record([auditEntry()]);
      })
        .to.throw(AuditUnavailable)
        .with.property('message', 'the audit entry could not be written');
      expect([...store.audit.entries()]).to.deep.equal([]);
      store.close();
    });
  });

  describe('hot SQL', () => {
    const expected = {
      entriesBySubject: 'SEARCH audit_entry USING INDEX audit_entry_by_pseudonym (pseudonym=? AND rowid>?)',
      oldest: 'SEARCH audit_entry USING COVERING INDEX audit_entry_by_time (at<?)',
      entriesAfter: 'SEARCH audit_entry USING INTEGER PRIMARY KEY (rowid>?)',
      span: 'SEARCH audit_entry USING COVERING INDEX audit_entry_by_time (at>? AND at<?)',
      ofRequest: 'SEARCH audit_entry USING INDEX audit_entry_by_time (at>? AND at<?)',
      removedBetween: 'SEARCH audit_removed USING INTEGER PRIMARY KEY (rowid<?)',
    } as const;
    for (const [name, plan] of Object.entries(expected)) {
      it(`${name} uses its index and sorts nothing`, () => {
        const database = openDatabase(folder());
        const sql = Object.entries(auditQueries).find(([query]) => query === name)?.[1] ?? '';
        const parameters = Array.from({ length: sql.split('?').length - 1 }, () => 1);
        const rows: unknown[] = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters);
        const details = JSON.stringify(rows);
        expect(details).to.include(plan);
        expect(details).not.to.match(/SCAN|TEMP B-TREE/);
        database.close();
      });
    }
  });
});

function bytesIn(directory: string): Buffer {
  return Buffer.concat(readdirSync(directory).map((name) => readFileSync(path.join(directory, name))));
}

function tamper(directory: string, sql: string): void {
  const database = new BetterSqlite3(path.join(directory, DATABASE_FILE));
  database.exec(sql);
  database.close();
}
