import { inspect } from 'node:util';
import { expect } from 'chai';
import { SignJWT, calculateJwkThumbprint, decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose';
import { TokenRefused } from '../../src/errors/errors.js';
import { ClockDrift } from '../../src/helseid/clock-drift.js';
import { newDpopKey, type DpopKey } from '../../src/helseid/dpop-key.js';
import { SigningKey, type SigningJwk, type SigningKeys } from '../../src/helseid/signing-key.js';
import { TokenClient, type TokenClientOptions } from '../../src/helseid/token-client.js';
import { createHttpClient } from '../../src/outbound/http-client.js';
import { FakeHelseId, ISSUER, SCOPE, granted } from '../support/fake-helseid.js';
import { fakedHttp } from '../support/faked-http.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { StandingClock } from '../support/standing-clock.js';

const NOW = '2031-05-06T07:08:09.500Z';
const ORGANISATION = { parent: '310000027' };

async function newKey(kid: string): Promise<SigningJwk> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: 'ES256' };
}
const first = await newKey('key-1');
const second = await newKey('key-2');

/** Keys of which the next is found when somebody looks. */
class KeysInTurn implements SigningKeys {
  looks = 0;
  #key = new SigningKey(first);
  constructor(private readonly next: SigningJwk = first) {}
  current(): SigningKey {
    return this.#key;
  }
  reread(): Promise<void> {
    this.looks += 1;
    this.#key = new SigningKey(this.next);
    return Promise.resolve();
  }
}

