import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { InternalError, StoreFailed } from '../../../../src/errors/errors.js';
import { systemDisk, type Disk } from '../../../../src/legacy/filematch/folder/disk.js';
import { createDropFolders } from '../../../../src/legacy/filematch/folder/drop-folders.js';
import { receiptName } from '../../../../src/legacy/filematch/folder/file-names.js';
import { createFolderDelivery } from '../../../../src/legacy/filematch/folder/job-files.js';
import { CountedRandom } from '../../../support/counted-random.js';
import { temporaryFolders } from '../../../support/temporary-folder.js';
import { FolderBench } from './folder-bench.js';
import { RememberedJobs } from './remembered-jobs.js';

const NAME = 'PFM_999888777_20260301_0001.csv';

/** An error as the system gives it: its message names the file. */
function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: something, rename '/srv/${NAME}'`), { code, syscall: 'rename' });
}

describe('trouble with a drop folder', () => {
  const folder = temporaryFolders();
  let bench: FolderBench;

  beforeEach(() => {
    bench = new FolderBench(folder());
  });

  const reasons = (): readonly (string | null)[] =>
    bench.events.of.dropFolderChanged.map(({ trouble }) => trouble);

  it('is told when the folder is not there, and the folder is not made', async () => {
    rmSync(bench.base, { recursive: true });
    const looker = bench.start();

    await looker.look(3);

    expect(looker.state).to.deep.equal([
      {
        clientId: 'epj',
        trouble: { reason: 'the drop folder is not there', since: new Date('2026-03-01T12:00:00Z') },
      },
    ]);
    expect(reasons()).to.deep.equal(['the drop folder is not there']);
    expect(() => bench.put(NAME)).not.to.throw();
  });

  it('is over when the folder is back, with what was in it', async () => {
    const looker = bench.start();
    bench.put(NAME);
    await looker.look();
    renameSync(bench.base, `${bench.base}.away`);
    await looker.look(2);
    expect(looker.trouble).to.equal('the drop folder is not there');

    renameSync(`${bench.base}.away`, bench.base);
    await looker.look(2);

    expect(looker.trouble).to.equal(undefined);
    expect(bench.jobs.all).to.have.length(1);
    expect(reasons()).to.deep.equal(['the drop folder is not there', null]);
  });

  it('is over when the folder is back and empty: its subfolders are made again', async () => {
    const looker = bench.start();
    await looker.look();
    rmSync(bench.base, { recursive: true });
    await looker.look();
    mkdirSync(bench.base);
    await looker.look();

    expect(looker.trouble).to.equal(undefined);
    expect(bench.names('.')).to.have.length(4);
  });

  it('is told when a file is where the folder should be', async () => {
    rmSync(bench.base, { recursive: true });
    writeFileSync(bench.base, '');
    const looker = bench.start();

    await looker.look();

    expect(looker.trouble).to.equal('the drop folder is a file');
  });

  it('is told where a mount may be away, and nothing is made in the place of it', async () => {
    let device = 1n;
    const mounted: Disk = {
      ...systemDisk,
      lookAtFolder: async (path) => {
        const found = await systemDisk.lookAtFolder(path);
        return found === undefined ? undefined : { ...found, device };
      },
    };
    const looker = bench.start({ disk: mounted });
    await looker.look();
    renameSync(bench.base, `${bench.base}.mount`);
    mkdirSync(bench.base);
    device = 2n;
    await looker.look(2);
    expect(looker.trouble).to.equal(
      'inn/ is not there, and the drop folder is in another file system than before: is a mount away?',
    );
    expect(bench.names('.')).to.deep.equal([]);

    rmSync(bench.base, { recursive: true });
    renameSync(`${bench.base}.mount`, bench.base);
    device = 3n;
    await looker.look();
    expect(looker.trouble).to.equal(undefined);
  });

  for (const state of ['RUNNING', 'COMPLETED'] as const) {
    it(`is told when everything is gone at the start, while a job of it is ${state}: nothing is made`, async () => {
      bench.put(NAME);
      await bench.start().look(2);
      bench.jobs.end(bench.jobs.all[0]?.id ?? '', state);
      renameSync(bench.base, `${bench.base}.mount`);
      mkdirSync(bench.base);
      const looker = bench.start();
      await looker.look(2);
      expect(looker.trouble).to.equal(
        'inn/ is not there, although jobs came from this drop folder: is a mount away? If not, make inn/ again',
      );
      expect(bench.names('.')).to.deep.equal([]);

      rmSync(bench.base, { recursive: true });
      renameSync(`${bench.base}.mount`, bench.base);
      await looker.look();
      expect(looker.trouble).to.equal(undefined);
    });
  }

  it('does not come of jobs of other folders and doors: the subfolders of a new one are made', async () => {
    bench.put(NAME);
    await bench.start().look(2);
    const other = new FolderBench(folder());
    await other.start({ jobs: bench.jobs }).look();
    expect(other.names('.')).to.have.length(4);
  });

  const failures: Readonly<
    Record<string, { readonly fails: Partial<Record<keyof Disk, string>>; readonly reason: string }>
  > = {
    'is read-only': { fails: { assertWritable: 'EROFS' }, reason: 'the drop folder is read-only' },
    'is closed to the adapter': {
      fails: { assertWritable: 'EACCES' },
      reason: 'the adapter may not read and write everything in the drop folder',
    },
    'becomes read-only': { fails: { move: 'EROFS' }, reason: 'the drop folder is read-only' },
    'lies on two disks': {
      fails: { move: 'EXDEV' },
      reason: 'inn/, arbeid/, ut/ and avvist/ are not in one file system',
    },
    'is lost amid the look': { fails: { list: 'ESTALE' }, reason: 'the drop folder is not there' },
    'has a broken disk': { fails: { list: 'EIO' }, reason: 'the drop folder cannot be used (EIO)' },
  };
  for (const [what, { fails, reason }] of Object.entries(failures)) {
    it(`is told when it ${what}, and the file is taken when that is over`, async () => {
      let isBroken = true;
      const check = (operation: keyof Disk): void => {
        const code = fails[operation];
        if (isBroken && code !== undefined) throw systemError(code);
      };
      const disk: Disk = {
        ...systemDisk,
        assertWritable: async (path) => {
          check('assertWritable');
          await systemDisk.assertWritable(path);
        },
        move: async (from, to) => {
          check('move');
          return systemDisk.move(from, to);
        },
        list: async (path) => {
          check('list');
          return systemDisk.list(path);
        },
        open: async (place) => {
          check('open');
          return systemDisk.open(place);
        },
      };
      bench.put(NAME);
      const looker = bench.start({ disk });

      await looker.look(4);
      expect(looker.trouble).to.equal(reason);
      expect(reasons()).to.deep.equal([reason]);
      expect(JSON.stringify(bench.events.of)).not.to.include(NAME);
      expect(bench.jobs.all).to.deep.equal([]);

      isBroken = false;
      await looker.look(3);
      expect(looker.trouble).to.equal(undefined);
      expect(bench.jobs.all).to.have.length(1);
      expect(reasons()).to.deep.equal([reason, null]);
    });
  }

  it('is told when there is no room for a receipt, and the file stays where it is', async () => {
    let isFull = true;
    const disk: Disk = {
      ...systemDisk,
      write: (place, content) =>
        isFull ? Promise.reject(systemError('ENOSPC')) : systemDisk.write(place, content),
    };
    bench.put('my register.csv');
    const looker = bench.start({ disk });
    await looker.look(3);
    expect(looker.trouble).to.equal('the drop folder is full');
    expect(bench.names('inn')).to.deep.equal(['my register.csv']);
    expect(bench.names('avvist')).to.deep.equal([]);

    isFull = false;
    await looker.look();
    expect(looker.trouble).to.equal(undefined);
    expect(bench.names('inn')).to.deep.equal([]);
  });

  it('with one file leaves the others alone', async () => {
    const disk: Disk = {
      ...systemDisk,
      move: (from, to) =>
        from.name === 'mine.csv' ? Promise.reject(systemError('EPERM')) : systemDisk.move(from, to),
      open: (place) =>
        place.name.endsWith('closed.csv')
          ? Promise.reject(systemError('EACCES'))
          : place.name.endsWith('damaged.csv')
            ? Promise.reject(systemError('EIO'))
            : systemDisk.open(place),
    };
    bench.put('mine.csv', '1', { agedSeconds: 400 });
    bench.put('damaged.csv', '1', { agedSeconds: 300 });
    bench.put('closed.csv', '2', { agedSeconds: 200 });
    bench.put('good.csv', '3', { agedSeconds: 100 });
    const looker = bench.start({ disk });

    await looker.look(5);

    expect(bench.jobs.accepted.map(({ text }) => text)).to.deep.equal(['3']);
    expect(looker.trouble).to.equal('entries in inn/ or arbeid/ that can neither be taken nor moved away: 3');
    expect(bench.names('inn')).to.deep.equal(['mine.csv']);
  });

  it('with one job that cannot be read leaves the other files alone', async () => {
    bench.put('a.csv', '1');
    await bench.start().look(2);
    const [unreadable] = bench.jobs.all;
    const jobs = new RememberedJobs();
    jobs.job = (id, clientId) => {
      if (id === unreadable?.id) throw new InternalError('a job in the store cannot be opened');
      return RememberedJobs.prototype.job.call(jobs, id, clientId);
    };
    bench.put('b.csv', '2');
    const receipt = bench.path('avvist', receiptName('a.csv', unreadable?.id ?? ''));
    writeFileSync(receipt, '{}');
    bench.clock.advance(30 * 86_400_000);
    const looker = bench.start({ jobs });

    await looker.look(3);

    expect(jobs.accepted.map(({ text }) => text)).to.deep.equal(['2']);
    expect(looker.trouble).to.equal('entries in inn/ or arbeid/ that can neither be taken nor moved away: 1');
    expect(existsSync(receipt)).to.equal(true);
  });

  it('that is the store’s is told by its code, and the file is taken when that is over', async () => {
    bench.put(NAME);
    const looker = bench.start();
    bench.jobs.onAccept = () => {
      throw new StoreFailed('no answer');
    };
    await looker.look(4);
    expect(looker.trouble).to.equal('files cannot be taken in (store-failed)');
    expect(bench.events.of.dropFolderChanged).to.have.length(1);
    expect(bench.events.of.dropFolderChanged[0]?.error).to.be.instanceOf(StoreFailed);
    expect(bench.names('arbeid')).to.have.length(1);

    bench.jobs.onAccept = () => undefined;
    await looker.look();
    expect(looker.trouble).to.equal(undefined);
    expect(bench.jobs.all).to.have.length(1);
  });

  it('that is the disk’s where files are kept is told by the code of the system', async () => {
    bench.put(NAME);
    const looker = bench.start();
    bench.jobs.onAccept = () => {
      throw systemError('ENOSPC');
    };

    await looker.look(2);

    expect(looker.trouble).to.equal('files cannot be taken in (ENOSPC)');
  });

  it('stops taking more files before the first one could be handed in', async () => {
    bench.put('a.csv', '1', { agedSeconds: 300 });
    bench.put('b.csv', '2', { agedSeconds: 200 });
    bench.jobs.onAccept = () => {
      throw new StoreFailed('no answer');
    };

    await bench.start().look(4);

    expect(bench.names('inn')).to.deep.equal(['b.csv']);
  });

  it('leaves the folders of others alone', async () => {
    const other = new FolderBench(folder());
    other.put(NAME);
    const ending = new AbortController();
    const { clock, events, jobs } = other;
    let sleeps = 0;
    clock.onSleep = () => {
      sleeps += 1;
      // The folder that is gone is looked for many times while files are read in the other one.
      if (jobs.all.length > 0 || sleeps === 10_000) ending.abort();
    };
    const folders = createDropFolders({
      ...{ jobs, clock, events, random: new CountedRandom(), delivery: createFolderDelivery() },
      clients: ['/nonexistent/gone', other.base].map((path, index) => ({
        clientId: `client-${index}`,
        folder: path,
        ready: 'rename' as const,
        mode: 'V' as const,
        extensions: ['csv'],
      })),
      installation: '0',
      pollSeconds: 10,
      retentionDays: 14,
    });

    await folders.run(ending.signal);

    expect(jobs.all.map(({ clientId }) => clientId)).to.deep.equal(['client-1']);
    expect(folders.state().map(({ clientId, trouble }) => [clientId, trouble?.reason])).to.deep.equal([
      ['client-0', 'the drop folder is not there'],
      ['client-1', undefined],
    ]);
  });

  it('is not told of before the first look', () => {
    expect(bench.start().state).to.deep.equal([{ clientId: 'epj', trouble: null }]);
  });
});
