import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import {
  FULL,
  hashOf,
  json,
  memberOf,
  SandboxClient,
  SELF_SERVICE,
  startTestSandbox,
  type Answer,
  type JwtChanges,
} from '../support/sandbox-client.js';

const DAY = 24 * 60 * 60 * 1000;

describe("the sandbox's self service", () => {
  const troubles: unknown[] = [];
  let sandbox: Sandbox;
  let client: SandboxClient;
  let nonce: string;

  beforeEach(async () => {
    sandbox = await startTestSandbox({ keyLifeDays: 90, onTrouble: (error) => troubles.push(error) });
    client = await SandboxClient.for(sandbox);
    nonce = await client.nonce();
  });

  afterEach(async () => {
    client.close();
    await sandbox.stop();
    expect(troubles).to.deep.equal([]);
  });

  async function newPair(alg = 'ES256'): Promise<{ privateJwk: JWK; publicJwk: JWK }> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const marks = { kid: 'a-new-key', alg, use: 'sig' };
    return {
      publicJwk: { ...(await exportJWK(publicKey)), ...marks },
      privateJwk: { ...(await exportJWK(privateKey)), ...marks },
    };
  }

  interface Upload {
    readonly token?: string;
    readonly proof?: JwtChanges;
    readonly headers?: Readonly<Record<string, string>>;
    readonly method?: string;
    readonly path?: string;
  }

  async function upload(key: unknown, { path = 'v1/client-secret', ...given }: Upload = {}): Promise<Answer> {
    const { token = await client.token(SELF_SERVICE), proof = {}, headers = {}, method = 'POST' } = given;
    const url = `${sandbox.selfServiceUrl}/${path}`;
    return client.send(
      method,
      url,
      {
        'content-type': 'application/json',
        authorization: `DPoP ${token}`,
        dpop: await client.proof(method, url, { ...proof, claims: { ath: hashOf(token), ...proof.claims } }),
        ...headers,
      },
      typeof key === 'string' ? key : JSON.stringify(key),
    );
  }

  /** Whether HelseID lets the sandbox's client in with a key of its choice. */
  async function statusWith(jwk: JWK): Promise<number> {
    const key = await importJWK(jwk, jwk.alg);
    if (key instanceof Uint8Array) throw new TypeError('a secret instead of a key');
    const proof = await client.proof('POST', client.tokenUrl, { claims: { nonce } });
    const assertion = await client.assertion({ key, header: { kid: jwk.kid, alg: jwk.alg } });
    return (await client.askForToken(assertion, proof)).status;
  }

  for (const alg of ['ES256', 'ES384', 'ES512', 'PS256', 'RS256']) {
    it(`puts a new ${alg} key in place of the old one, at once`, async () => {
      const { publicJwk, privateJwk } = await newPair(alg);
      expect(await statusWith(sandbox.clientPrivateJwk)).to.equal(200);
      const answer = await upload(publicJwk);
      expect(answer.status, answer.text).to.equal(200);
      expect(await statusWith(privateJwk)).to.equal(200);
      expect(await statusWith(sandbox.clientPrivateJwk), 'the old key').to.equal(401);
    });
  }

  it('tells when the new key ends, and holds to it', async () => {
    const { publicJwk, privateJwk } = await newPair();
    const answer = await upload(publicJwk);
    const expiration = memberOf(json(answer), 'expiration');
    expect(expiration).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(Date.parse(String(expiration)) - Date.now()).to.be.within(90 * DAY - 60_000, 90 * DAY);
    sandbox.clients.replaceKey(sandbox.clientId, publicJwk, new Date(Date.now() - 2_000));
    expect(await statusWith(privateJwk)).to.equal(401);
  });

  it('takes the same key again', async () => {
    const { publicJwk } = await newPair();
    expect([(await upload(publicJwk)).status, (await upload(publicJwk)).status]).to.deep.equal([200, 200]);
  });

  describe('refuses with problem details, and leaves the old key,', () => {
    const rsa = (bits: number): JWK => {
      const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
      return { ...publicKey.export({ format: 'jwk' }), kid: 'a', alg: 'PS256' };
    };
    const without = async (name: string): Promise<unknown> =>
      Object.fromEntries(Object.entries((await newPair()).publicJwk).filter(([member]) => member !== name));
    const withMember = async (members: object): Promise<unknown> => ({
      ...(await newPair()).publicJwk,
      ...members,
    });
    const cases: readonly (readonly [string, () => unknown])[] = [
      ['a private key', async () => (await newPair()).privateJwk],
      ['a private RSA key', async () => (await newPair('PS256')).privateJwk],
      ['a public key with one private member', () => withMember({ k: 'c2VjcmV0' })],
      ['a key without kid', () => without('kid')],
      ['a key with an empty kid', () => withMember({ kid: '' })],
      ['a key without alg', () => without('alg')],
      ['an algorithm of secrets', () => withMember({ alg: 'HS256' })],
      ['an algorithm of another kind', () => withMember({ alg: 'PS256' })],
      ['an algorithm of another curve', () => withMember({ alg: 'ES384' })],
      ['a key for encryption', () => withMember({ use: 'enc' })],
      ['a key without a coordinate', () => without('y')],
      ['a point off the curve', () => withMember({ x: Buffer.alloc(32, 1).toString('base64url') })],
      ['an RSA key of 1024 bits', () => rsa(1024)],
      ['an RSA key with exponent 3', () => ({ ...rsa(2048), e: 'Aw' })],
      ['an RSA key without modulus', () => ({ kty: 'RSA', e: 'AQAB', kid: 'a', alg: 'PS256' })],
      ['a symmetric key', () => ({ kty: 'oct', k: 'c2VjcmV0', kid: 'a', alg: 'HS256' })],
      ['a list', async () => [(await newPair()).publicJwk]],
      ['no object', () => 'null'],
      ['no JSON', () => '{"kty":'],
      ['nothing', () => ''],
    ];
    for (const [name, make] of cases) {
      it(name, async () => {
        const answer = await upload(await make());
        expect(answer.status, answer.text).to.equal(400);
        expect(answer.headers.get('content-type')).to.match(/^application\/problem\+json/);
        expect(json(answer)).to.include({ status: 400 }).and.have.property('title');
        expect(await statusWith(sandbox.clientPrivateJwk)).to.equal(200);
      });
    }

    it('a body that is not said to be JSON', async () => {
      const { publicJwk } = await newPair();
      expect((await upload(publicJwk, { headers: { 'content-type': 'text/plain' } })).status).to.equal(415);
    });

    it('a body that is too large', async () => {
      expect((await upload(await withMember({ x5c: 'x'.repeat(70_000) }))).status).to.equal(413);
    });

    it('another route and another method', async () => {
      expect((await upload({}, { path: 'v1/other' })).status).to.equal(404);
      const answer = await upload({}, { method: 'PUT' });
      expect([answer.status, answer.headers.get('allow')]).to.deep.equal([405, 'POST']);
    });

    it('a token for Persontjenesten', async () => {
      const { publicJwk } = await newPair();
      const answer = await upload(publicJwk, { token: await client.token(FULL) });
      expect(answer.status).to.equal(401);
      expect(answer.headers.get('content-type')).to.match(/^application\/problem\+json/);
      expect(answer.headers.get('www-authenticate')).to.match(/^DPoP error="invalid_token"/);
    });

    it('a token that comes as bearer, without proof, or with that of another address', async () => {
      const { publicJwk } = await newPair();
      const token = await client.token(SELF_SERVICE);
      for (const given of [
        { headers: { authorization: `Bearer ${token}` } },
        { headers: { dpop: '' } },
        { headers: { authorization: '' } },
        { proof: { claims: { htu: `${sandbox.selfServiceUrl}/v1/other` } } },
      ]) {
        expect((await upload(publicJwk, given)).status).to.equal(401);
      }
      expect(await statusWith(sandbox.clientPrivateJwk)).to.equal(200);
    });
  });

  describe('can be disturbed', () => {
    it('by itself, and leaves HelseID alone', async () => {
      const { publicJwk } = await newPair();
      sandbox.faults.always('self-service', { kind: 'server-error', status: 503, retryAfter: 7 });
      const answer = await upload(publicJwk);
      expect([answer.status, answer.headers.get('retry-after')]).to.deep.equal([503, '7']);
      expect(await statusWith(sandbox.clientPrivateJwk)).to.equal(200);
      expect(
        sandbox.requests.of('self-service').map(({ path, status, fault }) => [path, status, fault]),
      ).to.deep.equal([['/selvbetjening/v1/client-secret', 503, 'server-error']]);
    });

    it('after the key is in place', async () => {
      const { publicJwk, privateJwk } = await newPair();
      sandbox.faults.next('self-service', { kind: 'altered-answer', alter: () => ({ expiration: 'soon' }) });
      expect(json(await upload(publicJwk))).to.deep.equal({ expiration: 'soon' });
      expect(await statusWith(privateJwk)).to.equal(200);
    });

    it('by a demanded nonce', async () => {
      const { publicJwk } = await newPair();
      sandbox.faults.always('self-service', { kind: 'use-dpop-nonce', nonce: 'n-1' });
      const asked = await upload(publicJwk);
      expect([asked.status, asked.headers.get('dpop-nonce')]).to.deep.equal([401, 'n-1']);
      expect((await upload(publicJwk, { proof: { claims: { nonce: 'n-1' } } })).status).to.equal(200);
    });
  });
});
