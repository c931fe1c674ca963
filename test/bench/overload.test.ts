import { expect } from 'chai';
import { Setting } from '../../bench/setting.js';

/** Ten times as wide as the goals of the measurement `overload`, so that another process on the machine changes nothing. */
const WIDER = 10;

describe('three times as much as an adapter can do (QUALITY 64)', () => {
  it('is answered as far as it goes, the rest refused with a fault and quickly, and nothing is lost', async () => {
    await Setting.during({ population: 60, isBare: true }, async (setting) => {
      const adapter = await setting.serve('adapter', {
        listeners: { legacy: { maxConcurrentRequests: '20' } },
      });
      const connections = 120;
      const capacity = await setting.storm(adapter, {
        connections,
        load: { kind: 'closed', concurrency: 16, milliseconds: 2_000 },
      });
      expect(capacity.wrong).to.deep.equal({});
      const perSecond = capacity.right / capacity.seconds;
      const storm = await setting.storm(adapter, {
        connections,
        load: { kind: 'open', perSecond: 3 * perSecond, milliseconds: 3_000, seed: 1 },
      });
      // A generator that has no time either sends nothing; whatever it has sent is answered or refused.
      const { 'no connection left': unsent = 0, ...wrong } = storm.wrong;
      expect(wrong).to.deep.equal({});
      expect(storm.right + storm.refused + unsent).to.equal(storm.asked);
      expect(storm.refused).to.be.above(0);
      expect(storm.right / storm.seconds).to.be.above((0.8 * perSecond) / WIDER);
      expect(storm.refusals.p50).to.be.below(50 * WIDER);
      const after = await setting.storm(adapter, {
        connections,
        load: { kind: 'closed', concurrency: 4, milliseconds: 500 },
      });
      expect(after).to.deep.include({ wrong: {}, refused: 0, right: after.asked });
      expect(after.answers.max).to.be.below(2_000 * WIDER);
    });
  }).timeout(90_000);
});
