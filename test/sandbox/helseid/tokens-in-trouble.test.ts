import { expect } from 'chai';
import { decodeJwt } from 'jose';
import {
  organisationError,
  scopesRejected,
  tokenEndpointError,
} from '../../../src/sandbox/helseid/token-faults.js';
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
  type TestKey,
} from '../support/sandbox-client.js';

const errorOf = (answer: Answer): unknown => memberOf(json(answer), 'error');

function tokenIn(answer: Answer): string {
  const token = memberOf(json(answer), 'access_token');
  if (typeof token !== 'string') throw new Error(`no token: ${answer.text}`);
  return token;
}

describe("the sandbox's HelseID on demand", () => {
  const troubles: unknown[] = [];
  let key: TestKey;
  let sandbox: Sandbox;
  let client: SandboxClient;

  before(async () => {
    key = await newKey();
    const publicJwk = { ...key.publicJwk, kid: 'key-1', alg: 'ES256' };
    const clients = [
      { id: 'expired', publicJwk, keyExpires: new Date(Date.now() - 2_000) },
      { id: 'expiring', publicJwk, keyExpires: new Date(Date.now() + 60_000) },
      { id: 'logins', publicJwk, kind: 'code-flow' },
      {
        id: 'supplier',
        publicJwk,
        tenancy: 'multi',
        organisations: [{ parent: '310000043', rejectedScopes: [FULL] }, { parent: '310000051' }],
      },
    ] as const;
    sandbox = await startTestSandbox({ clients, onTrouble: (error) => troubles.push(error) });
    client = await SandboxClient.for(sandbox);
  });

  after(async () => {
    client.close();
    await sandbox.stop();
  });

  afterEach(() => {
    sandbox.faults.clear();
    expect(troubles).to.deep.equal([]);
  });

  async function ask(id: string, scope = FULL, claims: Record<string, unknown> = {}): Promise<Answer> {
    const as: JwtChanges = {
      key: key.privateKey,
      header: { kid: 'key-1' },
      claims: { iss: id, sub: id, ...claims },
    };
    const nonce = await client.nonce();
    const proof = await client.proof('POST', client.tokenUrl, { claims: { nonce } });
    return client.askForToken(await client.assertion(as), proof, scope, id);
  }

  for (const [error, status] of [
    ['invalid_client', 401],
    ['invalid_dpop_proof', 400],
    ['invalid_request', 400],
    ['invalid_scope', 400],
    ['unauthorized_client', 400],
    ['unsupported_grant_type', 400],
    ['invalid_grant', 400],
  ] as const) {
    it(`answers ${error}`, async () => {
      sandbox.faults.always('helseid', tokenEndpointError(error, 'as asked'));
      const answer = await client.askForToken(await client.assertion(), undefined);
      expect([answer.status, json(answer)]).to.deep.equal([status, { error, error_description: 'as asked' }]);
    });
  }

  it('answers an error with another status, and without a description', async () => {
    sandbox.faults.next('helseid', tokenEndpointError('invalid_client', undefined, 400));
    const answer = await client.askForToken(await client.assertion(), undefined);
    expect([answer.status, json(answer)]).to.deep.equal([400, { error: 'invalid_client' }]);
  });

  for (const number of [1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010] as const) {
    it(`answers HID-${number}`, async () => {
      sandbox.faults.next('helseid', organisationError(number));
      const answer = await client.askForToken(await client.assertion(), undefined);
      expect(errorOf(answer)).to.equal('invalid_request');
      expect(memberOf(json(answer), 'error_description')).to.match(new RegExp(`^HID-${number}:`));
    });
  }

  it('leaves scopes out of a token, with status 200', async () => {
    sandbox.faults.always('helseid', scopesRejected(FULL));
    const answer = await client.tokenAnswer({}, {}, FULL);
    expect(answer.status).to.equal(200);
    expect(json(answer)).to.include({ rejected_scope: FULL }).and.not.have.property('scope');
    const both = await client.tokenAnswer({}, {}, `${FULL} ${RESTRICTED}`);
    expect(json(both)).to.include({ rejected_scope: FULL, scope: RESTRICTED });
  });

  it('leaves out what the organisation has not accepted, from the token too', async () => {
    const onBehalfOf = (parent: string): Record<string, unknown> => ({
      assertion_details: {
        type: 'helseid_authorization',
        practitioner_role: {
          organization: {
            identifier: { system: 'urn:oid:1.0.6523', type: 'ENH', value: `NO:ORGNR:${parent}` },
          },
        },
      },
    });
    const without = await ask('supplier', `${FULL} ${RESTRICTED}`, onBehalfOf('310000043'));
    expect(json(without)).to.include({ rejected_scope: FULL, scope: RESTRICTED });
    expect(decodeJwt(tokenIn(without))['scope']).to.equal(RESTRICTED);
    const none = await ask('supplier', FULL, onBehalfOf('310000043'));
    expect(none.status).to.equal(200);
    expect(json(none)).to.include({ rejected_scope: FULL }).and.not.have.property('scope');
    const all = await ask('supplier', FULL, onBehalfOf('310000051'));
    expect(json(all)).to.include({ scope: FULL }).and.not.have.property('rejected_scope');
  });

  it('refuses a client for logins', async () => {
    const answer = await ask('logins');
    expect([answer.status, errorOf(answer)]).to.deep.equal([400, 'unauthorized_client']);
  });

  it('refuses a key that has expired, and no earlier', async () => {
    const answer = await ask('expired');
    expect([answer.status, errorOf(answer)]).to.deep.equal([401, 'invalid_client']);
    expect((await ask('expiring')).status).to.equal(200);
    sandbox.faults.always('helseid', { kind: 'skewed-clock', seconds: 61 });
    const later = { iat: nowInSeconds() + 61, nbf: nowInSeconds() + 61, exp: nowInSeconds() + 90 };
    const nonce = await client.nonce();
    const proof = await client.proof('POST', client.tokenUrl, {
      claims: { nonce, iat: nowInSeconds() + 61 },
    });
    const assertion = await client.assertion({
      key: key.privateKey,
      header: { kid: 'key-1' },
      claims: { iss: 'expiring', sub: 'expiring', ...later },
    });
    const ended = await client.askForToken(assertion, proof, FULL, 'expiring');
    expect([ended.status, errorOf(ended)]).to.deep.equal([401, 'invalid_client']);
  });

  describe('with a clock', () => {
    it('that is ahead says so in the answer, and refuses what was made now', async () => {
      const nonce = await client.nonce();
      sandbox.faults.always('helseid', { kind: 'skewed-clock', seconds: 300 });
      const proof = await client.proof('POST', client.tokenUrl, { claims: { nonce } });
      const answer = await client.askForToken(await client.assertion(), proof);
      expect([answer.status, errorOf(answer)]).to.deep.equal([401, 'invalid_client']);
      const ahead = Date.parse(answer.headers.get('date') ?? '') / 1000 - nowInSeconds();
      expect(ahead).to.be.within(295, 301);
    });

    it('that is behind refuses an assertion from its future', async () => {
      sandbox.faults.always('helseid', { kind: 'skewed-clock', seconds: -300 });
      const answer = await client.askForToken(await client.assertion(), undefined);
      expect([answer.status, errorOf(answer)]).to.deep.equal([401, 'invalid_client']);
    });

    it('somewhat ahead dates its tokens by it, and refuses proofs that are a little old', async () => {
      const nonce = await client.nonce();
      sandbox.faults.always('helseid', { kind: 'skewed-clock', seconds: 10 });
      const proof = await client.proof('POST', client.tokenUrl, { claims: { nonce } });
      const old = await client.askForToken(await client.assertion(), proof);
      expect([old.status, errorOf(old)]).to.deep.equal([400, 'invalid_dpop_proof']);
      const fitting = await client.proof('POST', client.tokenUrl, {
        claims: { nonce, iat: nowInSeconds() + 10 },
      });
      const claims = decodeJwt(tokenIn(await client.askForToken(await client.assertion(), fitting)));
      expect(Number(claims.iat) - nowInSeconds()).to.be.within(8, 11);
      expect(claims.nbf).to.equal(claims.iat);
      expect(Number(claims.exp) - Number(claims.iat)).to.equal(600);
    });
  });
});

