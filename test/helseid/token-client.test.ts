import { inspect } from 'node:util';
import { expect } from 'chai';
import {
  EmbeddedJWK,
  calculateJwkThumbprint,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  type CryptoKey,
  type JWK,
} from 'jose';
import nock from 'nock';
import { AdapterError, TokenRefused, TokenUnavailable } from '../../src/errors/errors.js';
import { newDpopKey } from '../../src/helseid/dpop-key.js';
import { TokenClient, type ClientIdentity } from '../../src/helseid/token-client.js';
import { createHttpClient } from '../../src/outbound/http-client.js';
import { FakeHelseId, ISSUER, SCOPE, granted, useNonce, type TokenAnswer } from '../support/fake-helseid.js';
import { fakedHttp } from '../support/faked-http.js';
import { StandingClock } from '../support/standing-clock.js';

const NOW = '2031-05-06T07:08:09.500Z';
const SECOND = Math.floor(Date.parse(NOW) / 1000);
const CLIENT = 'f5f0e4a6-0000-4000-8000-000000000001';
const ORGANISATION = { parent: '310000027' };

interface Registered {
  readonly publicKey: CryptoKey;
  readonly privateJwk: JWK;
}

async function registered(algorithm: string): Promise<Registered> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return { publicKey, privateJwk: { ...(await exportJWK(privateKey)), kid: 'key-1', alg: algorithm } };
}

const registration = await registered('ES256');

async function tokenClient(settings: Partial<ClientIdentity> = {}): Promise<TokenClient> {
  return new TokenClient(
    {
      issuer: ISSUER,
      clientId: CLIENT,
      privateKey: registration.privateJwk,
      tenancy: 'single',
      ...settings,
    },
    createHttpClient({ certificateAuthority: undefined }),
    await newDpopKey(),
    new StandingClock(NOW),
  );
}

async function failure(client: TokenClient): Promise<unknown> {
  try {
    await client.grant(SCOPE, ORGANISATION);
  } catch (error) {
    return error;
  }
  throw new Error('a token was granted');
}

/** Whether anything in the error looks like a token, an assertion, a proof or the private key. */
function tellsSecrets(error: unknown): boolean {
  const everything = inspect(error, { depth: Infinity, showHidden: true, maxStringLength: Infinity });
  return ['eyJ', 'the-token', registration.privateJwk.d ?? '?', 'do-not-tell'].some((secret) =>
    everything.includes(secret),
  );
}

