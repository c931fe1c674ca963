import { expect } from 'chai';
import { workOf } from '../../../src/cli/filematch/work-at-hand.js';
import type { JobView } from '../../../src/legacy/filematch/jobs/filematch-jobs.js';
import { someView } from '../../support/filematch-job-view.js';
import { FilematchWorld, plainFile } from '../../support/filematch-world.js';

const AT = new Date('2026-03-01T13:00:00Z');

function workWith(unfinished: readonly JobView[], done: readonly JobView[] = []) {
  return workOf({
    jobs: {
      jobs: ({ over, state, exceptDoor }) =>
        (over === true ? done : unfinished)
          .filter(({ job }) => state === undefined || job.state === state)
          .filter(({ job }) => job.door !== exceptDoor),
    },
    folders: {
      state: () => [
        { clientId: 'one', trouble: null },
        { clientId: 'other', trouble: { reason: 'the drop folder is not there', since: AT } },
      ],
    },
  });
}

describe('the Filematch work of a process', () => {
  it('is what its jobs wait for, those of the command line left out', () => {
    const work = workWith([
      someView({ door: 'folder' }),
      someView({ door: 'http' }, { waitingFor: 'register' }),
      someView({ door: 'command-line' }, { waitingFor: 'disk' }),
    ]);
    expect(work.waiting().map(({ waitingFor }) => waitingFor)).to.deep.equal([null, 'register']);
  });

  it('is not hidden by any number of jobs of the command line, or of jobs that went well', async () => {
    const world = new FilematchWorld();
    const engine = world.engine();
    const failing = await world.accept(engine, plainFile('none'), { door: 'http' });
    world.spool.damage(failing, 'input');
    await world.runToEnd(engine, failing);
    const done = await world.accept(engine, plainFile('found'), { door: 'http' });
    await world.runToEnd(engine, done);
    const standing = await world.accept(engine, plainFile('bad'), { door: 'command-line' });
    for (const [id, copies] of [
      [done, 'D'],
      [standing, '0'],
    ] as const) {
      const row = world.rows.peek(id);
      if (row === undefined) throw new Error('no row');
      for (let each = 0; each < 120; each += 1) {
        const copy = { ...row, id: `${copies}0000000000000000000000${String(each).padStart(3, '0')}` };
        world.rows.add(copy, { sha256: copy.id, forced: false });
      }
    }
    const waiting = await world.accept(engine, plainFile('found', 'found'), { door: 'http' });
    expect(world.rows.peek(waiting)?.over).to.equal(false);
    const work = workOf({ jobs: engine, folders: { state: () => [] } });
    expect(work.waiting()).to.deep.equal([{ clientId: 'ward', waitingFor: 'turn' }]);
    expect(work.failures()).to.have.length(1);
  });

  it('is when jobs failed, but neither those that were cancelled nor files that were rejected', () => {
    const ended = { finishedAt: AT, door: 'folder' } as const;
    const work = workWith(
      [],
      [
        someView({ ...ended, state: 'FAILED', ending: { code: 'gave-up', reason: '' } }),
        someView({ ...ended, state: 'FAILED', ending: { code: 'cancelled', reason: '' } }),
        someView({ ...ended, state: 'REJECTED', ending: { code: 'E010', reason: '' } }),
        someView({ ...ended, state: 'COMPLETED' }),
      ],
    );
    expect(work.failures()).to.deep.equal([{ clientId: someView(ended).job.clientId, at: AT }]);
  });

  it('is what is wrong with drop folders, and whose they are', () => {
    expect(workWith([]).folderTroubles()).to.deep.equal([
      { clientId: 'other', reason: 'the drop folder is not there' },
    ]);
  });
});
