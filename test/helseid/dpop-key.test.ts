import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { EmbeddedJWK, exportJWK, jwtVerify, type JWTVerifyResult } from 'jose';
import { dpopProof, newDpopKey, type ProofRequest } from '../../src/helseid/dpop-key.js';

const TOKEN = 'eyJ.a-token_with~all.the-characters+/=';
const NOW = '2031-05-06T07:08:09.900Z';

const request: ProofRequest = {
  method: 'post',
  url: 'https://api.example.invalid/api/v3/full-access/person/get-by-nin',
  accessToken: TOKEN,
  nonce: undefined,
  jti: '00000000-0000-4000-8000-000000000001',
  issuedAt: new Date(NOW),
};

/** The proof as the API checks it (helseid 2.2), by a library of its own. */
async function judged(parts: Partial<ProofRequest> = {}): Promise<JWTVerifyResult> {
  const proof = await dpopProof(await newDpopKey(), { ...request, ...parts });
  return jwtVerify(proof, EmbeddedJWK, {
    typ: 'dpop+jwt',
    algorithms: ['ES256'],
    maxTokenAge: 1,
    currentDate: new Date(NOW),
    requiredClaims: ['jti', 'htm', 'htu', 'iat', 'ath'],
  });
}

describe('DPoP proof', () => {
  it('is bound to method, address, token and instant', async () => {
    const { payload } = await judged();
    expect(payload).to.deep.equal({
      jti: request.jti,
      htm: 'POST',
      htu: request.url,
      ath: createHash('sha256').update(TOKEN).digest('base64url'),
      iat: Math.floor(Date.parse(NOW) / 1000),
    });
  });

  for (const [written, htu] of [
    ['https://api.example.invalid/p?informationParts=Name#top', 'https://api.example.invalid/p'],
    ['https://API.example.invalid:443/p', 'https://api.example.invalid/p'],
    ['https://api.example.invalid:8444/p?', 'https://api.example.invalid:8444/p'],
    ['https://api.example.invalid', 'https://api.example.invalid/'],
    ['https://api.example.invalid/a%20b', 'https://api.example.invalid/a%20b'],
  ] as const) {
    it(`names ${written} without query and fragment`, async () => {
      expect((await judged({ url: written })).payload['htu']).to.equal(htu);
    });
  }

  it('carries the nonce it was asked for', async () => {
    expect((await judged({ nonce: 'nonce-1' })).payload['nonce']).to.equal('nonce-1');
  });

  it('shows the public key and nothing of the private one', async () => {
    const { protectedHeader } = await judged();
    expect(protectedHeader).to.have.all.keys('alg', 'typ', 'jwk');
    expect(protectedHeader.jwk).to.have.all.keys('kty', 'crv', 'x', 'y');
  });

  it('is made with a key that cannot leave the process, another one each time', async () => {
    const [one, other] = await Promise.all([newDpopKey(), newDpopKey()]);
    expect(one.privateKey.extractable).to.equal(false);
    expect(one.publicJwk).to.not.deep.equal(other.publicJwk);
    const exported: unknown = await exportJWK(one.privateKey).catch((error: unknown) => error);
    expect(exported).to.be.instanceOf(Error);
  });
});
