import { expect } from 'chai';
import type { LegacyClient, RequestRate } from '../../src/access/legacy-client.js';
import { RateLimits, type Counted } from '../../src/access/rate-limits.js';
import { RateLimited } from '../../src/errors/errors.js';
import { noQuirks } from '../support/quirks.js';
import { StandingClock } from '../support/standing-clock.js';

function clientWith(rate: RequestRate | undefined, id = 'epj'): LegacyClient {
  return {
    id,
    protocols: new Set(['hl7v3']),
    organisation: { parent: '999999999' },
    access: 'full',
    visible: new Set(),
    quirks: noQuirks,
    rate,
  };
}

describe('rate limits', () => {
  const clock = new StandingClock('2026-03-01T12:00:00Z');
  let limits: RateLimits;

  beforeEach(() => {
    limits = new RateLimits(clock);
  });

  /** How many of so many requests pass. */
  function passing(client: LegacyClient, requests: number, counted?: Counted): number {
    let passed = 0;
    for (let count = 0; count < requests; count += 1) {
      try {
        limits.take(client, counted);
        passed += 1;
      } catch (error) {
        if (!(error instanceof RateLimited)) throw error;
      }
    }
    return passed;
  }

  it('let a burst pass, and then as many as the rate allows, whatever else is tried', () => {
    const client = clientWith({ perSecond: 5, burst: 20 });
    expect(passing(client, 100)).to.equal(20);
    clock.move(1_000);
    expect(passing(client, 100)).to.equal(5);
    clock.move(60_000);
    expect(passing(client, 100)).to.equal(20);
  });

  it('say after how many seconds the next one passes', () => {
    const client = clientWith({ perSecond: 4, burst: 1 });
    limits.take(client);
    try {
      limits.take(client);
      expect.fail('a second request passed');
    } catch (error) {
      expect(error).to.be.instanceOf(RateLimited).with.property('retryAfterSeconds', 0.25);
    }
    clock.move(250);
    limits.take(client);
  });

  it('leave clients alone that have none, and count each for itself', () => {
    expect(passing(clientWith(undefined), 10_000)).to.equal(10_000);
    expect(passing(clientWith({ perSecond: 1, burst: 3 }, 'one'), 9)).to.equal(3);
    expect(passing(clientWith({ perSecond: 1, burst: 3 }, 'other'), 9)).to.equal(3);
  });

  it('count what opens and ends sessions by itself, two for each question', () => {
    const client = clientWith({ perSecond: 5, burst: 10 });
    const opening = (requests: number): number => passing(client, requests, 'session');
    expect(opening(100)).to.equal(20);
    expect(passing(client, 100)).to.equal(10);
    clock.move(1_000);
    expect(opening(100)).to.equal(10);
    expect(passing(client, 100)).to.equal(5);
    expect(passing(clientWith(undefined), 1_000, 'session')).to.equal(1_000);
  });

  it('follow a rate that was changed, without a fresh start', () => {
    expect(passing(clientWith({ perSecond: 1, burst: 50 }), 10)).to.equal(10);
    expect(passing(clientWith({ perSecond: 1, burst: 5 }), 10)).to.equal(5);
    expect(passing(clientWith({ perSecond: 100, burst: 200 }), 10)).to.equal(0);
    clock.move(1_000);
    expect(passing(clientWith({ perSecond: 100, burst: 200 }), 500)).to.equal(100);
  });

  it('give nothing for a clock that is put back, and go on by it', () => {
    const client = clientWith({ perSecond: 1, burst: 2 });
    expect(passing(client, 5)).to.equal(2);
    clock.move(-3_600_000);
    expect(passing(client, 5)).to.equal(0);
    clock.move(1_000);
    expect(passing(client, 5)).to.equal(1);
    clock.move(3_599_000);
  });
});
