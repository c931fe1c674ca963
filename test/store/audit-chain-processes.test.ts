import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { temporaryFolders } from '../support/temporary-folder.js';
import { openTestStore } from './store-fixture.js';

describe('the chain of the audit trail, written by two processes', function () {
  this.timeout(60_000);
  const folder = temporaryFolders();

  it('is whole after both were killed at any moment', async () => {
    const directory = folder();
    for (let round = 0; round < 3; round += 1) {
      const writers = ['one', 'two'].map((name) => writer(directory, name));
      await Promise.all(writers.map(({ begun }) => begun));
      const ends = writers.map(({ child }) => once(child, 'exit'));
      for (const { child } of writers) child.kill('SIGKILL');
      await Promise.all(ends);
      const store = openTestStore(directory);
      const verdict = store.audit.verify();
      expect(verdict.bad).to.deep.equal([]);
      expect(verdict.chained).to.be.greaterThan((round + 1) * 70);
      store.close();
    }
    const store = openTestStore(directory);
    expect(new Set([...store.audit.entries()].map(({ clientId }) => clientId))).to.have.keys('one', 'two');
    store.close();
  });
});

/** A process that writes portions without end. */
function writer(
  directory: string,
  name: string,
): { readonly child: ChildProcess; readonly begun: Promise<unknown> } {
  const fixture = JSON.stringify(new URL('./store-fixture.js', import.meta.url).href);
  const script = `
    import { setTimeout } from 'node:timers/promises';
    import { auditEntry, openTestStore } from ${fixture};
    const { audit } = openTestStore(${JSON.stringify(directory)});
    const clientId = ${JSON.stringify(name)};
    for (let portion = 1; ; ) {
      try {
        audit.record(Array.from({ length: 1 + (portion % 7) }, () => auditEntry({ clientId })));
        if (portion++ === 10) console.log('begun');
      } catch {
        // On a slow disk the other one may have the lock for too long; what counts is what was written.
      }
      // SQLite's lock is not fair: without a pause the other one would hardly get it.
      await setTimeout(2);
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, begun: once(createInterface({ input: child.stdout }), 'line') };
}
