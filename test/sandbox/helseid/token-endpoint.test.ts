import { expect } from 'chai';
import { decodeJwt, decodeProtectedHeader, importJWK } from 'jose';
import * as oidc from 'openid-client';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import {
  FULL,
  json,
  memberOf,
  newKey,
  nowInSeconds,
  RESTRICTED,
  SandboxClient,
  startTestSandbox,
  type Answer,
  type JwtChanges,
} from '../support/sandbox-client.js';

const ORGANISATION = 'helseid://claims/client/claims/orgnr_parent';
const CHILD = 'helseid://claims/client/claims/orgnr_child';
const TENANCY = 'helseid://claims/client/client_tenancy';

function errorOf(answer: Answer): unknown {
  return memberOf(json(answer), 'error');
}

function claimsOf(answer: Answer): Record<string, unknown> {
  const token = memberOf(json(answer), 'access_token');
  if (typeof token !== 'string') throw new Error(`no token: ${answer.text}`);
  return decodeJwt(token);
}

describe("the sandbox's HelseID", () => {
  const troubles: unknown[] = [];
  let sandbox: Sandbox;
  let client: SandboxClient;

  before(async () => {
    sandbox = await startTestSandbox({ onTrouble: (error) => troubles.push(error) });
    client = await SandboxClient.for(sandbox);
  });

  after(async () => {
    client.close();
    await sandbox.stop();
  });

  afterEach(() => {
    expect(troubles).to.deep.equal([]);
  });

  it('publishes where its endpoints are', async () => {
    const answer = await client.send('GET', `${sandbox.issuer}/.well-known/openid-configuration`);
    const metadata = json(answer);
    expect(memberOf(metadata, 'issuer')).to.equal(sandbox.issuer);
    expect(memberOf(metadata, 'token_endpoint')).to.equal(`${sandbox.issuer}/connect/token`);
    expect(memberOf(metadata, 'grant_types_supported')).to.contain('client_credentials');
    expect(memberOf(metadata, 'token_endpoint_auth_methods_supported')).to.deep.equal(['private_key_jwt']);
    expect(memberOf(metadata, 'scopes_supported')).to.include.members([FULL, RESTRICTED]);
  });

  describe('with openid-client', () => {
    async function configuration(): Promise<oidc.Configuration> {
      const { clientId, clientPrivateJwk, issuer } = sandbox;
      const key = await importJWK(clientPrivateJwk, clientPrivateJwk.alg);
      if (key instanceof Uint8Array) throw new TypeError('a secret instead of a key');
      return oidc.discovery(
        new URL(issuer),
        clientId,
        undefined,
        oidc.PrivateKeyJwt(
          { key, kid: clientPrivateJwk.kid },
          {
            [oidc.modifyAssertion]: (header, payload) => {
              header['typ'] = 'client-authentication+jwt';
              payload['exp'] = nowInSeconds() + 30;
            },
          },
        ),
        { [oidc.customFetch]: client.fetch },
      );
    }

    it('gives a token bound to the key of the proof, after one round for the nonce', async () => {
      sandbox.requests.clear();
      const settings = await configuration();
      const dpop = oidc.getDPoPHandle(settings, await oidc.randomDPoPKeyPair('ES256'));
      const granted = await oidc.clientCredentialsGrant(settings, { scope: FULL }, { DPoP: dpop });
      expect(granted.token_type).to.equal('dpop');
      expect(granted.expires_in).to.equal(600);
      expect(granted.scope).to.equal(FULL);
      const statuses = sandbox.requests.of('helseid').map(({ path, status }) => [path, status]);
      expect(statuses).to.deep.equal([
        ['/.well-known/openid-configuration', 200],
        ['/connect/token', 400],
        ['/connect/token', 200],
      ]);
      const again = await oidc.clientCredentialsGrant(settings, { scope: FULL }, { DPoP: dpop });
      expect(again.access_token).not.to.equal(granted.access_token);
      expect(sandbox.requests.of('helseid')).to.have.length(4);
    });
  });

  describe('access token', () => {
    it('has the claims that Persontjenesten looks at', async () => {
      const answer = await client.tokenAnswer();
      const claims = claimsOf(answer);
      expect(claims).to.include({
        iss: sandbox.issuer,
        aud: 'nhn:hgd-persontjenesten-api',
        client_id: sandbox.clientId,
        scope: FULL,
        [ORGANISATION]: sandbox.organisation.parent,
        [TENANCY]: 'single-tenant',
      });
      expect(claims['nbf']).to.equal(claims['iat']);
      expect(claims['cnf']).to.deep.equal({ jkt: await client.thumbprint() });
      expect(claims).not.to.have.property('sub');
      const token = memberOf(json(answer), 'access_token');
      expect(decodeProtectedHeader(String(token))).to.include({ typ: 'at+jwt', alg: 'ES256' });
    });

    it('has every granted scope of Persontjenesten, in both versions, when none is asked for', async () => {
      const claims = claimsOf(await client.tokenAnswer({}, {}, ''));
      const api = 'nhn:hgd-persontjenesten-api';
      expect(claims['scope']).to.equal(
        `${FULL} ${RESTRICTED} ${api}/read-with-legal-basis ${api}/read-no-legal-basis`,
      );
    });

    it('has the organisations that the assertion names', async () => {
      const assertion_details = {
        type: 'helseid_authorization',
        practitioner_role: {
          organization: {
            identifier: { system: 'urn:oid:2.16.578.1.12.4.1.4.101', type: 'ENH', value: '310000035' },
          },
        },
      };
      const claims = claimsOf(await client.tokenAnswer({ claims: { assertion_details } }));
      expect(claims[CHILD]).to.equal('310000035');
      expect(claims[ORGANISATION]).to.equal(sandbox.organisation.parent);
    });

    it('is refused with a number of HelseID for organisations that the client may not name', async () => {
      const assertion_details = {
        type: 'helseid_authorization',
        practitioner_role: {
          organization: {
            identifier: { system: 'urn:oid:1.0.6523', type: 'ENH', value: 'NO:ORGNR:310000027' },
          },
        },
      };
      const answer = await client.tokenAnswer({ claims: { assertion_details } });
      expect(answer.status).to.equal(400);
      expect(errorOf(answer)).to.equal('invalid_request');
      expect(memberOf(json(answer), 'error_description')).to.match(/^HID-1005/);
    });
  });

  describe('nonce', () => {
    it('is asked for when the proof has none', async () => {
      const answer = await client.askForToken(
        await client.assertion(),
        await client.proof('POST', client.tokenUrl),
      );
      expect(answer.status).to.equal(400);
      expect(errorOf(answer)).to.equal('use_dpop_nonce');
      expect(answer.headers.get('dpop-nonce')).to.be.a('string').and.not.equal('');
    });

    it('is asked for again when the proof has another', async () => {
      const answer = await client.tokenAnswer({}, { claims: { nonce: 'made-up' } });
      expect(errorOf(answer)).to.equal('use_dpop_nonce');
    });

    it('round uses up its assertion', async () => {
      const assertion = await client.assertion();
      await client.askForToken(assertion, await client.proof('POST', client.tokenUrl));
      const nonce = await client.nonce();
      const proof = await client.proof('POST', client.tokenUrl, { claims: { nonce } });
      const answer = await client.askForToken(assertion, proof);
      expect([answer.status, errorOf(answer)]).to.deep.equal([401, 'invalid_client']);
    });
  });

  describe('client assertion is refused', () => {
    const cases: readonly (readonly [string, () => JwtChanges | Promise<JwtChanges>])[] = [
      ['signed with another key', async () => ({ key: (await newKey()).privateKey })],
      ['with a kid that is not registered', () => ({ header: { kid: 'another' } })],
      ['without kid', () => ({ header: { kid: undefined } })],
      ['with typ JWT', () => ({ header: { typ: 'JWT' } })],
      ['without typ', () => ({ header: { typ: undefined } })],
      ['from another issuer', () => ({ claims: { iss: 'another' } })],
      ['for the token endpoint instead of the issuer', () => ({ claims: { aud: client.tokenUrl } })],
      ['for a list of audiences', () => ({ claims: { aud: [sandbox.issuer] } })],
      ['for the issuer with a slash', () => ({ claims: { aud: `${sandbox.issuer}/` } })],
      ['without jti', () => ({ claims: { jti: undefined } })],
      ['without iat', () => ({ claims: { iat: undefined } })],
      ['issued in the future', () => ({ claims: { iat: nowInSeconds() + 30 } })],
      ['without nbf', () => ({ claims: { nbf: undefined } })],
      ['that is not good yet', () => ({ claims: { nbf: nowInSeconds() + 30 } })],
      ['without exp', () => ({ claims: { exp: undefined } })],
      ['that has expired', () => ({ claims: { exp: nowInSeconds() - 30 } })],
      ['that lives longer than a minute', () => ({ claims: { exp: nowInSeconds() + 70 } })],
    ];
    for (const [name, changes] of cases) {
      it(name, async () => {
        const answer = await client.tokenAnswer(await changes());
        expect([answer.status, errorOf(answer)]).to.deep.equal([401, 'invalid_client']);
      });
    }

    it('about another subject', async () => {
      const answer = await client.tokenAnswer({ claims: { sub: 'another' } });
      expect([answer.status, errorOf(answer)]).to.deep.equal([400, 'invalid_request']);
    });

    it('used before', async () => {
      const assertion = await client.assertion();
      const nonce = await client.nonce();
      const statuses: number[] = [];
      for (let turn = 0; turn < 2; turn += 1) {
        const proof = await client.proof('POST', client.tokenUrl, { claims: { nonce } });
        statuses.push((await client.askForToken(assertion, proof)).status);
      }
      expect(statuses).to.deep.equal([200, 401]);
    });

    it('of a client that nobody registered', async () => {
      const claims = { iss: 'nobody', sub: 'nobody' };
      const answer = await client.askForToken(
        await client.assertion({ claims }),
        await client.proof('POST', client.tokenUrl),
        FULL,
        'nobody',
      );
      expect([answer.status, errorOf(answer)]).to.deep.equal([401, 'invalid_client']);
    });
  });

  it('accepts an assertion that lives exactly a minute', async () => {
    const answer = await client.tokenAnswer({ claims: { exp: nowInSeconds() + 59 } });
    expect(answer.status).to.equal(200);
  });

  describe('DPoP proof is refused', () => {
    const cases: readonly (readonly [string, () => JwtChanges | Promise<JwtChanges>])[] = [
      ['with typ JWT', () => ({ header: { typ: 'JWT' } })],
      ['with another key than it carries', async () => ({ key: (await newKey()).privateKey })],
      ['without key', () => ({ header: { jwk: undefined } })],
      ['for another method', () => ({ claims: { htm: 'GET' } })],
      ['for another address', () => ({ claims: { htu: `${sandbox.issuer}/connect/other` } })],
      ['for an address with a query', () => ({ claims: { htu: `${client.tokenUrl}?a=b` } })],
      ['for an address with a fragment', () => ({ claims: { htu: `${client.tokenUrl}#a` } })],
      ['without address', () => ({ claims: { htu: undefined } })],
      ['without jti', () => ({ claims: { jti: undefined } })],
      ['without iat', () => ({ claims: { iat: undefined } })],
      ['made too long ago', () => ({ claims: { iat: nowInSeconds() - 10 } })],
      ['made in the future', () => ({ claims: { iat: nowInSeconds() + 10 } })],
    ];
    for (const [name, changes] of cases) {
      it(name, async () => {
        const answer = await client.tokenAnswer({}, await changes());
        expect([answer.status, errorOf(answer)]).to.deep.equal([400, 'invalid_dpop_proof']);
      });
    }

    it('when it is missing', async () => {
      const answer = await client.askForToken(await client.assertion(), undefined);
      expect([answer.status, errorOf(answer)]).to.deep.equal([400, 'invalid_dpop_proof']);
    });

    it('when it is no JWT', async () => {
      const answer = await client.askForToken(await client.assertion(), 'nonsense');
      expect([answer.status, errorOf(answer)]).to.deep.equal([400, 'invalid_dpop_proof']);
    });

    it('when it was used before', async () => {
      const nonce = await client.nonce();
      const proof = await client.proof('POST', client.tokenUrl, { claims: { nonce } });
      const first = await client.askForToken(await client.assertion(), proof);
      const second = await client.askForToken(await client.assertion(), proof);
      expect([first.status, second.status]).to.deep.equal([200, 400]);
    });
  });

  describe('scope', () => {
    it('that no API has is refused', async () => {
      const answer = await client.tokenAnswer({}, {}, 'nhn:other-api/read');
      expect([answer.status, errorOf(answer)]).to.deep.equal([400, 'invalid_scope']);
    });

    it('of self service gives a token for that API alone', async () => {
      const claims = claimsOf(await client.tokenAnswer({}, {}, 'nhn:selvbetjening/client'));
      expect(claims).to.include({ aud: 'nhn:selvbetjening', scope: 'nhn:selvbetjening/client' });
    });

    for (const name of ['read-with-legal-basis', 'read-no-legal-basis']) {
      it(`of version 2 is known: ${name}`, async () => {
        const scope = `nhn:hgd-persontjenesten-api/${name}`;
        const claims = claimsOf(await client.tokenAnswer({}, {}, scope));
        expect(claims).to.include({ aud: 'nhn:hgd-persontjenesten-api', scope });
      });
    }

    it('of two APIs in one request is refused', async () => {
      const answer = await client.tokenAnswer({}, {}, `${FULL} nhn:selvbetjening/client`);
      expect([answer.status, errorOf(answer)]).to.deep.equal([400, 'invalid_scope']);
    });

    it('is refused when one of several is unknown', async () => {
      const answer = await client.tokenAnswer({}, {}, `${FULL} openid`);
      expect([answer.status, errorOf(answer)]).to.deep.equal([400, 'invalid_scope']);
    });
  });

  it('refuses other grants', async () => {
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: sandbox.clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await client.assertion(),
    });
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      dpop: await client.proof('POST', client.tokenUrl),
    };
    const answer = await client.send('POST', client.tokenUrl, headers, form.toString());
    expect(answer.status).to.equal(400);
  });
});

