import { expect } from 'chai';
import { watchClock } from '../../src/operations/clock-check.js';

describe('the check of the clock', () => {
  it('is content until somebody tells', () => {
    expect(watchClock().check()).to.deep.equal({ status: 'ok' });
  });

  for (const [aheadSeconds, reason] of [
    [3, 'the clock of this machine is 3 s ahead of that of HelseID'],
    [-120, 'the clock of this machine is 120 s behind that of HelseID'],
  ] as const) {
    it(`warns of ${aheadSeconds} s until it is over`, () => {
      const { listener, check } = watchClock();
      listener('clockDrift', { holder: 'helseid', aheadSeconds, refused: false });
      expect(check()).to.deep.equal({ status: 'warning', reason });
      listener('clockDrift', { holder: 'helseid', aheadSeconds: 2, refused: false });
      expect(check()).to.deep.equal({ status: 'ok' });
    });
  }

  it('warns when what was signed is refused, whoever else agrees', () => {
    const { listener, check } = watchClock();
    listener('clockDrift', { holder: 'persontjenesten', aheadSeconds: null, refused: true });
    listener('clockDrift', { holder: 'helseid', aheadSeconds: 0, refused: false });
    expect(check()).to.include({ status: 'warning' });
    expect(check().reason).to.match(/^Persontjenesten refuses/);
  });
});
