import { expect } from 'chai';
import fc from 'fast-check';
import { ClockDrift, type DatedAnswer } from '../../src/helseid/clock-drift.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { StandingClock } from '../support/standing-clock.js';

const NOW = Date.parse('2031-05-06T07:08:09.000Z');

function bench(now = NOW): { drift: ClockDrift; events: RecordedEvents; clock: StandingClock } {
  const clock = new StandingClock(new Date(now).toISOString());
  const events = new RecordedEvents();
  return { drift: new ClockDrift(clock, events), events, clock };
}

/** An answer that came just now, whose writer's clock shows so many milliseconds less than ours. */
function answer(aheadMilliseconds: number, parts: Partial<DatedAnswer> = {}): DatedAnswer {
  // A Date header has lost its milliseconds.
  const date = new Date(Math.floor((NOW - aheadMilliseconds) / 1000) * 1000).toUTCString();
  return { date, askedAt: new Date(NOW), refusesTime: false, ...parts };
}

describe('clock drift', () => {
  for (const [ahead, told] of [
    [0, undefined],
    [2_000, undefined],
    [-2_000, undefined],
    [3_000, 3],
    [-4_000, -4],
    [120_000, 120],
    [-86_400_000, -86_400],
  ] as const) {
    it(`of ${ahead} ms is ${told === undefined ? 'not worth telling' : `told as ${told} s`}`, () => {
      const { drift, events } = bench();
      drift.heard('helseid', answer(ahead));
      expect(events.of.clockDrift).to.deep.equal(
        told === undefined ? [] : [{ holder: 'helseid', aheadSeconds: told, refused: false }],
      );
    });
  }

  it('is never told where there is less than two seconds of it, and always from four on', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -10_000, max: 10_000 }),
        fc.integer({ min: 0, max: 999 }),
        (ahead, part) => {
          const { drift, events } = bench(NOW + part);
          const date = new Date(Math.floor((NOW + part - ahead) / 1000) * 1000).toUTCString();
          drift.heard('helseid', { date, askedAt: new Date(NOW + part), refusesTime: false });
          const isTold = events.of.clockDrift.length > 0;
          return Math.abs(ahead) < 2_000 ? !isTold : Math.abs(ahead) < 4_000 || isTold;
        },
      ),
    );
  });

  it('takes half of the round trip into account', async () => {
    const { drift, events, clock } = bench();
    await clock.advance(4_000);
    // Written two seconds after the question, by a clock that is ten behind.
    drift.heard('helseid', answer(8_000));
    expect(events.of.clockDrift.map(({ aheadSeconds }) => aheadSeconds)).to.deep.equal([10]);
  });

  it('is not read out of an answer that took long, nor out of none', async () => {
    const { drift, events, clock } = bench();
    drift.heard('helseid', answer(60_000, { date: undefined }));
    drift.heard('helseid', answer(60_000, { date: 'yesterday' }));
    await clock.advance(5_001);
    drift.heard('helseid', answer(60_000));
    expect(events.of.clockDrift).to.deep.equal([]);
  });

  it('is told once, again when it changes, and when it is over', () => {
    const { drift, events } = bench();
    for (const ahead of [5_000, 5_000, 5_000, 9_000, 1_000, 0]) drift.heard('helseid', answer(ahead));
    expect(events.of.clockDrift.map(({ aheadSeconds }) => aheadSeconds)).to.deep.equal([5, 9, 1]);
  });

  it('is told of each side by itself', () => {
    const { drift, events } = bench();
    drift.heard('helseid', answer(5_000));
    drift.heard('persontjenesten', answer(0));
    drift.heard('helseid', answer(0));
    expect(events.of.clockDrift.map(({ holder }) => holder)).to.deep.equal(['helseid', 'helseid']);
  });

  it('is suspected when what was signed is refused, until it is not', () => {
    const { drift, events } = bench();
    drift.heard('persontjenesten', answer(0, { date: undefined, refusesTime: true }));
    drift.heard('persontjenesten', answer(0, { date: undefined, refusesTime: true }));
    drift.heard('persontjenesten', answer(0, { date: undefined }));
    expect(events.of.clockDrift).to.deep.equal([
      { holder: 'persontjenesten', aheadSeconds: null, refused: true },
      { holder: 'persontjenesten', aheadSeconds: null, refused: false },
    ]);
  });
});
