import { expect } from 'chai';
import { Refusals } from '../../../src/legacy/overload/refusals.js';
import { CountedRandom } from '../../support/counted-random.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { StandingClock } from '../../support/standing-clock.js';

describe('refusals', () => {
  let clock: StandingClock;
  let events: RecordedEvents;
  let refusals: Refusals;

  beforeEach(() => {
    clock = new StandingClock('2026-03-01T12:00:00Z');
    events = new RecordedEvents();
    refusals = new Refusals({ events, clock, random: new CountedRandom() });
  });

  it('are told of together after ten seconds, by the id that all of them were given', async () => {
    const first = refusals.count('192.0.2.1', 'hl7v3', 'no-place').correlationId;
    refusals.count('192.0.2.2', 'hl7v3', 'long-wait');
    expect(refusals.count('192.0.2.2', null, 'no-place').correlationId).to.equal(first);
    expect(events.of.requestsRefused).to.deep.equal([]);
    await clock.advance(10_000);
    expect(events.of.requestsRefused).to.deep.equal([
      {
        correlationId: first,
        count: 3,
        milliseconds: 10_000,
        protocols: [
          { protocol: 'hl7v3', refused: 2 },
          { protocol: null, refused: 1 },
        ],
        noPlace: 2,
        longWait: 1,
        callers: 2,
        busiest: '192.0.2.2',
      },
    ]);
    expect(refusals.count('192.0.2.1', 'hl7v3', 'no-place').correlationId).to.not.equal(first);
  });

  it('are told of at the end, and nothing where there were none', async () => {
    refusals.tell();
    refusals.count('192.0.2.1', 'hl7v2', 'no-place');
    refusals.tell();
    refusals.tell();
    await clock.advance(60_000);
    expect(events.of.requestsRefused).to.have.length(1);
  });

  it('have one time for all within a second, so that what is written once can be sent to many', async () => {
    const { at } = refusals.count('192.0.2.1', 'hl7v3', 'no-place');
    clock.move(900);
    expect(refusals.count('192.0.2.1', 'hl7v3', 'no-place').at).to.equal(at);
    clock.move(200);
    expect(refusals.count('192.0.2.1', 'hl7v3', 'no-place').at.toISOString()).to.equal(
      '2026-03-01T12:00:01.100Z',
    );
    await clock.advance(0);
  });

  it('count callers up to a bound, and all of their requests beyond it', () => {
    for (let index = 0; index < 2_000; index += 1) refusals.count(`caller ${index}`, 'hl7v3', 'no-place');
    refusals.tell();
    expect(events.of.requestsRefused[0]).to.include({ count: 2_000, callers: 1_000 });
  });
});
