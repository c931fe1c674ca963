import { expect } from 'chai';
import fc from 'fast-check';
import { UpstreamRateLimited, UpstreamTimeout, UpstreamUnavailable } from '../../../src/errors/errors.js';
import { retryAfterSeconds, wishOf } from '../../../src/registry/persontjenesten/calls/retry-after.js';
import { runs } from '../../support/long-runs.js';
import { answer } from './calls-bench.js';

const NOW = new Date('2026-03-01T12:00:00.400Z');

function asked(value: string, more: Readonly<Record<string, string>> = {}): number | undefined {
  return retryAfterSeconds(answer(429, { 'retry-after': value, ...more }), NOW);
}

describe('Retry-After', () => {
  it('is not there in an answer without it', () => {
    expect(retryAfterSeconds(answer(429), NOW)).to.equal(undefined);
  });

  for (const [value, seconds] of [
    ['0', 0],
    ['7', 7],
    [' 120 ', 120],
    ['3600', 3_600],
    ['3601', 3_600],
    ['9999999999', 3_600],
  ] as const) {
    it(`of ${JSON.stringify(value)} is ${seconds} s, an hour at most`, () => {
      expect(asked(value)).to.equal(seconds);
    });
  }

  it('that is a date counts from the date of the answer, however wrong our clock is', () => {
    const date = 'Thu, 05 Jun 2031 10:00:00 GMT';
    expect(asked('Thu, 05 Jun 2031 10:00:07 GMT', { date })).to.equal(7);
    expect(asked('Thu, 05 Jun 2031 09:59:00 GMT', { date })).to.equal(0);
    expect(asked('Fri, 05 Jun 2032 10:00:00 GMT', { date })).to.equal(3_600);
  });

  it('that is a date counts from now in an answer that has none', () => {
    expect(asked('Sun, 01 Mar 2026 12:00:03 GMT')).to.equal(3);
    expect(asked('Sun, 01 Mar 2026 12:00:03 GMT', { date: 'today' })).to.equal(3);
  });

  for (const value of [
    '',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x10',
    '7 seconds',
    '1, 2',
    '99999999999',
    'tomorrow',
    '2031-06-05T10:00:00Z',
    'Thu, 05 Xyz 2031 10:00:00 GMT',
    'Thu, 05 Jun 2031 99:00:00 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
  ]) {
    it(`of ${JSON.stringify(value)} says nothing`, () => {
      expect(asked(value)).to.equal(undefined);
    });
  }

  it('is a number of seconds from 0 to an hour or nothing, whatever is sent', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, date) => {
        const seconds = asked(value, { date });
        expect(
          seconds === undefined || (Number.isInteger(seconds) && seconds >= 0 && seconds <= 3_600),
        ).to.equal(true);
      }),
      { numRuns: runs(500) },
    );
  });

  it('is told along with errors about limits and lack of service', () => {
    expect(wishOf(new UpstreamRateLimited('status 429', 7))).to.equal(7);
    expect(wishOf(new UpstreamUnavailable('status 503', undefined, 8))).to.equal(8);
    expect(wishOf(new UpstreamUnavailable('refused'))).to.equal(undefined);
    expect(wishOf(new UpstreamTimeout('silence'))).to.equal(undefined);
    expect(wishOf('429')).to.equal(undefined);
  });
});
