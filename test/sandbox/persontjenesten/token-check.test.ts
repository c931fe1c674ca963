import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type CryptoKey } from 'jose';
import {
  TokenCheck,
  type ProtectedRequest,
  type Refusal,
  type TokenCheckOptions,
} from '../../../src/sandbox/persontjenesten/token-check.js';
import { ManualClock } from '../../support/manual-clock.js';
import {
  FULL,
  hashOf,
  newKey,
  RESTRICTED,
  signed,
  type JwtChanges,
  type TestKey,
} from '../support/sandbox-client.js';

const ISSUER = 'https://helseid.example';
const AUDIENCE = 'nhn:hgd-persontjenesten-api';
const URL = 'https://api.example/api/v3/full-access/person/get-by-nin';
const ORGANISATION = 'helseid://claims/client/claims/orgnr_parent';

describe('token check of the sandbox API', () => {
  let signingKey: CryptoKey;
  let proofKey: TestKey;
  let clock: ManualClock;
  let options: TokenCheckOptions;
  let check: TokenCheck;

  beforeEach(async () => {
    const pair = await generateKeyPair('ES256');
    signingKey = pair.privateKey;
    proofKey = await newKey();
    clock = new ManualClock();
    const keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }] };
    options = { issuer: ISSUER, audience: AUDIENCE, keys, clock };
    check = new TokenCheck(options);
  });

  const seconds = (): number => Math.floor(clock.now().getTime() / 1000);

  async function token(changes: JwtChanges = {}): Promise<string> {
    return signed(
      { alg: 'ES256', kid: 'k', typ: 'at+jwt' },
      {
        iss: ISSUER,
        aud: AUDIENCE,
        client_id: 'client',
        scope: FULL,
        iat: seconds(),
        nbf: seconds(),
        exp: seconds() + 600,
        jti: randomUUID(),
        cnf: { jkt: await calculateJwkThumbprint(proofKey.publicJwk) },
        [ORGANISATION]: '310000027',
      },
      signingKey,
      changes,
    );
  }

  function proof(of: string, changes: JwtChanges = {}): Promise<string> {
    return signed(
      { alg: 'ES256', typ: 'dpop+jwt', jwk: proofKey.publicJwk },
      { jti: randomUUID(), htm: 'POST', htu: URL, iat: seconds(), ath: hashOf(of) },
      proofKey.privateKey,
      changes,
    );
  }

  async function verdict(
    tokenChanges: JwtChanges = {},
    proofChanges: JwtChanges = {},
    request: Partial<ProtectedRequest> = {},
    scope = FULL,
  ): Promise<Refusal | undefined> {
    const given = await token(tokenChanges);
    return check.refusalOf(
      {
        method: 'POST',
        url: URL,
        authorization: `DPoP ${given}`,
        proof: await proof(given, proofChanges),
        ...request,
      },
      scope,
    );
  }

  it('lets a good token with a good proof pass', async () => {
    expect(await verdict()).to.equal(undefined);
    expect(await verdict({ header: { typ: 'JWT' } }), 'typ JWT').to.equal(undefined);
  });

  const tokenFaults: readonly (readonly [string, () => JwtChanges | Promise<JwtChanges>])[] = [
    ['signed by somebody else', async () => ({ key: (await newKey()).privateKey })],
    ['from another issuer', () => ({ claims: { iss: 'https://other.example' } })],
    ['for another audience', () => ({ claims: { aud: 'nhn:other' } })],
    ['that has expired', () => ({ claims: { exp: seconds() - 6 } })],
    ['without expiry', () => ({ claims: { exp: undefined } })],
    ['that is not good yet', () => ({ claims: { nbf: seconds() + 60 } })],
    ['that is bound to no key', () => ({ claims: { cnf: undefined } })],
    ['that is bound to another key', () => ({ claims: { cnf: { jkt: 'another' } } })],
    ['of another type', () => ({ header: { typ: 'dpop+jwt' } })],
  ];
  for (const [name, changes] of tokenFaults) {
    it(`refuses a token ${name}`, async () => {
      expect(await verdict(await changes())).to.include({ status: 401, error: 'invalid_token' });
    });
  }

  it('says that an expired token has expired', async () => {
    const refusal = await verdict({ claims: { exp: seconds() - 60 } });
    expect(refusal?.description).to.equal('The token has expired');
  });

  const proofFaults: readonly (readonly [string, () => JwtChanges | Promise<JwtChanges>])[] = [
    ['of another type', () => ({ header: { typ: 'JWT' } })],
    ['without key', () => ({ header: { jwk: undefined } })],
    ['signed with another key than it carries', async () => ({ key: (await newKey()).privateKey })],
    ['for another method', () => ({ claims: { htm: 'GET' } })],
    ['for a method in lower case', () => ({ claims: { htm: 'post' } })],
    ['for another path', () => ({ claims: { htu: `${URL}x` } })],
    ['for another host', () => ({ claims: { htu: URL.replace('api.', 'other.') } })],
    ['for an address with a query', () => ({ claims: { htu: `${URL}?a=b` } })],
    ['for an address with a fragment', () => ({ claims: { htu: `${URL}#a` } })],
    ['for what is no address', () => ({ claims: { htu: 'nowhere' } })],
    ['of another token', () => ({ claims: { ath: hashOf('another') } })],
    ['without ath', () => ({ claims: { ath: undefined } })],
    ['without jti', () => ({ claims: { jti: undefined } })],
    ['with an empty jti', () => ({ claims: { jti: '' } })],
    ['without iat', () => ({ claims: { iat: undefined } })],
    ['seven seconds old', () => ({ claims: { iat: seconds() - 7 } })],
    ['six seconds ahead', () => ({ claims: { iat: seconds() + 6 } })],
  ];
  for (const [name, changes] of proofFaults) {
    it(`refuses a proof ${name}`, async () => {
      expect(await verdict({}, await changes())).to.include({ status: 401, error: 'invalid_dpop_proof' });
    });
  }

  it('refuses a proof whose key is private', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const refusal = await verdict({}, { key: privateKey, header: { jwk: await exportJWK(privateKey) } });
    expect(refusal).to.include({ status: 401, error: 'invalid_dpop_proof' });
  });

  for (const age of [-5, 0, 5, 6]) {
    it(`accepts a proof of an age of ${age} seconds`, async () => {
      expect(await verdict({}, { claims: { iat: seconds() - age } })).to.equal(undefined);
    });
  }

  it('refuses a proof that is used again, for as long as it is good', async () => {
    const jti = randomUUID();
    const use = (iat: number): Promise<Refusal | undefined> => verdict({}, { claims: { jti, iat } });
    const made = seconds() + 5;
    expect(await use(made)).to.equal(undefined);
    expect(await use(made)).to.include({ error: 'invalid_dpop_proof' });
    clock.advance(11_000);
    expect(await use(made), 'at the end of its life').to.include({ error: 'invalid_dpop_proof' });
  });

  it('does not count a refused proof as used', async () => {
    const jti = randomUUID();
    await verdict({}, { claims: { jti, htm: 'GET' } });
    expect(await verdict({}, { claims: { jti } })).to.equal(undefined);
  });

  it('refuses a request without proof', async () => {
    expect(await verdict({}, {}, { proof: undefined })).to.include({
      status: 401,
      error: 'invalid_dpop_proof',
    });
  });

  it('refuses a request without token, and names no error', async () => {
    const refusal = await verdict({}, {}, { authorization: undefined });
    expect(refusal).to.include({ status: 401, error: undefined });
  });

  it('refuses a bound token that is sent as bearer', async () => {
    const authorization = `Bearer ${await token()}`;
    expect(await verdict({}, {}, { authorization })).to.include({ status: 401, error: 'invalid_token' });
  });

  it('refuses a scope that does not fit the route with 403', async () => {
    expect(await verdict({ claims: { scope: RESTRICTED } })).to.include({
      status: 403,
      error: 'insufficient_scope',
    });
    expect(await verdict({}, {}, {}, RESTRICTED)).to.include({ status: 403 });
    expect(await verdict({ claims: { scope: `${RESTRICTED} ${FULL}` } }, {}, {}, RESTRICTED)).to.equal(
      undefined,
    );
  });

  it('refuses a token without parent organisation number with 403', async () => {
    for (const parent of [undefined, '', '31000002']) {
      expect(await verdict({ claims: { [ORGANISATION]: parent } })).to.include({ status: 403 });
    }
  });

  it('tells whose request it is', async () => {
    const given = await token();
    const request = { method: 'POST', url: URL, authorization: `DPoP ${given}`, proof: await proof(given) };
    expect(await check.judge(request, FULL)).to.deep.equal({ clientId: 'client' });
  });

  it('goes by a clock that is said to be ahead', async () => {
    expect(await verdict({}, {}, { clockSkewSeconds: 20 })).to.include({ error: 'invalid_dpop_proof' });
    expect(await verdict({}, {}, { clockSkewSeconds: -20 })).to.include({ status: 401 });
    expect(await verdict({}, {}, { clockSkewSeconds: 3 })).to.equal(undefined);
  });

  describe('of an API that takes bearer tokens', () => {
    const unbound = { claims: { cnf: undefined } };

    beforeEach(() => {
      check = new TokenCheck({ ...options, allowsUnboundTokens: true, needsParentOrganisation: false });
    });

    it('lets an unbound token pass, without a proof and without an organisation', async () => {
      const authorization = `Bearer ${await token({ claims: { cnf: undefined, [ORGANISATION]: undefined } })}`;
      expect(await verdict({}, {}, { authorization, proof: undefined })).to.equal(undefined);
    });

    it('refuses a bound token that is sent as bearer, with its proof or without', async () => {
      const given = await token();
      for (const shown of [undefined, await proof(given)]) {
        const refusal = await verdict({}, {}, { authorization: `Bearer ${given}`, proof: shown });
        expect(refusal).to.include({ status: 401, error: 'invalid_token' });
      }
    });

    it('refuses an unbound token that is sent as DPoP', async () => {
      expect(await verdict(unbound)).to.include({ status: 401, error: 'invalid_token' });
    });

    it('checks the proof of a bound token', async () => {
      expect(await verdict()).to.equal(undefined);
      expect(await verdict({}, { claims: { htm: 'GET' } })).to.include({ error: 'invalid_dpop_proof' });
    });

    it('looks at signature, life and scope as ever', async () => {
      for (const [changes, error] of [
        [{ key: (await newKey()).privateKey }, 'invalid_token'],
        [{ claims: { exp: seconds() - 6 } }, 'invalid_token'],
        [{ claims: { scope: RESTRICTED } }, 'insufficient_scope'],
      ] as const) {
        const given = await token({
          ...changes,
          claims: { cnf: undefined, ...('claims' in changes ? changes.claims : {}) },
        });
        const refusal = await verdict({}, {}, { authorization: `Bearer ${given}`, proof: undefined });
        expect(refusal).to.include({ error });
      }
    });

    it('asks for a bearer token, where others ask for DPoP', () => {
      const refusal = { status: 401, error: 'invalid_token', description: 'The token has expired' } as const;
      expect(check.challenge(refusal)).to.equal(
        'Bearer error="invalid_token", error_description="The token has expired"',
      );
      expect(check.challenge({ ...refusal, error: undefined })).to.equal('Bearer');
      const strict = new TokenCheck(options);
      expect(strict.challenge(refusal)).to.equal(
        'DPoP error="invalid_token", error_description="The token has expired", algs="ES256 PS256 RS256"',
      );
      expect(strict.challenge({ ...refusal, error: undefined })).to.equal('DPoP algs="ES256 PS256 RS256"');
    });
  });
});
