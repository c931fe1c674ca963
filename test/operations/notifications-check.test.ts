import { expect } from 'chai';
import { StoreFailed } from '../../src/errors/errors.js';
import { notificationsCheck, type NotificationsAtHand } from '../../src/operations/notifications-check.js';
import { ManualClock } from '../support/manual-clock.js';

describe('the health of messages to receivers', () => {
  const clock = new ManualClock('2026-03-01T12:00:00Z');
  const well: NotificationsAtHand = {
    waiting: 0,
    failing: 0,
    oldest: undefined,
    unseen: 0,
    receivers: { failing: [], unseen: [] },
    unreachable: [],
    trouble: undefined,
    lookupTroubles: [],
  };

  function check(state: Partial<NotificationsAtHand>) {
    return notificationsCheck(() => ({ ...well, ...state }), clock)();
  }

  it('is well while messages merely wait', () => {
    expect(check({})).to.deep.equal({ status: 'ok', reason: '0 messages waiting' });
    const oldest = new Date('2026-03-01T11:59:30Z');
    expect(check({ waiting: 1, oldest })).to.deep.equal({
      status: 'ok',
      reason: '1 message waiting, the oldest for 30 s',
    });
  });

  it('warns of each thing that is worth a look, by receivers where it is about one, and never fails', () => {
    expect(check({ unseen: 2, receivers: { failing: [], unseen: ['lab', 'pas'] } })).to.deep.equal({
      status: 'warning',
      reason: '0 messages waiting; 2 messages given up that nobody has looked at',
      causes: ['given-up lab', 'given-up pas'],
    });
    expect(check({ failing: 1, receivers: { failing: ['lab'], unseen: [] } })).to.deep.equal({
      status: 'warning',
      reason: '0 messages waiting; 1 message failing',
      causes: ['failing lab'],
    });
    expect(check({ unreachable: ['lab'] })).to.deep.equal({
      status: 'warning',
      reason: '0 messages waiting; 1 of the receivers not reached',
      causes: ['unreachable lab'],
    });
    expect(check({ trouble: 'store-failed' }).causes).to.deep.equal(['changes store-failed']);
    expect(check({ lookupTroubles: ['token-refused'] })).to.deep.equal({
      status: 'warning',
      reason: '0 messages waiting; people cannot be looked up (token-refused)',
      causes: ['lookups token-refused'],
    });
    expect(check({ waiting: 1, oldest: new Date('2026-03-01T11:45:01Z') }).status).to.equal('ok');
    expect(check({ waiting: 1, oldest: new Date('2026-03-01T11:45:00Z') })).to.deep.equal({
      status: 'warning',
      reason: '1 message waiting, the oldest for 900 s; it has waited for too long',
      causes: ['late'],
    });
  });

  it('leaves trouble of the store to the check of the store', () => {
    const failing = notificationsCheck(() => {
      throw new StoreFailed('no disk');
    }, clock);
    expect(failing()).to.deep.equal({ status: 'warning', reason: 'the messages cannot be read' });
  });
});
