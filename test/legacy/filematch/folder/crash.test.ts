import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { StoreFailed } from '../../../../src/errors/errors.js';
import { systemDisk, type Disk } from '../../../../src/legacy/filematch/folder/disk.js';
import { temporaryFolders } from '../../../support/temporary-folder.js';
import { FolderBench, type BenchOptions } from './folder-bench.js';
import { MortalDisk, type Moment } from './mortal-disk.js';

const NAME = 'PFM_999888777_20260301_0001.csv';
const AGAIN = 'register.csv';
interface Story {
  readonly options?: BenchOptions;
  /** What was there before. */
  readonly before?: (bench: FolderBench) => Promise<void>;
  /** What was delivered when the process starts that ends. */
  readonly delivered: (bench: FolderBench) => void;
  /** So many at least are made, and any of them may be the last one. */
  readonly changes: number;
  /** What holds in the end, wherever it ended. */
  readonly end: (bench: FolderBench) => void;
}

const isTakenOnce = (bench: FolderBench): void => {
  expect(bench.jobs.accepted.map(({ text }) => text)).to.deep.equal(['content']);
  expect(bench.names('arbeid')).to.have.length(1);
  expect(bench.names('avvist')).to.deep.equal([]);
};

const tookItOnce = async (bench: FolderBench): Promise<void> => {
  bench.put(NAME, 'content');
  await bench.start().look(2);
};

const stories: Readonly<Record<string, Story>> = {
  'a file': {
    changes: 5,
    delivered: (bench) => bench.put(NAME, 'content'),
    end: isTakenOnce,
  },
  'a file with a marker': {
    changes: 6,
    options: { ready: 'ok' },
    delivered: (bench) => {
      bench.put(NAME, 'content');
      bench.put(`${NAME}.ok`, '');
    },
    end: isTakenOnce,
  },
  'what was processed before': {
    changes: 4,
    before: tookItOnce,
    delivered: (bench) => bench.put(AGAIN, 'content'),
    end: (bench) => {
      expect(bench.jobs.all).to.have.length(1);
      expect(bench.names('arbeid')).to.have.length(1);
      expect(bench.refused().map((name) => readFileSync(bench.path('avvist', name), 'utf8'))).to.deep.equal([
        'content',
      ]);
      expect(bench.receipt()).to.include({ errorCode: 'E012', earlierJobId: bench.jobs.all[0]?.id });
    },
  },
  'what was processed before and shall be again': {
    changes: 4,
    before: tookItOnce,
    delivered: (bench) => {
      bench.put(`${AGAIN}.force`, '');
      bench.put(AGAIN, 'content');
    },
    end: (bench) => {
      expect(bench.jobs.accepted.map(({ file }) => file.forced)).to.deep.equal([false, true]);
      expect(bench.names('arbeid')).to.have.length(2);
      expect(bench.names('avvist')).to.deep.equal([]);
    },
  },
  'a file that is not taken': {
    changes: 5,
    delivered: (bench) => bench.put('my register.csv', 'content'),
    end: (bench) => {
      expect(bench.jobs.all).to.deep.equal([]);
      expect(bench.names('arbeid')).to.deep.equal([]);
      const [refused, ...others] = bench.refused();
      expect(others).to.deep.equal([]);
      expect(readFileSync(bench.path('avvist', refused ?? ''), 'utf8')).to.equal('content');
      expect(bench.names('avvist')).to.include(`${refused ?? ''}.kvittering.json`);
    },
  },
  'the original of a job that completed': {
    changes: 1,
    before: async (bench) => {
      await tookItOnce(bench);
      bench.jobs.end(bench.jobs.all[0]?.id ?? '', 'COMPLETED');
    },
    delivered: () => undefined,
    end: (bench) => {
      expect(bench.jobs.all).to.have.length(1);
      expect(bench.names('arbeid')).to.deep.equal([]);
      expect(bench.names('avvist')).to.deep.equal([]);
    },
  },
  'the original of a job that failed': {
    changes: 1,
    before: async (bench) => {
      await tookItOnce(bench);
      bench.jobs.end(bench.jobs.all[0]?.id ?? '', 'FAILED');
    },
    delivered: () => undefined,
    end: (bench) => {
      expect(bench.jobs.all).to.have.length(1);
      expect(bench.names('arbeid')).to.deep.equal([]);
      expect(bench.refused().map((name) => readFileSync(bench.path('avvist', name), 'utf8'))).to.deep.equal([
        'content',
      ]);
    },
  },
};

