import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { DATABASE_FILE, openDatabase } from '../../src/store/database.js';
import { migrations, type Migration } from '../../src/store/migrations.js';
import { SchemaTooNew, StoreUnavailable } from '../../src/store/store-errors.js';
import { temporaryFolders } from '../support/temporary-folder.js';

function modeOf(file: string): string {
  return (statSync(file).mode & 0o777).toString(8);
}

describe('the database', () => {
  const folder = temporaryFolders();

  it('is in WAL mode and syncs every commit to the disk', () => {
    const database = openDatabase(folder());
    expect(database.pragma('journal_mode', { simple: true })).to.equal('wal');
    expect(database.pragma('synchronous', { simple: true })).to.equal(2);
    expect(database.pragma('secure_delete', { simple: true })).to.equal(1);
    expect(database.pragma('busy_timeout', { simple: true })).to.equal(2000);
    database.close();
  });

  it('makes a folder and files for their owner only, whatever the umask', () => {
    const before = process.umask(0);
    try {
      const directory = path.join(folder(), 'new', 'data');
      const database = openDatabase(directory);
      database.exec('INSERT INTO probe VALUES (1, 1)');
      expect(modeOf(directory)).to.equal('700');
      expect(readdirSync(directory).sort()).to.deep.equal([
        DATABASE_FILE,
        `${DATABASE_FILE}-shm`,
        `${DATABASE_FILE}-wal`,
      ]);
      for (const name of readdirSync(directory))
        expect(modeOf(path.join(directory, name)), name).to.equal('600');
      database.close();
    } finally {
      process.umask(before);
    }
  });

  it('closes an empty or own folder and own files that others could read', () => {
    const directory = folder();
    openDatabase(directory).close();
    chmodSync(directory, 0o755);
    chmodSync(path.join(directory, DATABASE_FILE), 0o644);
    openDatabase(directory).close();
    expect(modeOf(directory)).to.equal('700');
    expect(modeOf(path.join(directory, DATABASE_FILE))).to.equal('600');
  });

  it('leaves the rights of an open folder with files of others alone and refuses it', () => {
    const directory = folder();
    writeFileSync(path.join(directory, 'letter.txt'), '');
    chmodSync(directory, 0o755);
    expect(() => openDatabase(directory)).to.throw(StoreUnavailable, 'a folder of its own');
    expect(modeOf(directory)).to.equal('755');
  });

  it('says in one plain sentence that a file stands where the folder should be', () => {
    const file = path.join(folder(), 'file');
    writeFileSync(file, '');
    for (const directory of [file, path.join(file, 'below')]) {
      expect(() => openDatabase(directory))
        .to.throw(StoreUnavailable)
        .with.property(
          'message',
          `data.directory ${directory} cannot be used: a file stands where a folder is needed`,
        );
    }
  });

  it('says that the folder is not writable', function () {
    // Root may write everywhere; the kernel's own folders are the exception.
    const asRoot = process.getuid?.() === 0;
    const directory = asRoot ? '/proc/preg-adapter' : path.join(folder(), 'closed');
    if (asRoot && !existsSync('/proc/self')) this.skip();
    if (!asRoot) mkdirSync(directory, { mode: 0o500 });
    expect(() => openDatabase(directory)).to.throw(
      StoreUnavailable,
      `data.directory ${directory} cannot be used: `,
    );
  });

  it('says that the file is no database and leaves it as it is', () => {
    const directory = folder();
    const file = path.join(directory, DATABASE_FILE);
    writeFileSync(file, 'not a database, but long enough to be taken for one'.repeat(100));
    const { size } = statSync(file);
    expect(() => openDatabase(directory)).to.throw(StoreUnavailable, 'is not an SQLite database');
    expect(statSync(file).size).to.equal(size);
  });

  it('refuses the database of a newer program and does not touch it', () => {
    const directory = folder();
    const newer = openDatabase(directory);
    newer.pragma(`user_version = ${migrations.length + 1}`);
    newer.close();
    expect(() => openDatabase(directory))
      .to.throw(SchemaTooNew, 'start the newer program')
      .with.include({ found: migrations.length + 1, known: migrations.length });
  });

  describe('migrations', () => {
    const first: Migration = { name: 'first', sql: 'CREATE TABLE first (id INTEGER) STRICT;' };
    const second: Migration = { name: 'second', sql: 'CREATE TABLE second (id INTEGER) STRICT;' };

    it('run once each, in order, and are counted', () => {
      const directory = folder();
      openDatabase(directory, [first]).close();
      const database = openDatabase(directory, [first, second]);
      expect(database.pragma('user_version', { simple: true })).to.equal(2);
      expect(tables(database)).to.deep.equal(['first', 'second']);
      database.close();
    });

    it('leave nothing of a step that failed half way, and go on from there when it is mended', () => {
      const directory = folder();
      const broken: Migration = { name: 'broken', sql: `${second.sql} INSERT INTO nowhere VALUES (1);` };
      expect(() => openDatabase(directory, [first, broken])).to.throw(StoreUnavailable);
      const before = openDatabase(directory, [first]);
      expect(tables(before)).to.deep.equal(['first']);
      expect(before.pragma('user_version', { simple: true })).to.equal(1);
      before.close();
      const after = openDatabase(directory, [first, second]);
      expect(tables(after)).to.deep.equal(['first', 'second']);
      after.close();
    });

    it('are refused where they lead to other tables than they were written for', () => {
      const directory = folder();
      const before = openDatabase(directory, [first]);
      before.exec('ALTER TABLE first ADD COLUMN more TEXT; CREATE INDEX others ON first (more)');
      before.close();
      expect(() => openDatabase(directory, [first, second])).to.throw(
        StoreUnavailable,
        'its database is not as schema version 2 is made: first, others; somebody else changed it',
      );
    });

    it('leave nothing of a step in which the process was killed', () => {
      const directory = folder();
      openDatabase(directory, [first]).close();
      const module = new URL('../../src/store/migrations.js', import.meta.url);
      const script = `
        import BetterSqlite3 from 'better-sqlite3';
        import { migrate } from ${JSON.stringify(module.href)};
        const database = new BetterSqlite3(${JSON.stringify(path.join(directory, DATABASE_FILE))});
        database.function('die', () => process.kill(process.pid, 'SIGKILL'));
        migrate(database, [${JSON.stringify(first)}, { name: 'fatal', sql: ${JSON.stringify(`${second.sql} SELECT die();`)} }]);`;
      const child = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
        cwd: new URL('.', import.meta.url),
        encoding: 'utf8',
      });
      expect(child.signal, child.stderr).to.equal('SIGKILL');
      const database = openDatabase(directory, [first, second]);
      expect(tables(database)).to.deep.equal(['first', 'second']);
      database.close();
    });
  });
});

function tables(database: ReturnType<typeof openDatabase>): unknown[] {
  return database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).pluck().all();
}
