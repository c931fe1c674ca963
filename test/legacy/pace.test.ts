import { expect } from 'chai';
import { Pace, PeerTooSlow } from '../../src/legacy/pace.js';
import { StandingClock } from '../support/standing-clock.js';
import { rejectionOf } from '../support/rejection.js';

const limits = { stall: 30_000, window: 60_000, octetsPerWindow: 1000 };

describe('the pace of a peer', () => {
  function bench(): { pace: Pace; clock: StandingClock; waits: (milliseconds: number) => Promise<void> } {
    const clock = new StandingClock('2026-03-01T12:00:00Z');
    const pace = new Pace(clock, limits);
    return {
      pace,
      clock,
      waits: async (milliseconds) => {
        let come: () => void = () => undefined;
        const waited = pace.wait(
          new Promise<void>((resolve) => {
            come = resolve;
          }),
        );
        clock.move(milliseconds);
        come();
        await waited;
      },
    };
  }

  it('is too slow when nothing comes for the time of a stall', async () => {
    const { pace, clock } = bench();
    const failed = rejectionOf(pace.wait(new Promise(() => undefined)));
    await clock.advance(30_000);
    expect(await failed).to.be.instanceOf(PeerTooSlow);
  });

  it('leaves no timer behind', async () => {
    const { clock, waits } = bench();
    await waits(10);
    expect(clock.sleeping).to.equal(0);
  });

  it('is too slow with fewer octets in the time of waiting than are asked for', async () => {
    const { pace, waits } = bench();
    for (let wait = 0; wait < 5; wait += 1) {
      await waits(10_000);
      pace.moved(166);
    }
    await waits(10_000);
    expect(() => {
      pace.moved(169);
    }).to.throw(PeerTooSlow);
  });

  it('is quick enough with as many, and what came before does not count for later', async () => {
    const { pace, waits } = bench();
    await waits(29_000);
    await waits(29_000);
    await waits(2_000);
    pace.moved(1_000_000);
    for (let wait = 0; wait < 3; wait += 1) await waits(20_000);
    expect(() => {
      pace.moved(999);
    }).to.throw(PeerTooSlow);
  });

  it('is not judged by a clock that was put forward or back', async () => {
    const { pace, waits } = bench();
    await waits(86_400_000);
    pace.moved(1);
    await waits(-86_400_000);
    pace.moved(1);
    await waits(29_999);
    pace.moved(1);
  });
});
