import { expect } from 'chai';
import { keyCheck, type KeyState } from '../../src/operations/key-check.js';
import { StandingClock } from '../support/standing-clock.js';

describe('the check of the key for HelseID', () => {
  const checked = (state: Partial<KeyState>): ReturnType<ReturnType<typeof keyCheck>> =>
    keyCheck(
      () => ({ expiresAt: undefined, trouble: undefined, ...state }),
      new StandingClock('2031-05-06T12:00:00Z'),
    )();

  it('is content with a key of which nobody said when it ends', () => {
    expect(checked({})).to.deep.equal({ status: 'ok' });
  });

  it('warns from 30 days before the end on', () => {
    expect(checked({ expiresAt: new Date('2031-06-05T12:00:01Z') })).to.deep.equal({ status: 'ok' });
    expect(checked({ expiresAt: new Date('2031-06-05T12:00:00Z') })).to.deep.equal({
      status: 'warning',
      reason: 'the key for HelseID expires on 2031-06-05, in 30 days',
      causes: ['ends'],
    });
  });

  it('says when it has ended', () => {
    expect(checked({ expiresAt: new Date('2031-05-06T12:00:00Z') })).to.deep.equal({
      status: 'warning',
      reason: 'the key for HelseID expired on 2031-05-06',
      causes: ['ends', 'ended'],
    });
  });

  it('tells of a new file that cannot be used', () => {
    expect(checked({ trouble: 'a certificate' }).reason).to.match(/a certificate; the old key is in use/);
    const both = checked({ trouble: 'a certificate', expiresAt: new Date('2031-05-07T12:00:00Z') });
    expect(both.causes).to.deep.equal(['unusable', 'ends']);
  });
});
