import { inspect } from 'node:util';
import { expect } from 'chai';
import { exportJWK, generateKeyPair } from 'jose';
import nock from 'nock';
import { TokenRefused, TokenUnavailable } from '../../src/errors/errors.js';
import { alarms, isAlarmName } from '../../src/helseid/alarms.js';
import { newDpopKey } from '../../src/helseid/dpop-key.js';
import { TokenClient } from '../../src/helseid/token-client.js';
import { createHttpClient } from '../../src/outbound/http-client.js';
import { FakeHelseId, ISSUER, SCOPE, granted, useNonce, type TokenAnswer } from '../support/fake-helseid.js';
import { fakedHttp } from '../support/faked-http.js';
import { StandingClock } from '../support/standing-clock.js';

const NOW = '2031-05-06T07:08:09.500Z';
const pair = await generateKeyPair('ES256', { extractable: true });
const privateKey = { ...(await exportJWK(pair.privateKey)), kid: 'key-1', alg: 'ES256' };

async function trouble({ tokens = 'dpop', timeoutSeconds = 10 } = {}): Promise<
  TokenRefused | TokenUnavailable
> {
  const client = new TokenClient(
    { issuer: ISSUER, clientId: 'me', privateKey, tenancy: 'single' },
    createHttpClient({ certificateAuthority: undefined }),
    tokens === 'dpop' ? await newDpopKey() : undefined,
    new StandingClock(NOW),
    { timeoutSeconds },
  );
  try {
    await client.grant(SCOPE, { parent: '310000027' });
  } catch (error) {
    if (error instanceof TokenRefused || error instanceof TokenUnavailable) return error;
    throw error;
  }
  throw new Error('a token was granted');
}

const refusal = (error: string, description = 'do-not-tell', status = 400): TokenAnswer => ({
  status,
  body: { error, error_description: description },
});

/** An answer for each alarm that HelseID itself can cause. */
const caused: readonly (readonly [alarm: string, name: string, answer: TokenAnswer])[] = [
  ['use_dpop_nonce', 'a nonce asked for twice', useNonce('n')],
  ...[
    'invalid_dpop_proof',
    'invalid_client',
    'invalid_request',
    'invalid_scope',
    'unauthorized_client',
    'unsupported_grant_type',
    'invalid_grant',
    'unsupported_response_type',
  ].map((code) => [code, `400 ${code}`, refusal(code)] as const),
  ['invalid_client', '401 invalid_client', refusal('invalid_client', 'do-not-tell', 401)],
  ['invalid_client', '401 without a body', { status: 401, body: '' }],
  ...Array.from({ length: 10 }, (_, index) => `HID-${1001 + index}`).map(
    (number) => [number, number, refusal('invalid_request', `${number}: do-not-tell 310000027`)] as const,
  ),
  ['invalid_request', 'a number that is not known', refusal('invalid_request', 'HID-1999: do-not-tell')],
  ['refused', 'a code that is not known', refusal('account_closed')],
  ['refused', 'a code that is the name of another alarm', refusal('no_connection')],
  ['refused', '403 with a code', refusal('access_denied', 'do-not-tell', 403)],
  ['rejected_scope', 'rejected_scope', granted({ scope: '', rejected_scope: SCOPE })],
  ['missing_scope', 'a scope that lacks ours', granted({ scope: 'other' })],
  ['wrong_token_type', 'bearer where DPoP was asked', granted({ token_type: 'Bearer' })],
  ['unusable_answer', 'expires_in 0', granted({ expires_in: 0 })],
  ['unusable_answer', 'expires_in below a second', granted({ expires_in: 0.001 })],
  ['unusable_answer', 'expires_in -1', granted({ expires_in: -1 })],
  ['unusable_answer', 'expires_in as text', granted({ expires_in: '600' })],
  ['unusable_answer', 'no token', granted({ access_token: undefined })],
  ['unusable_answer', 'a token with a line break', granted({ access_token: 'a\r\nX-Injected: 1' })],
  ['unusable_answer', 'a token that no header holds', granted({ access_token: 'a'.repeat(20_000) })],
  ['too_many_requests', '429', { status: 429, body: '' }],
  ['too_many_requests', '429 with a code', refusal('slow_down', '', 429)],
  ['helseid_failing', '500', { status: 500, body: 'do-not-tell' }],
  ['helseid_failing', '503 with a code', refusal('invalid_request', 'HID-1001', 503)],
  ['helseid_failing', 'temporarily_unavailable', refusal('temporarily_unavailable')],
  [
    'not_helseid',
    'a page',
    { status: 200, body: '<html>do-not-tell', headers: { 'Content-Type': 'text/html' } },
  ],
  [
    'not_helseid',
    'garbage',
    { status: 200, body: '\u0000{', headers: { 'Content-Type': 'application/json' } },
  ],
  ['not_helseid', '404', { status: 404, body: 'do-not-tell' }],
  ['not_helseid', '302', { status: 302, body: '', headers: { Location: `${ISSUER}/login` } }],
];

