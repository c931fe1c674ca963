import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect } from 'chai';
import { z } from 'zod';
import { makeBackup, type MadeBackup } from '../../../src/store/backup/make-backup.js';
import { MANIFEST_FILE } from '../../../src/store/backup/manifest.js';
import { restoreBackup, type RestoreParts } from '../../../src/store/backup/restore-backup.js';
import { UnusableBackup } from '../../../src/store/backup/unusable-backup.js';
import { DATABASE_FILE, openDatabase } from '../../../src/store/database.js';
import { migrations } from '../../../src/store/migrations.js';
import { EXCHANGE_MARK, takeDirectory } from '../../../src/store/share.js';
import { SPOOL_FOLDER } from '../../../src/store/spool-folder.js';
import { StoreUnavailable } from '../../../src/store/store-errors.js';
import { newCorrelationId } from '../../../src/runtime/correlation.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import { ManualClock } from '../../support/manual-clock.js';
import { helpNumber, recordOf } from '../../support/help-numbers.js';
import { rejectionOf } from '../../support/rejection.js';
import { temporaryFolders } from '../../support/temporary-folder.js';
import { auditEntry, openTestStore, sealingKey, testKey } from '../store-fixture.js';

const job = '01JQ0000000000000000000001';
const keys = { sealingKeys: [sealingKey('k1')], pseudonymKey: testKey('pseudonym') };

