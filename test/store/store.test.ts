import { spawn, spawnSync } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect } from 'chai';
import { AuditUnavailable } from '../../src/errors/errors.js';
import { DATABASE_FILE } from '../../src/store/database.js';
import { StoreUnavailable, UnusableKey } from '../../src/store/store-errors.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { auditEntry, openTestStore } from './store-fixture.js';

describe('the store', () => {
  const folder = temporaryFolders();

  it('can be open twice, and both see what either writes', () => {
    const directory = folder();
    const server = openTestStore(directory);
    const commandLine = openTestStore(directory);
    server.audit.record([auditEntry()]);
    commandLine.audit.record([auditEntry({ clientId: 'command-line' })]);
    server.audit.record([auditEntry()]);
    for (const store of [server, commandLine]) {
      expect([...store.audit.entries()].map(({ seq, clientId }) => `${seq} ${clientId ?? ''}`)).to.deep.equal(
        ['1 ward-system', '2 command-line', '3 ward-system'],
      );
    }
    commandLine.close();
    server.audit.record([auditEntry()]);
    expect([...server.audit.entries()]).to.have.length(4);
    server.close();
  });

  it('keeps entries over a restart', () => {
    const directory = folder();
    const before = openTestStore(directory);
    before.audit.record([auditEntry()]);
    before.close();
    const after = openTestStore(directory);
    expect([...after.audit.entries()]).to.have.length(1);
    after.close();
  });

  it('has a name that is the same for all who have it open, and after a restart, and no other store’s', () => {
    const directory = folder();
    const one = openTestStore(directory);
    const beside = openTestStore(directory);
    const other = openTestStore(folder());
    const names = [one, beside, other].map(({ installation }) => installation);
    for (const store of [one, beside, other]) store.close();
    const again = openTestStore(directory);
    expect(names[0]).to.match(/^[0-9a-f]{16}$/);
    expect([names[1], again.installation]).to.deep.equal([names[0], names[0]]);
    expect(names[2]).not.to.equal(names[0]);
    again.close();
  });

  it('has the entry of a process that was killed right after recording it', () => {
    const directory = folder();
    const child = runChild(
      `
      const store = openTestStore(${JSON.stringify(directory)});
      store.audit.record([auditEntry({ clientId: 'killed' })]);
      process.kill(process.pid, 'SIGKILL');`,
    );
    expect(child.signal, child.stderr).to.equal('SIGKILL');
    const store = openTestStore(directory);
    expect([...store.audit.entries()].map(({ clientId }) => clientId)).to.deep.equal(['killed']);
    store.close();
  });

  it('numbers the entries of processes that write at the same time without gap or double', async function () {
    this.timeout(20_000);
    const directory = folder();
    const script = childScript(`
      const store = openTestStore(${JSON.stringify(directory)});
      for (let index = 0; index < 20; index += 1) store.audit.record([auditEntry()]);
      store.close();`);
    const codes = await Promise.all(
      Array.from({ length: 3 }, () => {
        const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
          stdio: 'inherit',
        });
        return new Promise<number | null>((resolve) => child.once('exit', resolve));
      }),
    );
    expect(codes).to.deep.equal([0, 0, 0]);
    const store = openTestStore(directory);
    expect([...store.audit.entries(7)].map(({ seq }) => seq)).to.deep.equal(
      Array.from({ length: 60 }, (_, index) => index + 1),
    );
    store.close();
  });

  it('is refused at the start when its keys cannot serve, before anything is written', () => {
    const directory = path.join(folder(), 'data');
    expect(() => openTestStore(directory, { sealingKeys: [] })).to.throw(UnusableKey);
    expect(() => openTestStore(directory, { pseudonymKey: new Uint8Array(8) })).to.throw(UnusableKey);
    expect(existsSync(directory)).to.equal(false);
  });

  it('is refused at the start when it takes no writes', () => {
    const directory = folder();
    openTestStore(directory).close();
    const database = new BetterSqlite3(path.join(directory, DATABASE_FILE));
    database.exec(`CREATE TRIGGER full BEFORE INSERT ON probe BEGIN SELECT raise(ABORT, 'no room'); END`);
    database.close();
    expect(() => openTestStore(directory)).to.throw(
      StoreUnavailable,
      `data.directory ${directory} cannot be used: `,
    );
  });

  it('tells whether it takes writes', () => {
    const store = openTestStore(folder());
    expect(store.writeTrouble()).to.equal(undefined);
    expect(store.writeTrouble()).to.equal(undefined);
    store.close();
    expect(store.writeTrouble()).to.equal('the store is closed');
  });

  it('notices that its file is gone, and records nothing into the void', () => {
    const directory = folder();
    const store = openTestStore(directory);
    renameSync(path.join(directory, DATABASE_FILE), path.join(directory, 'moved'));
    expect(store.writeTrouble()).to.include('removed or replaced');
    expect(() => {
      store.audit.record([auditEntry()]);
    }).to.throw(AuditUnavailable);
    store.close();
  });

  it('may be closed twice', () => {
    const store = openTestStore(folder());
    store.close();
    expect(() => {
      store.close();
    }).not.to.throw();
  });
});

function childScript(body: string): string {
  const fixture = new URL('./store-fixture.js', import.meta.url);
  return `import { auditEntry, openTestStore } from ${JSON.stringify(fixture.href)};\n${body}`;
}

function runChild(body: string): { readonly signal: string | null; readonly stderr: string } {
  return spawnSync(process.execPath, ['--input-type=module', '--eval', childScript(body)], {
    encoding: 'utf8',
  });
}
