import { expect } from 'chai';
import { StoreFailed } from '../../src/errors/errors.js';
import { filematchCheck, type FilematchWork } from '../../src/operations/filematch-check.js';
import type { CheckResult } from '../../src/operations/health.js';
import { ManualClock } from '../support/manual-clock.js';

const clock = new ManualClock('2026-03-02T12:00:00Z');

type Told = readonly [clientId: string, what: string | null];

function found(work: Partial<Record<keyof FilematchWork, readonly Told[]>>): CheckResult {
  const { waiting = [], failures = [], folderTroubles = [] } = work;
  return filematchCheck(
    {
      waiting: () => waiting.map(([clientId, waitingFor]) => ({ clientId, waitingFor })),
      failures: () => failures.map(([clientId, at]) => ({ clientId, at: new Date(String(at)) })),
      folderTroubles: () =>
        folderTroubles.map(([clientId, reason]) => ({ clientId, reason: String(reason) })),
    },
    clock,
  )();
}

describe('the health of Filematch', () => {
  it('is how many jobs are worked on and how many wait', () => {
    expect(found({})).to.deep.equal({ status: 'ok', reason: '0 jobs at work, 0 waiting' });
    expect(
      found({
        waiting: [null, 'turn', 'window', 'resume'].map((waitingFor) => ['epj', waitingFor] as const),
      }),
    ).to.deep.equal({
      status: 'ok',
      reason: '1 job at work, 3 waiting',
    });
  });

  for (const [reason, text, causes] of [
    ['register', /2 jobs waiting for Persontjenesten$/, ['register']],
    ['disk', /2 jobs waiting for the disk$/, ['disk']],
    ['folder', /2 jobs waiting for the folder of the result$/, ['folder epj', 'folder lab']],
    ['client', /2 jobs waiting for a client that is switched off/, ['client epj', 'client lab']],
  ] as const) {
    it(`warns while jobs wait for what somebody should mend: ${reason}`, () => {
      const result = found({
        waiting: [
          ['epj', reason],
          ['lab', reason],
          ['ris', null],
        ],
      });
      expect(result.status).to.equal('warning');
      expect(result.reason)
        .to.match(/^1 job at work, 2 waiting; /)
        .and.to.match(text);
      expect(result.causes).to.deep.equal(causes);
    });
  }

  it('warns of drop folders, each trouble once, and each folder as a cause', () => {
    const folderTroubles = [
      ['epj', 'the drop folder is full'],
      ['lab', 'the drop folder is full'],
      ['ris', 'ut/ is not there'],
    ] as const;
    expect(found({ folderTroubles })).to.deep.equal({
      status: 'warning',
      reason: '0 jobs at work, 0 waiting; the drop folder is full; ut/ is not there',
      causes: ['drop-folder epj', 'drop-folder lab', 'drop-folder ris'],
    });
  });

  it('is no reason not to look people up when the jobs cannot be read', () => {
    for (const what of ['waiting', 'failures'] as const) {
      const work = { waiting: () => [], failures: () => [], folderTroubles: () => [] };
      const unreadable = () => {
        throw new StoreFailed('locked');
      };
      expect(filematchCheck({ ...work, [what]: unreadable }, clock)()).to.deep.equal({
        status: 'warning',
        reason: 'the jobs cannot be read',
      });
    }
  });

  it('warns of failed jobs for a day', () => {
    const failures = [
      ['lab', '2026-03-01T11:59:59Z'],
      ['epj', '2026-03-01T12:00:01Z'],
      ['epj', '2026-03-01T12:00:02Z'],
    ] as const;
    expect(found({ failures })).to.deep.equal({
      status: 'warning',
      reason: '0 jobs at work, 0 waiting; 2 jobs failed within a day',
      causes: ['failed epj'],
    });
    expect(found({ failures: failures.slice(0, 1) }).status).to.equal('ok');
  });
});