describe('a backup of the store', () => {
  const folder = temporaryFolders();
  let directory: string;
  let out: string;

  beforeEach(() => {
    directory = path.join(folder(), 'data');
    out = path.join(folder(), 'backups', 'today');
  });

  /** Entries by different clients, in order. */
  function record(...clients: readonly string[]): void {
    const store = openTestStore(directory);
    store.audit.record(clients.map((clientId) => auditEntry({ clientId })));
    store.close();
  }

  function clientsIn(place: string): readonly (string | null)[] {
    const store = openTestStore(place);
    try {
      expect(store.audit.verify().bad).to.deep.equal([]);
      return [...store.audit.entries()].map(({ clientId }) => clientId);
    } finally {
      store.close();
    }
  }

  function backup(change: Partial<Parameters<typeof makeBackup>[0]> = {}): Promise<MadeBackup> {
    return makeBackup({
      directory,
      out,
      keys,
      program: '1.2.3',
      lacking: () => [],
      clock: new ManualClock(),
      random: systemRandom,
      ...change,
    });
  }

  function restore(change: Partial<RestoreParts> = {}): ReturnType<typeof restoreBackup> {
    return restoreBackup({
      from: out,
      directory,
      force: false,
      keys,
      entry: auditEntry({ clientId: 'restore' }),
      clock: new ManualClock(),
      random: systemRandom,
      ...change,
    });
  }

  /** Changes the manifest of the backup. */
  function rewrite(change: (manifest: Record<string, unknown>) => void): void {
    const file = path.join(out, MANIFEST_FILE);
    const manifest = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')));
    change(manifest);
    writeFileSync(file, JSON.stringify(manifest));
  }

  /** Gives help numbers out in the store. */
  function giveOut(...indexes: readonly number[]): void {
    const server = openTestStore(directory);
    for (const index of indexes) {
      const origin = {
        at: new Date('2026-03-01T12:00:00Z'),
        correlationId: newCorrelationId(systemRandom),
        clientId: 'epj',
        requester: undefined,
        operation: 'add',
      } as const;
      server.helpNumbers.change(origin, (writer) => writer.insert(helpNumber(index), recordOf()));
    }
    server.close();
  }

  it('is not restored with a series for new where numbers of it were given out before', async () => {
    giveOut(1);
    await backup();
    const used = { answer: 'new-series', series: [{ from: '800000000', to: '800000500' }] } as const;
    const unused = { answer: 'new-series', series: [{ from: '800000500', to: '800000600' }] } as const;
    const refused = await rejectionOf(restore({ force: true, helpNumbers: used }));
    expect(refused).to.be.instanceOf(UnusableBackup);
    expect(String(refused)).to.contain('is not new');
    expect((await restore({ force: true, helpNumbers: unused })).movedTo).to.be.a('string');
  });

  it('is not restored as the last word on help numbers in the place of a store that knows more of them', async () => {
    giveOut(1);
    await backup();
    const helpNumbers = { answer: 'none-lost', series: [{ from: '800000000', to: '800000500' }] } as const;
    giveOut(2, 3);
    const refused = await rejectionOf(restore({ force: true, helpNumbers }));
    expect(refused).to.be.instanceOf(UnusableBackup);
    expect(String(refused)).to.contain('2 help numbers more');
    expect(readdirSync(directory), 'nothing is changed').to.include(DATABASE_FILE);
    await restore({ force: true, helpNumbers: { ...helpNumbers, answer: 'new-series', series: [] } });
    expect((await restore({ force: true, helpNumbers })).movedTo, 'as many as there').to.be.a('string');
  });

  it('is made beside those who have the store open, for its owner alone, and holds what they wrote until then', async () => {
    const server = openTestStore(directory);
    server.audit.record([auditEntry({ clientId: 'before' })]);
    await server.spool.create(job);
    writeFileSync(path.join(directory, SPOOL_FOLDER, job, 'input'), 'sealed');
    writeFileSync(path.join(directory, SPOOL_FOLDER, job, 'claim'), '');
    const { manifest } = await backup();
    server.audit.record([auditEntry({ clientId: 'after' })]);
    server.close();
    expect(manifest.files.map(({ name }) => name)).to.deep.equal([
      DATABASE_FILE,
      `${SPOOL_FOLDER}/${job}/job`,
      `${SPOOL_FOLDER}/${job}/input`,
    ]);
    expect(manifest).to.deep.include({ program: '1.2.3', schema: migrations.length });
    expect(manifest.audit).to.include({ entries: 1, faults: 0 });
    expect(readdirSync(path.dirname(out)), 'nothing else').to.deep.equal(['today']);
    expect(readdirSync(out).sort()).to.deep.equal([MANIFEST_FILE, SPOOL_FOLDER, DATABASE_FILE].sort());
    for (const name of [MANIFEST_FILE, DATABASE_FILE]) {
      expect(statSync(path.join(out, name)).mode & 0o777, name).to.equal(0o600);
    }
    expect(statSync(out).mode & 0o777).to.equal(0o700);
    expect(clientsIn(directory)).to.deep.equal(['before', 'after']);

    const { movedTo } = await restore({ force: true });
    expect(clientsIn(directory)).to.deep.equal(['before', 'restore']);
    expect(readFileSync(path.join(directory, SPOOL_FOLDER, job, 'input'), 'utf8')).to.equal('sealed');
    expect(clientsIn(movedTo ?? ''), 'what was there').to.deep.equal(['before', 'after']);
  });

  it('is not made over something, nor of a folder without a store', async () => {
    record('epj');
    mkdirSync(out, { recursive: true });
    expect(await rejectionOf(backup())).to.be.instanceOf(UnusableBackup);
    expect(readdirSync(out)).to.deep.equal([]);
    const nowhere = path.join(folder(), 'nowhere');
    expect(await rejectionOf(backup({ directory: nowhere, out: `${out}-2` }))).to.be.instanceOf(
      StoreUnavailable,
    );
    expect(readdirSync(path.dirname(out))).to.deep.equal(['today']);
  });

  it('leaves nothing where the database that it copied is damaged', async () => {
    record(...Array.from({ length: 400 }, (_, index) => `client-${index}`));
    const file = path.join(directory, DATABASE_FILE);
    const octets = readFileSync(file);
    octets.fill(0x5a, octets.length - 6 * 4096, octets.length - 4096);
    writeFileSync(file, octets);
    const error = await rejectionOf(backup());
    expect(String(error)).to.match(/damaged/);
    expect(readdirSync(path.dirname(out))).to.deep.equal([]);
  });

  it('is made anew when a job ended between the copies of its row and its files, and tells what lacks in the end', async () => {
    record('epj');
    let looks = 0;
    const once = await backup({
      lacking: () => {
        looks += 1;
        return looks === 1 ? [job] : [];
      },
    });
    expect([looks, once.lacking]).to.deep.equal([2, []]);
    const never = await backup({ out: `${out}-2`, lacking: () => [job] });
    expect(never.lacking).to.deep.equal([job]);
    expect(readdirSync(path.dirname(out)).sort()).to.deep.equal(['today', 'today-2']);
  });

  it('holds no key, and nothing that a key could be told by', async () => {
    record('epj');
    await backup();
    const octets = Buffer.concat(
      [MANIFEST_FILE, DATABASE_FILE].map((name) => readFileSync(path.join(out, name))),
    );
    for (const key of [testKey('k1'), testKey('pseudonym')]) {
      const digest = createHash('sha256').update(key).digest();
      for (const form of [Buffer.from(key), digest]) {
        expect(octets.includes(form)).to.equal(false);
        expect(octets.includes(Buffer.from(form).toString('hex').slice(0, 16))).to.equal(false);
        expect(octets.includes(Buffer.from(form).toString('base64'))).to.equal(false);
      }
    }
  });

  describe('restored', () => {
    beforeEach(async () => {
      record('one', 'two');
      await backup();
    });

    it('into a folder that is not there yet, is the store that it was', async () => {
      const { movedTo, steps } = await restore({ directory: path.join(folder(), 'new') });
      expect([movedTo, steps]).to.deep.equal([undefined, []]);
      rmSync(directory, { recursive: true });
      await restore();
      expect(clientsIn(directory)).to.deep.equal(['one', 'two', 'restore']);
      expect(readdirSync(directory).sort()).to.deep.equal(['preg-adapter.in-use', DATABASE_FILE]);
    });

    it('does not take the place of a store unless it is told to, nor of one that is in use even then', async () => {
      record('three');
      expect(String(await rejectionOf(restore()))).to.contain('--force');
      const server = openTestStore(directory);
      expect(String(await rejectionOf(restore({ force: true })))).to.contain('in use');
      server.audit.record([auditEntry({ clientId: 'four' })]);
      server.close();
      expect(clientsIn(directory)).to.deep.equal(['one', 'two', 'three', 'four']);
    });

    it('takes the place of a store that is damaged', async () => {
      writeFileSync(
        path.join(directory, DATABASE_FILE),
        'not a database, but long enough for one'.repeat(200),
      );
      const { movedTo } = await restore({ force: true });
      expect(clientsIn(directory)).to.deep.equal(['one', 'two', 'restore']);
      expect(readFileSync(path.join(movedTo ?? '', DATABASE_FILE), 'utf8')).to.match(/^not a database/);
    });

    const unfit: readonly [
      title: string,
      spoil: () => void,
      change: Partial<RestoreParts>,
      reason: RegExp,
    ][] = [
      [
        'without what it says of itself',
        () => {
          rmSync(path.join(out, MANIFEST_FILE));
        },
        {},
        /manifest\.json cannot be read \(ENOENT\)/,
      ],
      [
        'with something else in its place',
        () => {
          writeFileSync(path.join(out, MANIFEST_FILE), '{"format":2}');
        },
        {},
        /is not one of a backup/,
      ],
      [
        'without its database',
        () => {
          rmSync(path.join(out, DATABASE_FILE));
        },
        {},
        /preg-adapter\.sqlite is missing/,
      ],
      [
        'with a file that was changed',
        () => {
          appendFileSync(path.join(out, DATABASE_FILE), 'x');
        },
        {},
        /not as it was written/,
      ],
      [
        'that names files elsewhere',
        () => {
          rewrite((manifest) => {
            manifest['files'] = [{ name: '../../etc/passwd', octets: 1, sha256: 'a'.repeat(64) }];
          });
        },
        {},
        /is not one of a backup/,
      ],
      [
        'that names no database',
        () => {
          rewrite((manifest) => {
            manifest['files'] = [];
          });
        },
        {},
        /names no database/,
      ],
      [
        'of a newer program',
        () => {
          rewrite((manifest) => {
            manifest['schema'] = migrations.length + 1;
          });
        },
        {},
        /use the newer program/,
      ],
      [
        'with another pseudonym key',
        () => undefined,
        { keys: { ...keys, pseudonymKey: testKey('other') } },
        /store\.pseudonymKey is not/,
      ],
      [
        'without one of its sealing keys',
        () => undefined,
        { keys: { ...keys, sealingKeys: [sealingKey('k2')] } },
        /lacks what it was made with: "k1"/,
      ],
      [
        'with another sealing key of the same id',
        () => undefined,
        { keys: { ...keys, sealingKeys: [{ id: 'k1', key: testKey('other') }] } },
        /lacks what it was made with: "k1"/,
      ],
      [
        'whose audit trail was touched',
        () => {
          tamper("UPDATE audit_entry SET client_id = 'nobody' WHERE seq = 1");
        },
        {},
        /audit trail is not as it was/,
      ],
      [
        'whose audit trail was cut together with its end',
        () => {
          tamper('DELETE FROM audit_entry; DELETE FROM audit_chain');
        },
        {},
        /audit trail is not as it was/,
      ],
      [
        'of another schema than it says',
        () => {
          tamper('PRAGMA user_version = 3');
        },
        {},
        /is damaged/,
      ],
    ];

    /** Changes the database of the backup, with a manifest that agrees. */
    function tamper(sql: string): void {
      const file = path.join(out, DATABASE_FILE);
      const database = new BetterSqlite3(file);
      database.exec(sql);
      database.close();
      const octets = readFileSync(file);
      rewrite((manifest) => {
        manifest['files'] = [
          {
            name: DATABASE_FILE,
            octets: octets.length,
            sha256: createHash('sha256').update(octets).digest('hex'),
          },
        ];
      });
    }

    for (const [title, spoil, change, reason] of unfit) {
      it(`is refused ${title}, and leaves everything as it is`, async () => {
        record('three');
        spoil();
        const error = await rejectionOf(restore({ force: true, ...change }));
        expect(error).to.be.instanceOf(UnusableBackup);
        expect(String(error)).to.match(reason);
        expect(clientsIn(directory)).to.deep.equal(['one', 'two', 'three']);
        expect(readdirSync(directory).sort()).to.deep.equal(['preg-adapter.in-use', DATABASE_FILE]);
      });
    }

    describe('by a process that was killed while files were exchanged', () => {
      const aside = 'preg-adapter.before-restore-20250101T000000Z';

      /** As it lies on the disk after so many of the moves. */
      async function brokenOff(moves: number): Promise<void> {
        record('three');
        const store = openTestStore(directory);
        await store.spool.create(job);
        store.close();
        const draft = path.join(directory, 'preg-adapter.restored');
        const another = path.join(folder(), 'copy');
        await restore({ directory: another });
        renameSync(another, draft);
        mkdirSync(path.join(directory, aside));
        writeFileSync(path.join(directory, EXCHANGE_MARK), `${aside}\n`);
        const steps: readonly [from: string, to: string][] = [
          [path.join(directory, SPOOL_FOLDER), path.join(directory, aside, SPOOL_FOLDER)],
          [path.join(directory, DATABASE_FILE), path.join(directory, aside, DATABASE_FILE)],
          [path.join(draft, DATABASE_FILE), path.join(directory, DATABASE_FILE)],
        ];
        for (const [from, to] of steps.slice(0, moves)) renameSync(from, to);
      }

      for (const moves of [0, 1, 2, 3]) {
        it(`after ${moves} of them, lets nobody in, and is done by the next restore, with nothing lost`, async () => {
          await brokenOff(moves);
          expect(() => openTestStore(directory)).to.throw(StoreUnavailable, 'was broken off');
          const { movedTo } = await restore();
          expect(clientsIn(directory)).to.deep.equal(['one', 'two', 'restore']);
          expect(existsSync(path.join(directory, SPOOL_FOLDER))).to.equal(false);
          expect(path.basename(movedTo ?? '')).to.equal(aside);
          expect(existsSync(path.join(directory, aside, SPOOL_FOLDER, job))).to.equal(true);
          expect(clientsIn(path.join(directory, aside))).to.deep.equal(['one', 'two', 'three']);
        });
      }
    });

    it('of an older program, is brought up to date and says so', async () => {
      const older = path.join(folder(), 'older');
      openDatabase(older, migrations.slice(0, -1)).close();
      const octets = readFileSync(path.join(older, DATABASE_FILE));
      writeFileSync(path.join(out, DATABASE_FILE), octets);
      rewrite((manifest) => {
        const sha256 = createHash('sha256').update(octets).digest('hex');
        manifest['files'] = [{ name: DATABASE_FILE, octets: octets.length, sha256 }];
        manifest['schema'] = migrations.length - 1;
        manifest['audit'] = { entries: 0, faults: 0, last: null };
      });
      const { steps } = await restore({ force: true });
      expect(steps).to.deep.equal([migrations.at(-1)?.name]);
      expect(clientsIn(directory)).to.deep.equal(['restore']);
    });
  });

  it('lets nobody open the store while it is being restored', () => {
    record('one');
    const leave = takeDirectory(directory);
    expect(() => openTestStore(directory)).to.throw(StoreUnavailable, 'is being restored');
    leave?.();
    expect(clientsIn(directory)).to.deep.equal(['one']);
  });
});
