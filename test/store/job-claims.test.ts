import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { StoreFailed } from '../../src/errors/errors.js';
import type { JobClaim, Spool } from '../../src/legacy/filematch/jobs/spool.js';
import { SPOOL_FOLDER } from '../../src/store/spool-folder.js';
import type { Store } from '../../src/store/store.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { openTestStore } from './store-fixture.js';

const job = '01JQ0000000000000000000001';
const otherJob = '01JQ0000000000000000000002';

describe('the claim of a job', () => {
  const folder = temporaryFolders();
  const opened: Store[] = [];
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const store of opened.splice(0)) store.close();
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  const spoolIn = (directory: string): Spool => {
    const store = openTestStore(directory);
    opened.push(store);
    return store.spool;
  };

  it('is for one part of a process, until it is released', () => {
    const directory = folder();
    const [one, other] = [spoolIn(directory), spoolIn(directory)];
    const claim = one.claim(job);
    expect(claim).to.not.equal(undefined);
    expect(one.claim(job)).to.equal(undefined);
    expect(other.claim(job)).to.equal(undefined);
    // Having tried takes nothing away from who has it.
    expect(other.claim(job)).to.equal(undefined);
    claim?.release();
    claim?.release();
    expect(other.claim(job)).to.not.equal(undefined);
    expect(one.claim(job)).to.equal(undefined);
  });

  it('says nothing of other jobs', () => {
    const spool = spoolIn(folder());
    expect(spool.claim(job)).to.not.equal(undefined);
    expect(spool.claim(otherJob)).to.not.equal(undefined);
  });

  it('stays with who has it while the files of the job are used', async () => {
    const directory = folder();
    const [one, other] = [spoolIn(directory), spoolIn(directory)];
    await one.create(job);
    const claim = one.claim(job);
    for (const spool of [one, other]) {
      await spool.create(job);
      const writer = await spool.append(job, 'input', { pieces: 0, length: 0 });
      await writer.append(Buffer.from('one'));
      await writer.sync();
      await writer.close();
      expect(await spool.jobs()).to.deep.equal([job]);
      await spool.discard(job, 'input');
    }
    claim?.isFirst('ref', 1);
    expect(await claimElsewhere(directory)).to.equal('not mine');
  });

  it('is for one process', async () => {
    const directory = folder();
    const spool = spoolIn(directory);
    const claim = spool.claim(job);
    expect(await claimElsewhere(directory)).to.equal('not mine');
    claim?.release();
    expect(await claimElsewhere(directory)).to.equal('mine');
    expect(spool.claim(job)).to.equal(undefined);
  }).timeout(20_000);

  it('goes with its process, however it ends, and what it knew with it', async () => {
    const directory = folder();
    expect(await claimElsewhere(directory)).to.equal('mine');
    const spool = spoolIn(directory);
    expect(spool.claim(job)).to.equal(undefined);
    expect(readdirSync(path.join(directory, SPOOL_FOLDER, job))).to.include('references');
    await Promise.all(children.map((child) => ended(child, 'SIGKILL')));
    const claim = spool.claim(job);
    // The process that was killed has asked for this one, too.
    expect(claim?.isFirst('ref', 7)).to.equal(true);
  }).timeout(20_000);

  it('goes when the store is closed', () => {
    const directory = folder();
    const [one, other] = [openTestStore(directory), spoolIn(directory)];
    const claim = one.spool.claim(job);
    one.close();
    expect(other.claim(job)).to.not.equal(undefined);
    expect(() => claim?.isFirst('ref', 1)).to.throw(StoreFailed);
  });

  it('leaves nothing but the empty file of the lock behind', () => {
    const directory = folder();
    const claim = spoolIn(directory).claim(job);
    claim?.isFirst('ref', 1);
    claim?.release();
    expect(readdirSync(path.join(directory, SPOOL_FOLDER, job))).to.deep.equal(['claim']);
  });

  it('says that it failed rather than that another has it', () => {
    const directory = folder();
    writeFileSync(path.join(directory, SPOOL_FOLDER), '');
    expect(() => spoolIn(directory).claim(job)).to.throw(StoreFailed);
  });

  it('knows references until it is released', () => {
    const spool = spoolIn(folder());
    const before = spool.claim(job);
    expect(asked(before, ['a', 1], ['b', 2], ['a', 3], ['a', 1])).to.deep.equal([true, true, false, true]);
    before?.release();
    expect(() => before?.isFirst('c', 4)).to.throw(StoreFailed);
    expect(asked(spool.claim(job), ['a', 3], ['a', 4])).to.deep.equal([true, false]);
  });

  function asked(claim: JobClaim | undefined, ...questions: readonly (readonly [string, number])[]) {
    return questions.map(([ownRef, row]) => claim?.isFirst(ownRef, row));
  }

  /** What another process gets that claims the job, and then stays until it is killed. */
  function claimElsewhere(directory: string): Promise<string> {
    const fixture = new URL('./store-fixture.js', import.meta.url);
    const script = `
      import { openTestStore } from ${JSON.stringify(fixture.href)};
      const store = openTestStore(${JSON.stringify(directory)});
      const claim = store.spool.claim(${JSON.stringify(job)});
      claim?.isFirst('ref', 1);
      process.stdout.write(claim === undefined ? 'not mine' : 'mine');
      setInterval(() => claim, 1_000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return new Promise((resolve, reject) => {
      child.once('exit', () => {
        reject(new Error('the process ended before it said anything'));
      });
      child.stdout.once('data', (said) => {
        resolve(String(said));
      });
    });
  }
});

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    child.kill(signal);
  });
}
