import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect } from 'chai';
import { z } from 'zod';
import type { AuditEntry } from '../../../src/operations/audit-trail.js';
import { DATABASE_FILE } from '../../../src/store/database.js';
import type { Store } from '../../../src/store/store.js';
import { runCommand, type CommandResult } from '../../support/command-line.js';
import { someHash, write } from '../../support/configuration-files.js';
import { withStore } from '../../support/opened-store.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { temporaryFolders } from '../../support/temporary-folder.js';
import { auditEntry } from '../../store/store-fixture.js';

const HPR = '2.16.578.1.12.4.1.4.4';

describe('preg-adapter audit', function () {
  this.timeout(20_000);

  const newFolder = temporaryFolders();
  let folder: string;
  let config: string;
  beforeEach(() => {
    folder = newFolder();
    config = write(
      folder,
      'hospital.yaml',
      `
data: { directory: ${join(folder, 'data')} }
sandbox: {}
audit: { purpose: Health care, operatorPurpose: Control of access }
clients:
  - { id: epj, name: The journal, username: epj, passwordHash: '${someHash}', protocols: [hl7v3], organisation: { parent: 999999999 } }
  - { id: lab, purpose: Billing, username: lab, passwordHash: '${someHash}', protocols: [hl7v3], organisation: { parent: 999999999, child: 888888888 } }
`,
    );
  });

  const subject = syntheticNumber();
  const other = syntheticNumber(1);
  const audit = (args: readonly string[], input = ''): Promise<CommandResult> =>
    runCommand(['audit', ...args, '--config', config], { input });
  const onStore = <Result>(use: (store: Store) => Result): Result => withStore(join(folder, 'data'), use);
  const record = (...changes: readonly Partial<AuditEntry>[]): void => {
    onStore(({ audit: trail }) => {
      trail.record(changes.map((change) => auditEntry({ clientId: 'epj', subject, ...change })));
    });
  };
  const lastAudited = () => {
    const found = onStore(({ audit: trail }) => [...trail.readAll()]).at(-1);
    return (
      found && {
        operation: found.operation,
        outcome: found.outcome,
        purpose: found.purpose,
        count: found.detail === 'sealed' ? undefined : found.detail.count,
        period: found.detail === 'sealed' ? undefined : found.detail.period,
      }
    );
  };
  const tamper = (sql: string): void => {
    const database = new BetterSqlite3(join(folder, 'data', DATABASE_FILE));
    database.exec(sql);
    database.close();
  };

  describe('verify', () => {
    it('says that the trail is whole and what to note, finds that again, and is audited', async () => {
      record({}, {}, {});
      const { code, out, err } = await audit(['verify']);
      expect({ code, err }).to.deep.equal({ code: 0, err: '' });
      expect(out).to.match(
        /^The audit trail is whole\.\nIn the chain: 3 entries, since \S+\.\nTo note outside: 3:[0-9a-f]{32}\n$/,
      );
      expect(lastAudited()).to.deep.equal({
        operation: 'audit verify',
        outcome: 'done',
        purpose: 'Control of access',
        count: 0,
        period: undefined,
      });
      const noted = /3:[0-9a-f]{32}/.exec(out)?.[0] ?? '';
      const again = await audit(['verify', '--known', noted]);
      expect(again.code).to.equal(0);
      expect(again.out).to.contain('The entry that was noted is there as it was.\n');
    });

    const cases = {
      'UPDATE audit_entry SET outcome = NULL OR 1 WHERE seq = 2':
        'number 2 was changed after it was written.',
      'DELETE FROM audit_entry WHERE seq = 2': 'number 2 was deleted, and not by retention.',
      'DELETE FROM audit_entry WHERE seq > 1': 'numbers 2 to 3 are gone: the end was cut off.',
      'UPDATE audit_entry SET seq = -seq WHERE seq > 1; UPDATE audit_entry SET seq = 5 + seq WHERE seq < 0':
        'number 2 holds what was written as number 3: entries were reordered.',
    };
    for (const [sql, sentence] of Object.entries(cases)) {
      it(`ends with exit code 1 and says: ${sentence}`, async () => {
        record({}, {}, {});
        tamper(sql);
        const { code, out, err } = await audit(['verify']);
        expect(out.split('\n')[0]).to.equal(`First bad entry: ${sentence}`);
        expect({ code, err }).to.deep.equal({ code: 1, err: 'The audit trail is not as it was written.\n' });
        expect(lastAudited()).to.include({ operation: 'audit verify', outcome: 'refused' });
      });
    }

    it('tells the same as JSON', async () => {
      record({}, {});
      tamper('DELETE FROM audit_entry WHERE seq = 1');
      const { code, out } = await audit(['verify', '--json']);
      expect(code).to.equal(1);
      expect(JSON.parse(out)).to.deep.include({
        bad: [{ fault: 'deleted', first: 1, last: 1 }],
        badCount: 1,
      });
    });
  });

  describe('search', () => {
    it('shows who looked, is audited under the same person, and shows that the next time', async () => {
      record(
        { detail: { remoteAddress: '192.0.2.7', requester: `${HPR}^9144900` } },
        { subject: other, clientId: 'lab' },
      );
      const { code, out } = await audit(['search'], subject);
      expect(code).to.equal(0);
      const [titles, row, ...rest] = out.split('\n').map((line) => line.split(/ {2,}/));
      expect(titles?.[0]).to.equal('WHEN (UTC)');
      expect(row?.slice(0, 8)).to.deep.equal([
        '2025-03-01 12:00:00',
        'epj',
        'hl7v3',
        'GetDemographics',
        'found',
        `${HPR}^9144900`,
        '192.0.2.7',
        '–',
      ]);
      expect(rest).to.deep.equal([['']]);
      expect(out).not.to.contain(subject);
      expect(lastAudited()).to.include({ operation: 'audit search', purpose: 'Control of access', count: 1 });
      expect((await audit(['search'], subject)).out).to.contain('audit search');
    });

    it('keeps to the period, both days included', async () => {
      const days = [
        '2025-01-01T23:59:59.999Z',
        '2025-01-02T00:00:00Z',
        '2025-01-03T23:59:59Z',
        '2025-01-04T00:00:00Z',
      ];
      record(...days.map((at) => ({ at: new Date(at) })));
      const { out } = await audit(
        ['search', '--from', '2025-01-02', '--to', '2025-01-03', '--json'],
        subject,
      );
      expect(
        z
          .array(z.object({ at: z.string() }))
          .parse(JSON.parse(out))
          .map(({ at }) => at),
      ).to.deep.equal(['2025-01-02T00:00:00.000Z', '2025-01-03T23:59:59.000Z']);
      expect(lastAudited()?.period).to.deep.equal({ from: '2025-01-02', to: '2025-01-03' });
    });

    it('shows the others where one was tampered with', async () => {
      record({}, {});
      tamper("UPDATE audit_entry SET sealed_detail = x'00' WHERE seq = 1");
      const { out } = await audit(['search'], subject);
      expect(out).to.contain('cannot be opened').and.to.contain('192.0.2.17');
    });

    it('says when there is none, and refuses what is no number or no day', async () => {
      expect((await audit(['search'], subject)).out).to.equal('There is no entry.\n');
      expect((await audit(['search'], '123')).code).to.equal(1);
      expect((await audit(['search', '--from', '2025-02-30'], subject)).code).to.equal(1);
    });
  });

  describe('extract', () => {
    it('(QUALITY 54) lists all lookups of one person, and only that person’s', async () => {
      record(
        ...Array.from({ length: 30 }, (_, index) => ({
          at: new Date(Date.UTC(2025, 0, 1, 12, index)),
          subject: index % 3 === 0 ? subject : other,
        })),
      );
      const { code, out } = await audit(['extract'], subject);
      expect(code).to.equal(0);
      const times = [...out.matchAll(/^01\.01\.2025 13:(\d\d):00$/gm)].map(([, minute]) => Number(minute));
      expect(times).to.deep.equal([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
      expect(out).to.contain('\n10 oppslag.\n');
      expect(lastAudited()).to.include({
        operation: 'audit extract',
        count: 10,
        purpose: 'Control of access',
      });
    });

    it('says who, when and for what in plain words, and nothing of how it works', async () => {
      const at = new Date('2025-07-01T21:30:05Z');
      // Written as the adapter writes, with its configuration's purposes.
      record({ at, detail: { remoteAddress: '192.0.2.7', requester: `${HPR}^9144900` } });
      tamper("UPDATE audit_entry SET purpose = 'Health care'");
      record(
        {
          at,
          clientId: 'lab',
          operation: 'FindCandidates',
          outcome: 'not-found',
          detail: { remoteAddress: '192.0.2.8', requester: `2.16.578.1.12.4.1.4.1^${other}` },
        },
        { at, clientId: 'gone', outcome: 'upstream-unavailable' },
        { at, clientId: null, outcome: 'not-authenticated' },
      );
      const { out } = await audit(['extract', '--language', 'en'], subject);
      const [, ...blocks] = out.split('\n\n');
      expect(blocks).to.deep.equal([
        '01.07.2025 23:30:05\n' +
          '  Who:  The journal (organisation number 999999999), health personnel with HPR number 9144900\n' +
          '  What: Looked up information about you in the population register. Information was given.\n' +
          '  Why:  Health care',
        '01.07.2025 23:30:05\n' +
          '  Who:  lab (organisation number 888888888), on behalf of a user of the system\n' +
          '  What: Searched for people in the population register. Nobody was found.\n' +
          '  Why:  not stated',
        '01.07.2025 23:30:05\n' +
          '  Who:  gone\n' +
          '  What: Looked up information about you in the population register. No information was given.\n' +
          '  Why:  not stated',
        '01.07.2025 23:30:05\n' +
          '  Who:  an unknown system\n' +
          '  What: Looked up information about you in the population register. No information was given.\n' +
          '  Why:  not stated',
        '4 lookups.\n',
      ]);
      const entries = onStore(({ audit: trail }) => [...trail.entries()]);
      for (const { correlationId, pseudonym } of entries) {
        for (const inner of [
          correlationId,
          pseudonym ?? correlationId,
          subject,
          other,
          '192.0.2.7',
          'hl7v3',
          'GetDemographics',
        ]) {
          expect(out).not.to.contain(inner);
        }
      }
    });

    it('says when nobody has looked', async () => {
      expect((await audit(['extract'], subject)).out).to.match(
        /Ingen har slått deg opp gjennom denne løsningen\.\n$/,
      );
    });
  });

  describe('export', () => {
    it('writes the entries of the period as lines of JSON, people as pseudonyms, after its own entry', async () => {
      record({ at: new Date('2025-01-01') }, { at: new Date('2025-01-02') }, { at: new Date('2025-01-03') });
      const { code, out } = await audit(['export', '--from', '2025-01-02', '--to', '2025-01-02']);
      expect(code).to.equal(0);
      const line = z
        .object({
          seq: z.number(),
          at: z.string(),
          pseudonym: z.string(),
          detail: z.unknown(),
          link: z.string(),
        })
        .parse(JSON.parse(out));
      expect(line).to.deep.include({
        seq: 2,
        at: '2025-01-02T00:00:00.000Z',
        detail: { remoteAddress: '192.0.2.17' },
      });
      expect(out).not.to.contain(subject);
      expect(lastAudited()).to.deep.include({
        operation: 'audit export',
        period: { from: '2025-01-02', to: '2025-01-02' },
      });
    });

    it('writes them as CSV, in which nothing is a formula', async () => {
      record({ detail: { remoteAddress: '192.0.2.1', requester: '=1+1,"a"' } });
      const { out } = await audit(['export', '--format', 'csv']);
      const [heading, row, own, end] = out.split('\r\n');
      expect(heading).to.equal(
        'seq,at,correlation_id,client_id,protocol,operation,purpose,pseudonym,outcome,source,remote_address,requester,detail,link',
      );
      expect(row).to.contain(`,192.0.2.1,"'=1+1,""a""",`);
      expect(own).to.contain(',audit export,Control of access,');
      expect(end).to.equal('');
    });

    it('writes more than it reads at once', async () => {
      record(...Array.from({ length: 1_200 }, () => ({})));
      const { out } = await audit(['export', '--to', '2025-03-02']);
      expect(out.trim().split('\n')).to.have.length(1_200);
    });
  });
});
