import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { systemRandom } from '../../src/runtime/system-random.js';
import { loadOrCreateKeys } from '../../src/store/key-files.js';
import { StoreUnavailable } from '../../src/store/store-errors.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { openTestStore } from './store-fixture.js';

const names = ['preg-adapter.pseudonym.key', 'preg-adapter.sealing.key'];

describe('the key files of a sandbox', () => {
  const folder = temporaryFolders();

  it('are made for their owner only, and nothing else is left behind', () => {
    const directory = path.join(folder(), 'data');
    loadOrCreateKeys(directory, systemRandom);
    expect(readdirSync(directory).sort()).to.deep.equal(names);
    for (const name of names) expect(statSync(path.join(directory, name)).mode & 0o777).to.equal(0o600);
    expect(statSync(directory).mode & 0o777).to.equal(0o700);
  });

  it('are used again, and serve a store', () => {
    const directory = folder();
    const first = loadOrCreateKeys(directory, systemRandom);
    const second = loadOrCreateKeys(directory, systemRandom);
    expect(second).to.deep.equal(first);
    expect(first.pseudonymKey).not.to.deep.equal(first.sealingKeys[0]?.key);
    openTestStore(directory, second).close();
  });

  it('give another id to another sealing key', () => {
    const directory = folder();
    const [first] = loadOrCreateKeys(directory, systemRandom).sealingKeys;
    rmSync(path.join(directory, 'preg-adapter.sealing.key'));
    const [second] = loadOrCreateKeys(directory, systemRandom).sealingKeys;
    expect(second?.id)
      .to.match(/^sandbox-[0-9a-f]{8}$/)
      .and.not.equal(first?.id);
  });

  it('are closed to others when they were not', () => {
    const directory = folder();
    loadOrCreateKeys(directory, systemRandom);
    const file = path.join(directory, 'preg-adapter.sealing.key');
    chmodSync(file, 0o644);
    loadOrCreateKeys(directory, systemRandom);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
  });

  for (const [what, content] of [
    ['an empty file', ''],
    ['a short key', Buffer.alloc(16).toString('base64')],
    ['something else', 'not a key at all, but quite some letters long'],
  ] as const) {
    it(`are refused and kept when one holds ${what}`, () => {
      const directory = folder();
      const file = path.join(directory, 'preg-adapter.sealing.key');
      writeFileSync(file, content);
      expect(() => loadOrCreateKeys(directory, systemRandom))
        .to.throw(StoreUnavailable, 'preg-adapter.sealing.key is not a key')
        .with.property('message')
        .that.does.not.include('quite some letters');
      expect(readFileSync(file, 'utf8')).to.equal(content);
    });
  }

  it('are the same for processes that start together', async function () {
    this.timeout(20_000);
    const directory = folder();
    const module = new URL('../../src/store/key-files.js', import.meta.url);
    const random = new URL('../../src/runtime/system-random.js', import.meta.url);
    const script = `
      import { loadOrCreateKeys } from ${JSON.stringify(module.href)};
      import { systemRandom } from ${JSON.stringify(random.href)};
      const keys = loadOrCreateKeys(${JSON.stringify(directory)}, systemRandom);
      process.stdout.write(JSON.stringify([keys.sealingKeys[0].id, Buffer.from(keys.pseudonymKey).toString('hex')]));`;
    const answers = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        let output = '';
        for await (const chunk of child.stdout) output += String(chunk);
        return output;
      }),
    );
    expect(new Set(answers).size).to.equal(1);
    expect(answers[0]).to.match(/^\["sandbox-/);
    expect(readdirSync(directory).sort()).to.deep.equal(names);
  });
});
