import { expect } from 'chai';
import { workOf } from '../../../src/cli/filematch/work-at-hand.js';
import type { JobView } from '../../../src/legacy/filematch/jobs/filematch-jobs.js';
import { someView } from '../../support/filematch-job-view.js';

const AT = new Date('2026-03-01T13:00:00Z');

function workWith(unfinished: readonly JobView[], done: readonly JobView[] = []) {
  return workOf({
    jobs: { jobs: ({ over }) => (over === true ? done : unfinished) },
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
    expect(work.waiting()).to.deep.equal([null, 'register']);
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
    expect(work.failures()).to.deep.equal([AT]);
  });

  it('is what is wrong with drop folders, without their clients', () => {
    expect(workWith([]).folderTroubles()).to.deep.equal(['the drop folder is not there']);
  });
});