describe('the alarm of a token that is not given', () => {
  fakedHttp();

  for (const [name, what, answer] of caused) {
    it(`${what} is ${name}`, async () => {
      new FakeHelseId().answer = () => answer;
      const error = await trouble();
      expect(error.trouble.alarm?.name).to.equal(name);
      const { passing, meaning, action } = isAlarmName(name) ? alarms[name] : expect.fail('no such alarm');
      expect(error).to.be.instanceOf(passing ? TokenUnavailable : TokenRefused);
      expect(error.trouble.alarm).to.include({ meaning, action });
      expect(inspect(error, { depth: Infinity, showHidden: true })).to.not.match(/do-not-tell|eyJ|the-token/);
    });
  }

  it('bound where a bearer token was asked for is wrong_token_type', async () => {
    new FakeHelseId().answer = () => granted();
    expect((await trouble({ tokens: 'bearer' })).trouble.alarm?.name).to.equal('wrong_token_type');
  });

  for (const [name, reply] of [
    ['no_connection', Object.assign(new Error('do-not-tell'), { code: 'ECONNREFUSED' })],
    ['no_answer', undefined],
  ] as const) {
    it(`of a HelseID that does not answer is ${name}`, async () => {
      nock(ISSUER)
        .get('/.well-known/openid-configuration')
        .reply(200, { issuer: ISSUER, token_endpoint: `${ISSUER}/connect/token` });
      const endpoint = nock(ISSUER).post('/connect/token');
      if (reply === undefined) endpoint.delay(60_000).reply(200);
      else endpoint.replyWithError(reply);
      const error = await trouble({ timeoutSeconds: reply === undefined ? 0.02 : 10 });
      expect(error.trouble.alarm?.name).to.equal(name);
    });
  }

  it('of a HelseID without a description is no_discovery', async () => {
    nock(ISSUER).get('/.well-known/openid-configuration').reply(503, 'down', { 'Retry-After': '90' });
    expect((await trouble()).trouble).to.deep.include({ retryInSeconds: 90 });
    nock(ISSUER).get('/.well-known/openid-configuration').reply(404);
    expect((await trouble()).trouble.alarm?.name).to.equal('no_discovery');
  });

  describe('with Retry-After', () => {
    for (const [value, seconds] of [
      ['30', 30],
      ['0', undefined],
      ['86400', 3600],
      ['-5', undefined],
      ['soon', undefined],
      ['Tue, 06 May 2031 07:09:09 GMT', 60],
      ['Tue, 06 May 2031 07:00:00 GMT', undefined],
    ] as const) {
      for (const status of [429, 503]) {
        it(`${value} in a ${status} is ${seconds ?? 'no'} seconds`, async () => {
          new FakeHelseId().answer = () => ({ status, body: '', headers: { 'Retry-After': value } });
          expect((await trouble()).trouble.retryInSeconds).to.equal(seconds);
          new FakeHelseId().answer = () => ({
            ...refusal('x', '', status),
            headers: { 'Retry-After': value },
          });
          expect((await trouble()).trouble.retryInSeconds).to.equal(seconds);
        });
      }
    }
  });
});