describe('token client', () => {
  fakedHttp();

  describe('a good exchange', () => {
    it('asks as helseid 2 says and gives the token and its life', async () => {
      const helseId = new FakeHelseId();
      const client = await tokenClient();
      expect(await client.grant(SCOPE, ORGANISATION)).to.deep.equal({
        accessToken: 'the-token',
        expiresInSeconds: 600,
      });
      const [request] = helseId.requests;
      const form = Object.fromEntries(request?.form ?? []);
      delete form['client_assertion'];
      expect(form).to.deep.equal({
        grant_type: 'client_credentials',
        client_id: CLIENT,
        scope: SCOPE,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      });
      expect(request?.headers['content-type']).to.match(/^application\/x-www-form-urlencoded/);
    });

    it('signs an assertion that HelseID accepts, by the injected clock', async () => {
      const helseId = new FakeHelseId();
      await (await tokenClient()).grant(SCOPE, ORGANISATION);
      const { payload, protectedHeader } = await jwtVerify(
        helseId.requests[0]?.assertion ?? '',
        registration.publicKey,
        { currentDate: new Date(NOW) },
      );
      expect(protectedHeader).to.deep.equal({
        alg: 'ES256',
        kid: 'key-1',
        typ: 'client-authentication+jwt',
      });
      expect(payload.iss).to.equal(CLIENT);
      expect(payload.sub).to.equal(CLIENT);
      expect(payload.aud).to.equal(ISSUER);
      expect(payload.iat).to.equal(SECOND);
      expect(payload.nbf).to.equal(SECOND);
      expect(payload.exp).to.be.within(SECOND + 10, SECOND + 60);
      expect(payload.jti).to.be.a('string').with.length.greaterThan(15);
    });

    for (const algorithm of ['PS256', 'RS256', 'ES384']) {
      it(`signs with the algorithm of the key: ${algorithm}`, async () => {
        const helseId = new FakeHelseId();
        const { publicKey, privateJwk } = await registered(algorithm);
        await (await tokenClient({ privateKey: privateJwk })).grant(SCOPE, ORGANISATION);
        const { protectedHeader } = await jwtVerify(helseId.requests[0]?.assertion ?? '', publicKey, {
          currentDate: new Date(NOW),
        });
        expect(protectedHeader.alg).to.equal(algorithm);
      });
    }

    it('proves possession of a key of its own, by the injected clock', async () => {
      const helseId = new FakeHelseId();
      await (await tokenClient()).grant(SCOPE, ORGANISATION);
      const { payload, protectedHeader } = await jwtVerify(helseId.requests[0]?.proof ?? '', EmbeddedJWK, {
        typ: 'dpop+jwt',
        currentDate: new Date(NOW),
        maxTokenAge: 1,
        requiredClaims: ['jti', 'htm', 'htu', 'iat'],
      });
      expect(payload['htm']).to.equal('POST');
      expect(payload['htu']).to.equal(`${ISSUER}/connect/token`);
      expect(payload).to.not.have.any.keys('ath', 'nonce');
      expect(protectedHeader.jwk).to.have.all.keys('kty', 'crv', 'x', 'y');
      const assertionKey = await exportJWK(registration.publicKey);
      expect(await calculateJwkThumbprint(protectedHeader.jwk ?? {})).to.not.equal(
        await calculateJwkThumbprint(assertionKey),
      );
    });

    it('discovers once', async () => {
      const helseId = new FakeHelseId();
      const client = await tokenClient();
      await Promise.all([client.grant(SCOPE, ORGANISATION), client.grant(SCOPE, { parent: '310000035' })]);
      await client.grant(SCOPE, ORGANISATION);
      expect(helseId.discoveries).to.equal(1);
    });
  });

  describe('the nonce', () => {
    it('repeats once with the nonce, a new assertion and a new proof', async () => {
      const helseId = new FakeHelseId();
      helseId.answer = (_, count) => (count === 0 ? useNonce('nonce-1') : granted());
      await (await tokenClient()).grant(SCOPE, ORGANISATION);
      expect(helseId.requests).to.have.length(2);
      const proofs = helseId.requests.map(({ proof }) => decodeJwt(proof));
      expect(proofs.map((proof) => proof['nonce'])).to.deep.equal([undefined, 'nonce-1']);
      expect(new Set(proofs.map(({ jti }) => jti)).size).to.equal(2);
      expect(new Set(helseId.requests.map(({ assertion }) => decodeJwt(assertion).jti)).size).to.equal(2);
    });

    it('is remembered: the next token takes one request', async () => {
      const helseId = new FakeHelseId();
      helseId.answer = ({ proof }) =>
        decodeJwt(proof)['nonce'] === 'nonce-1' ? granted() : useNonce('nonce-1');
      const client = await tokenClient();
      await client.grant(SCOPE, ORGANISATION);
      await client.grant(SCOPE, { parent: '310000035' });
      expect(helseId.requests).to.have.length(3);
    });

    it('given in a good answer serves the next request', async () => {
      const helseId = new FakeHelseId();
      helseId.answer = (_, count) => ({ ...granted(), headers: { 'DPoP-Nonce': `nonce-${count}` } });
      const client = await tokenClient();
      await client.grant(SCOPE, ORGANISATION);
      await client.grant(SCOPE, ORGANISATION);
      expect(helseId.requests.map(({ proof }) => decodeJwt(proof)['nonce'])).to.deep.equal([
        undefined,
        'nonce-0',
      ]);
    });

    it('asked for again and again gives up after one repeat, as trouble that may pass', async () => {
      const helseId = new FakeHelseId();
      helseId.answer = (_, count) => useNonce(`nonce-${count}`);
      expect(await failure(await tokenClient())).to.be.instanceOf(TokenUnavailable);
      expect(helseId.requests).to.have.length(2);
    });
  });

  describe('organisation numbers', () => {
    async function details(
      tenancy: 'single' | 'multi',
      organisation: { parent: string; child?: string },
    ): Promise<unknown> {
      const helseId = new FakeHelseId();
      helseId.answer = (_, count) => (count === 0 ? useNonce('n') : granted());
      await (await tokenClient({ tenancy })).grant(SCOPE, organisation);
      const [first, second] = helseId.requests.map(({ assertion }) => decodeJwt(assertion));
      expect(first?.['assertion_details']).to.deep.equal(second?.['assertion_details']);
      return second?.['assertion_details'];
    }
    const of = (system: string, value: string): object => ({
      type: 'helseid_authorization',
      practitioner_role: { organization: { identifier: { system, type: 'ENH', value } } },
    });

    it('of a single tenant: nothing for the parent', async () => {
      expect(await details('single', ORGANISATION)).to.equal(undefined);
    });

    it('of a single tenant: the child alone', async () => {
      expect(await details('single', { ...ORGANISATION, child: '310000043' })).to.deep.equal(
        of('urn:oid:2.16.578.1.12.4.1.4.101', '310000043'),
      );
    });

    it('of many tenants: the parent', async () => {
      expect(await details('multi', ORGANISATION)).to.deep.equal(
        of('urn:oid:1.0.6523', 'NO:ORGNR:310000027'),
      );
    });

    it('of many tenants: parent and child', async () => {
      expect(await details('multi', { ...ORGANISATION, child: '310000043' })).to.deep.equal(
        of('urn:oid:1.0.6523', 'NO:ORGNR:310000027:310000043'),
      );
    });

    it('of simultaneous grants are not mixed up', async () => {
      const helseId = new FakeHelseId();
      const client = await tokenClient({ tenancy: 'multi' });
      const parents = ['310000027', '310000035', '310000043'];
      await Promise.all(parents.map((parent) => client.grant(SCOPE, { parent })));
      const sent = helseId.requests.map(({ assertion }) => JSON.stringify(decodeJwt(assertion)));
      expect(parents.map((parent) => sent.filter((text) => text.includes(parent)).length)).to.deep.equal([
        1, 1, 1,
      ]);
    });
  });

  describe('what HelseID says instead', () => {
    const error = (status: number, code: string, headers: TokenAnswer['headers'] = {}): TokenAnswer => ({
      status,
      body: { error: code, error_description: 'do-not-tell' },
      headers,
    });
    const html = (status: number): TokenAnswer => ({
      status,
      body: '<!DOCTYPE html><title>do-not-tell</title>',
      headers: { 'Content-Type': 'text/html' },
    });
    const json = (status: number, body: string): TokenAnswer => ({
      status,
      body,
      headers: { 'Content-Type': 'application/json' },
    });
    const challenge = {
      'WWW-Authenticate': 'Bearer error="invalid_client", error_description="do-not-tell"',
    };

    const cases: readonly [string, TokenAnswer, typeof TokenRefused | typeof TokenUnavailable, RegExp][] = [
      ['400 invalid_client', error(400, 'invalid_client'), TokenRefused, /400 invalid_client/],
      ['400 invalid_scope', error(400, 'invalid_scope'), TokenRefused, /invalid_scope/],
      ['400 invalid_dpop_proof', error(400, 'invalid_dpop_proof'), TokenRefused, /invalid_dpop_proof/],
      ['400 invalid_request', error(400, 'invalid_request'), TokenRefused, /invalid_request/],
      ['400 unauthorized_client', error(400, 'unauthorized_client'), TokenRefused, /unauthorized_client/],
      ['400 temporarily_unavailable', error(400, 'temporarily_unavailable'), TokenUnavailable, /temporarily/],
      ['400 with a code of its own making', error(400, 'do-not-tell: 1'), TokenRefused, /400/],
      ['401 invalid_client', error(401, 'invalid_client'), TokenRefused, /401 invalid_client/],
      ['401 with a challenge', error(401, 'invalid_client', challenge), TokenRefused, /401/],
      ['401 without a body', { status: 401, body: '' }, TokenRefused, /401/],
      ['403 from a firewall', html(403), TokenUnavailable, /403/],
      ['404', html(404), TokenUnavailable, /404/],
      ['429', error(429, 'slow_down', { 'Retry-After': '7' }), TokenUnavailable, /429/],
      ['429 with a code of its own', error(429, 'too_many'), TokenUnavailable, /429 too_many/],
      ['408', error(408, 'too_late'), TokenUnavailable, /408/],
      ['429 without a body', { status: 429, body: '' }, TokenUnavailable, /429/],
      ['500', error(500, 'server_error'), TokenUnavailable, /500/],
      ['503 in HTML', html(503), TokenUnavailable, /503/],
      ['302', { status: 302, body: '', headers: { Location: `${ISSUER}/other` } }, TokenUnavailable, /302/],
      ['204', { status: 204, body: '' }, TokenUnavailable, /204/],
      ['205', { status: 205, body: '' }, TokenUnavailable, /205/],
      ['200 in HTML', html(200), TokenUnavailable, /200/],
      [
        '200 with JSON that breaks off',
        json(200, '{"access_token":"the-token","expi'),
        TokenUnavailable,
        /./,
      ],
      ['200 with garbage', json(200, '\u0000\u0001'), TokenUnavailable, /./],
      ['200 with a list', json(200, '[]'), TokenRefused, /./],
      ['200 with null', json(200, 'null'), TokenRefused, /./],
      ['200 without a token', granted({ access_token: undefined }), TokenRefused, /./],
      ['a token that is empty', granted({ access_token: '' }), TokenRefused, /./],
      ['a bearer token', granted({ token_type: 'Bearer' }), TokenRefused, /bound/],
      ['another kind of token', granted({ token_type: 'mac' }), TokenRefused, /./],
      ['no kind of token', granted({ token_type: undefined }), TokenRefused, /./],
      ['a scope that lacks ours', granted({ scope: 'other do-not-tell' }), TokenRefused, /scope/],
      ['an empty scope', granted({ scope: '' }), TokenRefused, /scope/],
      ['rejected_scope', granted({ scope: '', rejected_scope: SCOPE }), TokenRefused, /scope/],
      ['rejected_scope alone', granted({ scope: undefined, rejected_scope: SCOPE }), TokenRefused, /scope/],
      [
        'rejected_scope as a list',
        granted({ scope: undefined, rejected_scope: ['other', SCOPE] }),
        TokenRefused,
        /scope/,
      ],
      ['expires_in 0', granted({ expires_in: 0 }), TokenRefused, /./],
      ['expires_in -1', granted({ expires_in: -1 }), TokenRefused, /./],
      ['expires_in as text', granted({ expires_in: '600' }), TokenRefused, /lifetime/],
      ['expires_in in words', granted({ expires_in: 'soon' }), TokenRefused, /./],
      ['expires_in null', granted({ expires_in: null }), TokenRefused, /./],
      ['no expires_in', granted({ expires_in: undefined }), TokenRefused, /lifetime/],
      [
        'expires_in beyond numbers',
        json(200, '{"access_token":"the-token","token_type":"DPoP","expires_in":1e999}'),
        TokenRefused,
        /./,
      ],
    ];
    for (const [name, answer, expected, message] of cases) {
      it(`${name} is ${expected.name}`, async () => {
        const helseId = new FakeHelseId();
        helseId.answer = () => answer;
        const error = await failure(await tokenClient());
        expect(error).to.be.instanceOf(expected);
        expect(error instanceof AdapterError ? error.message : '').to.match(message);
        expect(tellsSecrets(error), 'tells secrets').to.equal(false);
        expect(helseId.requests, 'nothing is repeated').to.have.length(1);
      });
    }

    it('accepts an answer without scope: all that was asked for (RFC 6749 5.1)', async () => {
      const helseId = new FakeHelseId();
      helseId.answer = () => granted({ scope: undefined });
      expect(await (await tokenClient()).grant(SCOPE, ORGANISATION)).to.include({ accessToken: 'the-token' });
    });

    it('accepts more scopes than were asked for', async () => {
      const helseId = new FakeHelseId();
      helseId.answer = () => granted({ scope: `first ${SCOPE}` });
      expect(await (await tokenClient()).grant(SCOPE, ORGANISATION)).to.include({ accessToken: 'the-token' });
    });

    it("names HelseID's own number of the error, and nothing else of its text", async () => {
      const helseId = new FakeHelseId();
      helseId.answer = () => ({
        status: 400,
        body: { error: 'invalid_request', error_description: 'HID-1002: do-not-tell' },
      });
      const error = await failure(await tokenClient());
      expect(error).to.be.instanceOf(TokenRefused).with.property('message').that.includes('HID-1002');
      expect(tellsSecrets(error)).to.equal(false);
    });
  });

  describe('when HelseID cannot be reached', () => {
    function discoveryOnly(): nock.Scope {
      return nock(ISSUER)
        .get('/.well-known/openid-configuration')
        .reply(200, { issuer: ISSUER, token_endpoint: `${ISSUER}/connect/token` });
    }

    for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'CERT_HAS_EXPIRED']) {
      it(`${code} is TokenUnavailable and named`, async () => {
        discoveryOnly();
        nock(ISSUER)
          .post('/connect/token')
          .replyWithError(Object.assign(new Error('do-not-tell'), { code }));
        const error = await failure(await tokenClient());
        expect(error).to.be.instanceOf(TokenUnavailable).with.property('message').that.includes(code);
        expect(tellsSecrets(error)).to.equal(false);
      });
    }

    it('discovery refused is TokenUnavailable, and the next attempt discovers again', async () => {
      nock(ISSUER)
        .get('/.well-known/openid-configuration')
        .replyWithError(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
      const client = await tokenClient();
      expect(await failure(client))
        .to.be.instanceOf(TokenUnavailable)
        .with.property('message')
        .that.includes('ECONNREFUSED');
      new FakeHelseId();
      expect(await client.grant(SCOPE, ORGANISATION)).to.include({ accessToken: 'the-token' });
    });

    for (const [name, status, body] of [
      ['an error', 503, 'down'],
      ['not found', 404, 'nothing here'],
      ['another issuer', 200, { issuer: 'https://other.example.invalid', token_endpoint: ISSUER }],
      ['no token endpoint', 200, { issuer: ISSUER }],
      [
        'a token endpoint in plaintext',
        200,
        { issuer: ISSUER, token_endpoint: 'http://helseid.example.invalid' },
      ],
      ['a list', 200, []],
    ] as const) {
      it(`discovery that answers ${name} is TokenUnavailable`, async () => {
        nock(ISSUER).get('/.well-known/openid-configuration').reply(status, body);
        expect(await failure(await tokenClient())).to.be.instanceOf(TokenUnavailable);
      });
    }

    it('silence ends in TokenUnavailable, not in the silence of all who wait', async () => {
      discoveryOnly();
      nock(ISSUER).post('/connect/token').delay(60_000).reply(200, {});
      const client = new TokenClient(
        { issuer: ISSUER, clientId: CLIENT, privateKey: registration.privateJwk, tenancy: 'single' },
        createHttpClient({ certificateAuthority: undefined }),
        await newDpopKey(),
        new StandingClock(NOW),
        { timeoutSeconds: 0.02 },
      );
      const error = await failure(client);
      expect(error)
        .to.be.instanceOf(TokenUnavailable)
        .with.property('message')
        .that.matches(/in time/);
      expect(tellsSecrets(error)).to.equal(false);
    });
  });

  describe('a private key that cannot sign', () => {
    const { kty, crv, x, y } = registration.privateJwk;
    const broken: Record<string, JWK> = {
      'is a public one': {
        kty: kty ?? '',
        crv: crv ?? '',
        x: x ?? '',
        y: y ?? '',
        kid: 'key-1',
        alg: 'ES256',
      },
      'is symmetric': { kty: 'oct', k: 'c2VjcmV0', kid: 'key-1', alg: 'HS256' },
      'does not fit its algorithm': { ...registration.privateJwk, alg: 'RS256' },
      'is garbage': { ...registration.privateJwk, d: '!' },
    };
    for (const [name, privateKey] of Object.entries(broken)) {
      it(`${name} is TokenRefused, and HelseID is not asked`, async () => {
        const helseId = new FakeHelseId();
        const error = await failure(await tokenClient({ privateKey }));
        expect(error).to.be.instanceOf(TokenRefused).with.property('message').that.includes('private key');
        expect(tellsSecrets(error)).to.equal(false);
        expect(helseId.requests).to.have.length(0);
      });
    }
  });

  it('names the key by its id in each assertion', async () => {
    const helseId = new FakeHelseId();
    await (
      await tokenClient({ privateKey: { ...registration.privateJwk, kid: 'another' } })
    ).grant(SCOPE, ORGANISATION);
    expect(decodeProtectedHeader(helseId.requests[0]?.assertion ?? '').kid).to.equal('another');
  });
});
