import { expect } from 'chai';
import { followerCheck, type Following } from '../../src/operations/follower-check.js';
import { StandingClock } from '../support/standing-clock.js';

const NOW = '2026-03-01T12:00:00.000Z';
const before = (milliseconds: number): Date => new Date(Date.parse(NOW) - milliseconds);

function check(
  state: ReturnType<Following['state']>,
  trouble?: string,
): ReturnType<ReturnType<typeof followerCheck>> {
  const following = { state: () => state, trouble: () => trouble, lagLimit: 600_000 };
  return followerCheck(following, new StandingClock(NOW))();
}

describe('the check of the event follower', () => {
  const state = { next: 11n, newest: 10n, answersFrom: before(86_400_000), caughtUpAt: before(20_000) };

  it('tells since when changes are known and how far the log is behind', () => {
    expect(check(state)).to.deep.equal({
      status: 'ok',
      reason: 'can answer from 2026-02-28T12:00:00.000Z; at most 0 events and 20 s behind',
      at: '2026-03-01T11:59:40.000Z',
    });
  });

  it('warns when the log is too far behind, and never fails', () => {
    const late = check({ ...state, newest: 5_010n, caughtUpAt: before(600_001) }, 'upstream-unavailable');
    expect(late.status).to.equal('warning');
    expect(late.reason).to.contain(
      'at most 5000 events and 600 s behind; the last attempt failed (upstream-unavailable)',
    );
  });

  it('warns before the feed was reached', () => {
    expect(check(undefined, 'token-refused')).to.deep.equal({
      status: 'warning',
      reason: 'the event feed has not been reached yet; the last attempt failed (token-refused)',
    });
  });
});
