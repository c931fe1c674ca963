import { expect } from 'chai';
import { StoreFailed } from '../../src/errors/errors.js';
import { filematchCheck, type FilematchWork } from '../../src/operations/filematch-check.js';
import type { CheckResult } from '../../src/operations/health.js';
import { ManualClock } from '../support/manual-clock.js';

const clock = new ManualClock('2026-03-02T12:00:00Z');

function found(work: Partial<Record<keyof FilematchWork, readonly unknown[]>>): CheckResult {
  const { waiting = [], failures = [], folderTroubles = [] } = work;
  return filematchCheck(
    {
      waiting: () => waiting.map((reason) => (typeof reason === 'string' ? reason : null)),
      failures: () => failures.map((at) => new Date(String(at))),
      folderTroubles: () => folderTroubles.map(String),
    },
    clock,
  )();
}

describe('the health of Filematch', () => {
  it('is how many jobs are worked on and how many wait', () => {
    expect(found({})).to.deep.equal({ status: 'ok', reason: '0 jobs at work, 0 waiting' });
    expect(found({ waiting: [null, 'turn', 'window', 'resume'] })).to.deep.equal({
      status: 'ok',
      reason: '1 job at work, 3 waiting',
    });
  });

  for (const [reason, text] of [
    ['register', /2 jobs waiting for Persontjenesten$/],
    ['disk', /2 jobs waiting for the disk$/],
    ['folder', /2 jobs waiting for the folder of the result$/],
    ['client', /2 jobs waiting for a client that is switched off/],
  ] as const) {
    it(`warns while jobs wait for what somebody should mend: ${reason}`, () => {
      const result = found({ waiting: [reason, reason, null] });
      expect(result.status).to.equal('warning');
      expect(result.reason)
        .to.match(/^1 job at work, 2 waiting; /)
        .and.to.match(text);
    });
  }

  it('warns of drop folders, each trouble once', () => {
    const folderTroubles = ['the drop folder is full', 'the drop folder is full', 'ut/ is not there'];
    expect(found({ folderTroubles })).to.deep.equal({
      status: 'warning',
      reason: '0 jobs at work, 0 waiting; the drop folder is full; ut/ is not there',
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
    const failures = ['2026-03-01T11:59:59Z', '2026-03-01T12:00:01Z'];
    expect(found({ failures })).to.deep.equal({
      status: 'warning',
      reason: '0 jobs at work, 0 waiting; 1 job failed within a day',
    });
    expect(found({ failures: failures.slice(0, 1) }).status).to.equal('ok');
  });
});
