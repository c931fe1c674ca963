import { expect } from 'chai';
import { decodeJwt } from 'jose';
import type { AccessToken } from '../../src/helseid/access-tokens.js';
import { DpopAuthorisation, bearer } from '../../src/helseid/authorisation.js';
import { ClockDrift } from '../../src/helseid/clock-drift.js';
import { newDpopKey } from '../../src/helseid/dpop-key.js';
import { CountedRandom } from '../support/counted-random.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { StandingClock } from '../support/standing-clock.js';

const NOW = '2031-05-06T07:08:09.000Z';
const token: AccessToken = { value: 'the-token', freshUntil: new Date(NOW) };
const attempt = { method: 'POST', url: 'https://api.example.invalid/p?q=1', token };
const askedAt = new Date(NOW);

describe('authorisation', () => {
  describe('by bearer token', () => {
    it('is the token and nothing else', async () => {
      expect(await bearer.headersFor(attempt)).to.deep.equal({ Authorization: 'Bearer the-token' });
    });

    it('is asked for no proof, whatever the answer says', () => {
      const headers = { 'dpop-nonce': 'n', 'www-authenticate': 'DPoP error="use_dpop_nonce"' };
      bearer.heard({ status: 401, headers, askedAt });
      expect(bearer.asksAgain({ status: 401, headers })).to.equal(false);
    });
  });

  describe('by DPoP', () => {
    async function bench(): Promise<{
      dpop: DpopAuthorisation;
      clock: StandingClock;
      events: RecordedEvents;
    }> {
      const clock = new StandingClock(NOW);
      const events = new RecordedEvents();
      const key = await newDpopKey();
      const drift = new ClockDrift(clock, events);
      const dpop = new DpopAuthorisation({ key, clock, random: new CountedRandom(), drift });
      return { dpop, clock, events };
    }
    const proofIn = (headers: Readonly<Record<string, string>>): ReturnType<typeof decodeJwt> =>
      decodeJwt(headers['DPoP'] ?? '');

    it('has a new proof for each attempt, made when it is sent', async () => {
      const { dpop, clock } = await bench();
      const first = await dpop.headersFor(attempt);
      await clock.advance(7_000);
      const second = await dpop.headersFor(attempt);
      expect(first['Authorization']).to.equal('DPoP the-token');
      expect(proofIn(first).jti).to.not.equal(proofIn(second).jti);
      expect((proofIn(second).iat ?? 0) - (proofIn(first).iat ?? 0)).to.equal(7);
    });

    for (const status of [200, 401, 404, 500]) {
      it(`remembers the nonce of a ${status}, and always the latest`, async () => {
        const { dpop } = await bench();
        for (const nonce of ['n1', 'n2', undefined]) {
          dpop.heard({ status, headers: nonce === undefined ? {} : { 'dpop-nonce': nonce }, askedAt });
        }
        expect(proofIn(await dpop.headersFor(attempt))['nonce']).to.equal('n2');
      });
    }

    for (const [status, headers, again] of [
      [401, { 'dpop-nonce': 'n', 'www-authenticate': 'DPoP error="use_dpop_nonce"' }, true],
      [401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"' }, false],
      [401, { 'dpop-nonce': 'n', 'www-authenticate': 'DPoP error="invalid_token"' }, false],
      [401, { 'dpop-nonce': 'n' }, false],
      [400, { 'dpop-nonce': 'n', 'www-authenticate': 'DPoP error="use_dpop_nonce"' }, false],
      [200, { 'dpop-nonce': 'n' }, false],
    ] as const) {
      it(`${again ? 'takes' : 'does not take'} ${status} ${JSON.stringify(headers)} for a wish`, async () => {
        expect((await bench()).dpop.asksAgain({ status, headers })).to.equal(again);
      });
    }

    it('tells of the clock when Persontjenesten refuses a proof', async () => {
      const { dpop, events } = await bench();
      const headers = {
        'www-authenticate': 'DPoP error="invalid_dpop_proof"',
        date: 'Tue, 06 May 2031 07:08:29 GMT',
      };
      dpop.heard({ status: 401, headers, askedAt });
      expect(events.of.clockDrift).to.deep.equal([
        { holder: 'persontjenesten', aheadSeconds: -20, refused: true },
      ]);
    });
  });
});