describe("clients of the sandbox's HelseID", () => {
  it('may be several: multi-tenant, with fewer scopes, or with bearer tokens', async () => {
    const key = await newKey();
    const publicJwk = { ...key.publicJwk, kid: 'key-1', alg: 'ES256' };
    const sandbox = await startTestSandbox({
      tokenLife: 42,
      signingAlgorithm: 'RS256',
      clients: [
        {
          id: 'supplier',
          publicJwk,
          tenancy: 'multi',
          organisations: [{ parent: '310000043' }],
          scopes: [RESTRICTED],
        },
        { id: 'of-2022', publicJwk, dpop: false, organisations: [{ parent: '310000051' }] },
      ],
    });
    const client = await SandboxClient.for(sandbox);
    try {
      const as = (id: string, more: Record<string, unknown> = {}): JwtChanges => ({
        key: key.privateKey,
        header: { kid: 'key-1' },
        claims: { iss: id, sub: id, ...more },
      });
      const nonce = await client.nonce();
      const proof = (): Promise<string> => client.proof('POST', client.tokenUrl, { claims: { nonce } });

      const unnamed = await client.askForToken(
        await client.assertion(as('supplier')),
        await proof(),
        RESTRICTED,
        'supplier',
      );
      expect(claimsOf(unnamed), 'no organisation named').not.to.have.property(ORGANISATION);
      expect(claimsOf(unnamed)[TENANCY]).to.equal('multi-tenant');
      expect(memberOf(json(unnamed), 'expires_in')).to.equal(42);

      const tooMuch = await client.askForToken(
        await client.assertion(as('supplier')),
        await proof(),
        FULL,
        'supplier',
      );
      expect([tooMuch.status, errorOf(tooMuch)]).to.deep.equal([400, 'invalid_scope']);

      const bearer = await client.askForToken(
        await client.assertion(as('of-2022')),
        undefined,
        FULL,
        'of-2022',
      );
      expect(memberOf(json(bearer), 'token_type')).to.equal('Bearer');
      expect(claimsOf(bearer)).not.to.have.property('cnf');
      expect(claimsOf(bearer)[ORGANISATION]).to.equal('310000051');
    } finally {
      client.close();
      await sandbox.stop();
    }
  });
});
