import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose';
import { readPrivateKey, type PrivateJwk } from '../../src/config/private-key.js';
import type { HelseIdSettings } from '../../src/config/schema.js';
import { createCredentials, type Credentials } from '../../src/helseid/credentials.js';
import { createHttpClient } from '../../src/outbound/http-client.js';
import { CountedRandom } from '../support/counted-random.js';
import { FakeHelseId, ISSUER, SCOPE, granted } from '../support/fake-helseid.js';
import { fakedHttp } from '../support/faked-http.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { StandingClock } from '../support/standing-clock.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const HOSPITAL = { parent: '310000027' };
const NEVER = new AbortController().signal;

async function key(kid: string, members: object = {}): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = JSON.stringify({ ...(await exportJWK(privateKey)), kid, alg: 'ES256', ...members });
  const { key: made } = readPrivateKey(jwk, {});
  return made ?? expect.fail('no key');
}

/** Files are read in their own time. */
const ROUNDS = 1_000_000;

describe('credentials', () => {
  fakedHttp();
  const newFolder = temporaryFolders();
  const opened: Credentials[] = [];
  afterEach(() => {
    for (const one of opened.splice(0)) one.close();
  });

  async function bench(settings: Partial<HelseIdSettings> = {}, usualTokens: 'dpop' | 'bearer' = 'dpop') {
    const clock = new StandingClock('2031-05-06T07:08:09.500Z');
    const events = new RecordedEvents();
    const credentials = await createCredentials({
      settings: {
        issuer: ISSUER,
        clientId: 'me',
        privateKey: await key('k1'),
        tenancy: 'single',
        ...settings,
      },
      usualTokens,
      http: createHttpClient({ certificateAuthority: undefined }),
      clock,
      random: new CountedRandom(),
      events,
    });
    opened.push(credentials);
    return { credentials, clock, events };
  }

  it('ask for nothing before somebody wants a token', async () => {
    const helseId = new FakeHelseId();
    const { clock } = await bench({ privateKeyFile: '/nowhere/at/all' });
    await clock.advance(86_400_000);
    expect([helseId.discoveries, helseId.requests.length, clock.sleeping]).to.deep.equal([0, 0, 0]);
  });

  for (const [tokens, usual, scheme] of [
    [undefined, 'dpop', 'DPoP'],
    [undefined, 'bearer', 'Bearer'],
    ['bearer', 'dpop', 'Bearer'],
    ['dpop', 'bearer', 'DPoP'],
  ] as const) {
    it(`go by the setting, and then by the version: ${tokens ?? 'none'}, ${usual}`, async () => {
      const helseId = new FakeHelseId();
      helseId.answer = () => granted({ token_type: scheme });
      const { credentials } = await bench({ tokens }, usual);
      const token = await credentials.tokens.get(SCOPE, HOSPITAL, NEVER);
      const attempt = { method: 'GET', url: 'https://api.example.invalid/p', token };
      const headers = await credentials.authorisation().headersFor(attempt);
      expect(headers['Authorization']).to.equal(`${scheme} the-token`);
      expect('DPoP' in headers).to.equal(scheme === 'DPoP');
      expect('dpop' in (helseId.requests[0]?.headers ?? {})).to.equal(scheme === 'DPoP');
    });
  }

  it('remember a nonce for each who calls', async () => {
    const { credentials } = await bench();
    const [one, other] = [credentials.authorisation(), credentials.authorisation()];
    expect(one).to.not.equal(other);
  });

  it('take a new key out of its file at once, with one new token and no lookup that waits', async () => {
    const file = join(newFolder(), 'key.jwk');
    const [first, second] = [await key('k1'), await key('k2', { exp: 1_940_000_000 })];
    writeFileSync(file, JSON.stringify(first));
    const helseId = new FakeHelseId();
    helseId.answer = ({ assertion }) =>
      granted({ access_token: `by ${decodeProtectedHeader(assertion).kid ?? ''}` });
    const { credentials, clock, events } = await bench({ privateKey: first, privateKeyFile: file });
    const get = async (): Promise<string> => (await credentials.tokens.get(SCOPE, HOSPITAL, NEVER)).value;
    expect(await get()).to.equal('by k1');
    writeFileSync(`${file}.new`, JSON.stringify(second));
    renameSync(`${file}.new`, file);
    await until(() => clock.sleeping === 2, ROUNDS);
    await clock.advance(10_000);
    await until(() => events.of.signingKeyChanged.length === 1, ROUNDS);
    expect(await get(), 'what is held serves on').to.equal('by k1');
    await until(() => events.of.tokenFetched.length === 2, ROUNDS);
    expect([await get(), await get()]).to.deep.equal(['by k2', 'by k2']);
    expect(helseId.requests).to.have.length(2);
    expect(credentials.keyState().expiresAt).to.deep.equal(new Date(1_940_000_000_000));
    expect(inspect(events, { depth: Infinity })).to.not.match(/eyJ|by k/);
  });

  it('tell when a key ends that came otherwise than by file', async () => {
    const { credentials } = await bench({ privateKey: await key('k1', { exp: 1_930_000_000 }) });
    expect(credentials.keyState()).to.deep.equal({
      expiresAt: new Date(1_930_000_000_000),
      trouble: undefined,
    });
  });

  it('take PEM out of a file by the settings that go with it, and a JWK by what it says itself', async () => {
    const file = join(newFolder(), 'key.pem');
    const pem = async (): Promise<string> => {
      const { privateKey } = await generateKeyPair('ES256', { extractable: true });
      const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey)).toString('base64');
      return `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`;
    };
    const text = await pem();
    writeFileSync(file, text);
    const first = readPrivateKey(text, { keyId: 'pem-key' }).key ?? expect.fail('no key');
    const helseId = new FakeHelseId();
    const { credentials, clock, events } = await bench({
      privateKey: first,
      privateKeyFile: file,
      keyId: 'pem-key',
    });
    await credentials.tokens.get(SCOPE, HOSPITAL, NEVER);
    for (const [index, next] of [await pem(), JSON.stringify(await key('jwk-key'))].entries()) {
      await until(() => clock.sleeping === 2, ROUNDS);
      writeFileSync(file, next);
      await clock.advance(10_000);
      await until(() => events.of.signingKeyChanged.length === index + 1, ROUNDS);
    }
    expect(events.of.signingKeyChanged.map(({ keyId }) => keyId)).to.deep.equal(['pem-key', 'jwk-key']);
    expect(helseId.requests).to.have.length(1);
  });

  it('close more than once', async () => {
    const { credentials } = await bench();
    credentials.close();
    credentials.close();
  });
});