describe('an exchange with HelseID', () => {
  fakedHttp();
  const clock = (): StandingClock => new StandingClock(NOW);

  function client(dpopKey: DpopKey | undefined, options: TokenClientOptions = {}, at = clock()): TokenClient {
    const identity = { issuer: ISSUER, clientId: 'me', privateKey: first, tenancy: 'single' } as const;
    return new TokenClient(
      identity,
      createHttpClient({ certificateAuthority: undefined }),
      dpopKey,
      at,
      options,
    );
  }

  async function failure(asked: TokenClient): Promise<TokenRefused> {
    const error: unknown = await asked.grant(SCOPE, ORGANISATION).catch((caught: unknown) => caught);
    if (error instanceof TokenRefused) return error;
    throw new Error('not refused');
  }

  const jwt = async (claims: object): Promise<string> => {
    const { privateKey } = await generateKeyPair('ES256');
    return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' }).sign(privateKey);
  };

  describe('for bearer tokens', () => {
    it('is the same without a proof', async () => {
      const helseId = new FakeHelseId();
      helseId.answer = () => granted({ token_type: 'Bearer' });
      const token = await client(undefined).grant(SCOPE, ORGANISATION);
      expect(token).to.deep.equal({ accessToken: 'the-token', expiresInSeconds: 600 });
      expect(helseId.requests[0]?.headers).to.not.have.property('dpop');
      expect(decodeProtectedHeader(helseId.requests[0]?.assertion ?? '').typ).to.equal(
        'client-authentication+jwt',
      );
    });

    it('takes a token that is bound to nothing, and none that is bound', async () => {
      const helseId = new FakeHelseId();
      const loose = await jwt({ scope: SCOPE });
      helseId.answer = () => granted({ token_type: 'bearer', access_token: loose });
      expect((await client(undefined).grant(SCOPE, ORGANISATION)).accessToken).to.equal(loose);
      const bound = await jwt({ cnf: { jkt: 'x' } });
      helseId.answer = () => granted({ token_type: 'bearer', access_token: bound });
      expect((await failure(client(undefined))).trouble.alarm?.name).to.equal('wrong_binding');
    });
  });

  describe('for tokens that are bound', () => {
    it('takes one that is bound to our key', async () => {
      const helseId = new FakeHelseId();
      const key = await newDpopKey();
      const token = await jwt({ cnf: { jkt: await calculateJwkThumbprint(key.publicJwk) } });
      helseId.answer = () => granted({ access_token: token });
      expect((await client(key).grant(SCOPE, ORGANISATION)).accessToken).to.equal(token);
    });

    for (const [name, claims] of [
      ['another key', { cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } }],
      ['nothing', {}],
      ['a certificate', { cnf: { 'x5t#S256': 'x' } }],
      ['something malformed', { cnf: 'x' }],
    ] as const) {
      it(`refuses one that is bound to ${name}, without telling it`, async () => {
        const helseId = new FakeHelseId();
        const token = await jwt(claims);
        helseId.answer = () => granted({ access_token: token });
        const error = await failure(client(await newDpopKey()));
        expect(error.trouble.alarm?.name).to.equal('wrong_binding');
        expect(inspect(error, { depth: Infinity, showHidden: true })).to.not.include('eyJ');
      });
    }

    for (const token of ['opaque', 'a.b.c', 'eyJhbGciOiJub25lIn0..', 'a.b.c.d.e']) {
      it(`takes one that nobody but the API can read: ${token}`, async () => {
        const helseId = new FakeHelseId();
        helseId.answer = () => granted({ access_token: token });
        const { accessToken } = await client(await newDpopKey()).grant(SCOPE, ORGANISATION);
        expect(accessToken).to.equal(token);
      });
    }
  });

  describe('with a key that HelseID does not accept', () => {
    const invalid = { status: 400, body: { error: 'invalid_client' } };
    const accepts = (kid: string) => (request: { assertion: string }) =>
      decodeProtectedHeader(request.assertion).kid === kid ? granted() : invalid;

    it('looks for a new one and asks once more with it', async () => {
      const helseId = new FakeHelseId();
      helseId.answer = accepts('key-2');
      const keys = new KeysInTurn(second);
      const asked = client(await newDpopKey(), { keys });
      const before = asked.identity;
      await asked.grant(SCOPE, ORGANISATION);
      expect([keys.looks, helseId.requests.length]).to.deep.equal([1, 2]);
      expect(asked.identity, 'so that held tokens go').to.not.equal(before);
    });

    it('asks no more when there is none', async () => {
      const helseId = new FakeHelseId();
      helseId.answer = () => invalid;
      const keys = new KeysInTurn();
      expect(await failure(client(await newDpopKey(), { keys }))).to.include({ code: 'token-refused' });
      expect([keys.looks, helseId.requests.length]).to.deep.equal([1, 1]);
    });

    it('asks no more when the new one is not accepted either', async () => {
      const helseId = new FakeHelseId();
      helseId.answer = () => invalid;
      await failure(client(await newDpopKey(), { keys: new KeysInTurn(second) }));
      expect(helseId.requests).to.have.length(2);
    });

    it('does not look when it was something else', async () => {
      const helseId = new FakeHelseId();
      helseId.answer = () => ({ status: 400, body: { error: 'invalid_scope' } });
      const keys = new KeysInTurn(second);
      await failure(client(await newDpopKey(), { keys }));
      expect([keys.looks, helseId.requests.length]).to.deep.equal([0, 1]);
    });
  });

  describe('reads the description of HelseID', () => {
    const HOUR = 60 * 60_000;

    it('again after 24 hours, and not before', async () => {
      const helseId = new FakeHelseId();
      const at = clock();
      const asked = client(await newDpopKey(), {}, at);
      await asked.grant(SCOPE, ORGANISATION);
      await at.advance(24 * HOUR - 1);
      await asked.grant(SCOPE, ORGANISATION);
      expect(helseId.discoveries).to.equal(1);
      await at.advance(1);
      await Promise.all([asked.grant(SCOPE, ORGANISATION), asked.grant(SCOPE, ORGANISATION)]);
      expect(helseId.discoveries).to.equal(2);
    });

    it('and goes on with the old one while there is no other, trying every ten minutes', async () => {
      const helseId = new FakeHelseId();
      const at = clock();
      const asked = client(await newDpopKey(), {}, at);
      await asked.grant(SCOPE, ORGANISATION);
      helseId.describes = false;
      await at.advance(24 * HOUR);
      for (let minute = 0; minute < 20; minute += 1) {
        await asked.grant(SCOPE, ORGANISATION);
        await at.advance(60_000);
      }
      expect(helseId.discoveries).to.equal(3);
      helseId.describes = true;
      await asked.grant(SCOPE, ORGANISATION);
      await asked.grant(SCOPE, ORGANISATION);
      expect(helseId.discoveries).to.equal(4);
    });
  });

  describe('tells of clocks', () => {
    async function told(answer: ReturnType<FakeHelseId['answer']>): Promise<RecordedEvents> {
      const events = new RecordedEvents();
      const at = clock();
      new FakeHelseId().answer = () => answer;
      const asked = client(await newDpopKey(), { drift: new ClockDrift(at, events) }, at);
      await asked.grant(SCOPE, ORGANISATION).catch(() => undefined);
      return events;
    }

    it('that HelseID’s is a minute behind ours', async () => {
      const { of } = await told({ ...granted(), headers: { Date: 'Tue, 06 May 2031 07:07:09 GMT' } });
      expect(of.clockDrift).to.deep.equal([{ holder: 'helseid', aheadSeconds: 60, refused: false }]);
    });

    it('nothing when they agree', async () => {
      const { of } = await told({ ...granted(), headers: { Date: 'Tue, 06 May 2031 07:08:09 GMT' } });
      expect(of.clockDrift).to.deep.equal([]);
    });

    for (const body of [
      { error: 'invalid_dpop_proof' },
      { error: 'invalid_client', error_description: 'iat is in the future' },
      { error: 'invalid_request', error_description: 'assertion expired' },
    ]) {
      it(`when ${JSON.stringify(body)} smells of them`, async () => {
        const { of } = await told({ status: 400, body });
        expect(of.clockDrift).to.deep.equal([{ holder: 'helseid', aheadSeconds: null, refused: true }]);
      });
    }

    it('nothing for other refusals', async () => {
      const { of } = await told({
        status: 400,
        body: { error: 'invalid_scope', error_description: 'expelled' },
      });
      expect(of.clockDrift).to.deep.equal([]);
    });
  });

  it('keeps the private half to itself', async () => {
    new FakeHelseId();
    const asked = client(await newDpopKey());
    await asked.grant(SCOPE, ORGANISATION);
    expect(inspect(asked, { depth: Infinity, showHidden: true })).to.not.include(first.d);
  });
});