describe('a drop folder after a process that ended at any step', () => {
  const folder = temporaryFolders();

  /** @returns whether the process came as far as that step */
  const live = async (story: Story, lastStep: number, moment: Moment): Promise<boolean> => {
    const bench = new FolderBench(folder());
    await story.before?.(bench);
    story.delivered(bench);

    const mortal = new MortalDisk(lastStep, moment);
    bench.jobs.onAccept = () => {
      mortal.step();
    };
    await bench.start({ ...story.options, disk: mortal.disk }).look(2);
    bench.jobs.onAccept = () => undefined;
    const heir = bench.start(story.options);
    await heir.look(4);

    try {
      story.end(bench);
      expect(bench.names('inn')).to.deep.equal([]);
      expect(heir.trouble).to.equal(undefined);
    } catch (error) {
      throw new Error(`after an end ${moment} step ${lastStep}`, { cause: error });
    }
    return mortal.isDead;
  };

  for (const [what, story] of Object.entries(stories)) {
    for (const moment of ['before', 'amid', 'after'] as const) {
      it(`has lost nothing and done nothing twice: ${what}, ${moment} the step`, async function () {
        this.timeout(20_000);
        let lastStep = 1;
        while (await live(story, lastStep, moment)) lastStep += 1;
        expect(lastStep).to.be.greaterThan(story.changes);
      });
    }
  }

  it('does not take the next file of a name for complete by the marker of the one before', async () => {
    const bench = new FolderBench(folder());
    bench.put(NAME, 'content');
    bench.put(`${NAME}.ok`, '');
    const endingBehindTheMove: Disk = {
      ...systemDisk,
      move: async (from, to) => {
        await systemDisk.move(from, to);
        throw new Error('ended');
      },
    };
    await bench.start({ ready: 'ok', disk: endingBehindTheMove }).look(2);
    expect(bench.names('inn')).to.deep.equal([`${NAME}.ok`]);

    bench.put(NAME, 'half of the next');
    await bench.start({ ready: 'ok' }).look(4);

    expect(bench.jobs.accepted.map(({ text }) => text)).to.deep.equal(['content']);
    expect(bench.names('inn')).to.deep.equal([NAME]);
  });

  it('keeps the marker of the next file of a name while the one before cannot be handed in', async () => {
    const bench = new FolderBench(folder());
    bench.put(NAME, 'content');
    bench.put(`${NAME}.ok`, '');
    const ticking: Disk = {
      ...systemDisk,
      // Whatever the file system counts in: the next marker comes a second later.
      look: async (place) => {
        const found = await systemDisk.look(place);
        if (found === undefined || !place.name.endsWith('.ok')) return found;
        return { ...found, changedAt: found.changedAt + 1_000_000_000n };
      },
    };
    const looker = bench.start({ ready: 'ok', disk: ticking });
    bench.jobs.onAccept = () => {
      throw new StoreFailed('no answer');
    };
    await looker.look(2);
    bench.put(NAME, 'the next');
    bench.put(`${NAME}.ok`, '');
    await looker.look(2);
    expect(bench.names('inn')).to.deep.equal([NAME, `${NAME}.ok`]);

    bench.jobs.onAccept = () => undefined;
    await looker.look(3);
    expect(bench.jobs.accepted.map(({ text }) => text)).to.deep.equal(['content', 'the next']);
    expect(bench.names('inn')).to.deep.equal([]);
  });
});
