import { expect } from 'chai';
import type { AxiosInstance } from 'axios';
import { newDpopKey, type DpopKey } from '../../../src/helseid/dpop-key.js';
import { newKey, publicHalf, type NewKey } from '../../../src/helseid/rotation/new-key.js';
import { SelfService, type UploadAnswer } from '../../../src/helseid/rotation/self-service.js';
import { TokenClient } from '../../../src/helseid/token-client.js';
import { closeHttpClient, createHttpClient } from '../../../src/outbound/http-client.js';
import type { Clock } from '../../../src/runtime/clock.js';
import { systemClock } from '../../../src/runtime/system-clock.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { startTestSandbox } from '../../sandbox/support/sandbox-client.js';

describe("client of HelseID's self service", () => {
  let sandbox: Sandbox;
  let http: AxiosInstance;
  let dpopKey: DpopKey;
  let key: NewKey;
  let token: string;

  beforeEach(async () => {
    sandbox = await startTestSandbox();
    http = createHttpClient({ certificateAuthority: sandbox.certificatePem });
    dpopKey = await newDpopKey();
    key = await newKey('ES256', systemRandom);
    const { issuer, clientId, clientPrivateJwk: privateKey } = sandbox;
    const tokens = new TokenClient(
      { issuer, clientId, privateKey, tenancy: 'single' },
      http,
      dpopKey,
      systemClock,
    );
    token = (await tokens.grant('nhn:selvbetjening/client', { parent: '' })).accessToken;
  });

  afterEach(async () => {
    closeHttpClient(http);
    await sandbox.stop();
  });

  function register(
    jwk = publicHalf(key),
    more: { readonly accessToken?: string; readonly clock?: Clock; readonly url?: string } = {},
  ): Promise<UploadAnswer> {
    const { accessToken = token, clock = systemClock, url = sandbox.selfServiceUrl } = more;
    return new SelfService({ url, http, dpopKey, clock, random: systemRandom }).register(jwk, accessToken);
  }

  const registeredId = (): unknown => sandbox.clients.find(sandbox.clientId)?.publicJwk.kid;

  it('registers a key and reads when it ends', async () => {
    const answer = await register();
    expect(answer.kind).to.equal('accepted');
    expect(registeredId()).to.equal(key.kid);
    const { keyExpires } = sandbox.clients.find(sandbox.clientId) ?? {};
    expect(answer).to.have.deep.property('expiresAt', keyExpires);
  });

  it('takes an address that ends in a slash', async () => {
    expect((await register(undefined, { url: `${sandbox.selfServiceUrl}/` })).kind).to.equal('accepted');
  });

  it('answers a demand for a nonce, once', async () => {
    sandbox.faults.always('self-service', { kind: 'use-dpop-nonce', nonce: 'n-1' });
    expect((await register()).kind).to.equal('accepted');
    expect(sandbox.requests.of('self-service').map(({ status }) => status)).to.deep.equal([401, 200]);
  });

  for (const [written, read] of [
    ['2027-05-01T10:00:00Z', '2027-05-01T10:00:00.000Z'],
    ['2027-05-01T10:00:00.1234567Z', '2027-05-01T10:00:00.123Z'],
    ['2027-05-01T10:00:00+02:00', '2027-05-01T08:00:00.000Z'],
    ['2027-05-01T10:00:00', '2027-05-01T10:00:00.000Z'],
  ] as const) {
    it(`reads ${written}`, async () => {
      sandbox.faults.always('self-service', {
        kind: 'altered-answer',
        alter: () => ({ expiration: written, other: 1 }),
      });
      const answer = await register();
      expect(answer).to.deep.equal({ kind: 'accepted', expiresAt: new Date(read) });
    });
  }

  it('is refused with a key that is none, and with a token that is none', async () => {
    expect(await register({ kty: 'EC' })).to.deep.equal({
      kind: 'refused',
      reason: 'self service answered 400',
    });
    expect(await register(undefined, { accessToken: 'none' })).to.deep.equal({
      kind: 'refused',
      reason: 'self service answered 401',
    });
  });

  for (const [name, fault] of [
    ['503', { kind: 'server-error', status: 503 }],
    ['429', { kind: 'too-many-requests' }],
    ['408', { kind: 'answer', status: 408 }],
    ['a redirection', { kind: 'answer', status: 302, headers: { location: 'https://elsewhere.invalid/' } }],
    ['a page of a firewall', { kind: 'html-page' }],
    ['JSON that breaks off', { kind: 'truncated-json' }],
    ['nothing', { kind: 'answer', status: 204 }],
    ['another date', { kind: 'altered-answer', alter: () => ({ expiration: 'soon' }) }],
    ['a number for the date', { kind: 'altered-answer', alter: () => ({ expiration: 1_900_000_000 }) }],
    ['a connection that is cut', { kind: 'cut-connection', when: 'before-headers' }],
    ['half an answer', { kind: 'cut-connection', when: 'mid-body' }],
  ] as const) {
    it(`takes ${name} for no answer at all`, async () => {
      sandbox.faults.always('self-service', fault);
      const answer = await register();
      expect(answer.kind).to.equal('unclear');
      expect(JSON.stringify(answer)).to.not.contain(token);
    });
  }

  it('does not wait for ever', async () => {
    sandbox.faults.always('self-service', { kind: 'stalled-body' });
    const waited: number[] = [];
    const impatient: Clock = {
      now: () => systemClock.now(),
      sleep: (milliseconds, signal) => {
        waited.push(milliseconds);
        return systemClock.sleep(100, signal);
      },
    };
    const answer = await register(undefined, { clock: impatient });
    expect(answer).to.deep.equal({ kind: 'unclear', reason: 'no answer from self service (ERR_CANCELED)' });
    expect(waited).to.deep.equal([30_000]);
  });
});

describe('a new key', () => {
  it('has an id of 32 hexadecimal digits and all that names it', async () => {
    for (const algorithm of ['ES256', 'ES384', 'ES512']) {
      const key = await newKey(algorithm, systemRandom);
      expect(key).to.include({ kty: 'EC', alg: algorithm, use: 'sig' });
      expect(key.kid).to.match(/^[0-9a-f]{32}$/);
    }
  });

  it('shows only its public half', async () => {
    const key = await newKey('ES256', systemRandom);
    const dated = { ...key, exp: 1, p: 'a', k: 'b' };
    expect(publicHalf(dated)).to.have.all.keys('kty', 'use', 'kid', 'alg', 'crv', 'x', 'y');
    expect(
      publicHalf({ kty: 'RSA', n: 'n', e: 'e', d: 'd', p: 'p', q: 'q', dp: 'dp', dq: 'dq', qi: 'qi' }),
    ).to.deep.equal({
      kty: 'RSA',
      use: 'sig',
      n: 'n',
      e: 'e',
    });
  });
});