describe("the sandbox's HelseID of 2021", () => {
  it('gives bearer tokens to all, with a proof or without, and binds none', async () => {
    const sandbox = await startTestSandbox({ tokens: 'bearer' });
    const client = await SandboxClient.for(sandbox);
    try {
      for (const proof of [undefined, await client.proof('POST', client.tokenUrl), 'nonsense']) {
        const answer = await client.askForToken(await client.assertion(), proof);
        expect(answer.status, answer.text).to.equal(200);
        expect(memberOf(json(answer), 'token_type')).to.equal('Bearer');
        expect(decodeJwt(tokenIn(answer))).not.to.have.property('cnf');
      }
    } finally {
      client.close();
      await sandbox.stop();
    }
  });

  it('has clients that get what they ask for', async () => {
    const key = await newKey();
    const publicJwk = { ...key.publicJwk, kid: 'key-1', alg: 'ES256' };
    const sandbox = await startTestSandbox({ clients: [{ id: 'either', publicJwk, dpop: false }] });
    const client = await SandboxClient.for(sandbox);
    const types: unknown[] = [];
    try {
      const nonce = await client.nonce();
      const good = await client.proof('POST', client.tokenUrl, { claims: { nonce } });
      const old = await client.proof('POST', client.tokenUrl, { claims: { nonce, iat: 1 } });
      for (const proof of [undefined, good, old]) {
        const claims = { iss: 'either', sub: 'either' };
        const assertion = await client.assertion({ key: key.privateKey, header: { kid: 'key-1' }, claims });
        const answer = json(await client.askForToken(assertion, proof, FULL, 'either'));
        types.push(memberOf(answer, 'token_type') ?? memberOf(answer, 'error'));
      }
      expect(types).to.deep.equal(['Bearer', 'DPoP', 'invalid_dpop_proof']);
    } finally {
      client.close();
      await sandbox.stop();
    }
  });
});
