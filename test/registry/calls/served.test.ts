import { expect } from 'chai';
import { UpstreamRateLimited, UpstreamUnavailable } from '../../../src/errors/errors.js';
import { Served } from '../../../src/registry/persontjenesten/calls/served.js';
import { rejectionOf } from '../../support/rejection.js';
import { StandingClock } from '../../support/standing-clock.js';
import { lookup } from '../transport-bench.js';
import { answer } from './calls-bench.js';

const served = new Served(new StandingClock('2026-03-01T12:00:00Z'));

describe('an answer', () => {
  for (const status of [200, 204, 301, 400, 401, 403, 404, 409, 410, 422]) {
    it(`of status ${status} is handed on as it is`, async () => {
      const response = answer(status, { 'retry-after': '7' });
      expect(await served.send(lookup(), () => Promise.resolve(response))).to.equal(response);
    });
  }

  for (const status of [408, 500, 501, 502, 503, 504, 599]) {
    it(`of status ${status} is UpstreamUnavailable, and tells for how long`, async () => {
      const failing = served.send(lookup(), () => Promise.resolve(answer(status, { 'retry-after': '7' })));
      expect(await rejectionOf(failing))
        .to.be.instanceOf(UpstreamUnavailable)
        .and.include({ message: `status ${status}`, retryAfterSeconds: 7 });
    });
  }

  for (const [value, seconds] of [
    ['7', 7],
    ['Sun, 01 Mar 2026 12:00:09 GMT', 9],
    ['soon', undefined],
  ] as const) {
    it(`of status 429 with Retry-After ${value} is UpstreamRateLimited for ${seconds ?? 'nobody knows how many'} s`, async () => {
      const failing = served.send(lookup(), () => Promise.resolve(answer(429, { 'retry-after': value })));
      const error = await rejectionOf(failing);
      expect(error).to.be.instanceOf(UpstreamRateLimited).with.property('retryAfterSeconds', seconds);
    });
  }
});
