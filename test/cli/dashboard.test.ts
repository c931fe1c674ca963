import { Agent } from 'node:https';
import { expect } from 'chai';
import { hashPassword } from '../../src/access/password-hash.js';
import { OPERATOR } from '../../src/cli/operator-login.js';
import { version } from '../../src/cli/version.js';
import { numbersIn } from '../../src/mapping/transforms/identity.js';
import { postSoap } from '../support/get-demographics.js';
import { CountedRandom } from '../support/counted-random.js';
import { getDemographicsRequest, HL7V3_PATH } from '../support/get-demographics-request.js';
import { fixture } from '../support/person-documents.js';
import { sandboxConfiguration } from '../support/sandbox-configuration.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';
import { syntheticNumber } from '../support/synthetic-number.js';

const [NUMBER = ''] = numbersIn(fixture('01')).map(({ nin }) => nin);

describe('the dashboard of a running adapter', function () {
  this.timeout(30_000);

  let adapter: SandboxedAdapter;
  let agent: Agent;

  before(async () => {
    adapter = await startSandboxedAdapter({ PREG_ADAPTER__SANDBOX__PREG__PORT: '0' });
    agent = new Agent({ ca: adapter.certificatePem });
  });

  after(async () => {
    agent.destroy();
    await adapter.stop();
  });

  it('tells of lookups, a stranger, and how things stand, and of nobody who was asked for', async () => {
    const ask = (number: string, username: string): ReturnType<typeof postSoap> =>
      postSoap(
        adapter.legacyUrl + HL7V3_PATH,
        getDemographicsRequest({ numbers: [number], username, now: new Date() }),
        agent,
      );
    const nobody = syntheticNumber(3);
    const found = await ask(NUMBER, 'epj-sandbox');
    await ask(nobody, 'epj-sandbox');
    await ask(NUMBER, nobody);
    for (const lang of ['nb', 'en']) {
      const answer = await fetch(`${adapter.operationsUrl}/?lang=${lang}`);
      const page = await answer.text();
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('content-type')).to.equal('text/html; charset=utf-8');
      expect(answer.headers.get('content-security-policy')).to.include("style-src 'sha256-");
      expect(page).to.include(version());
      const row =
        /<tr role="row"><th scope="row"[^>]*><a [^>]*>epj-sandbox<\/a>[^]*?<\/tr>/.exec(page)?.[0] ?? '';
      expect(row).to.match(/>2<\/td>/);
      expect(page).to.include('not-authenticated');
      expect(page).to.include('get-by-nin');
      expect(page).to.include('listeners.legacy');
      const traces = await fetch(new URL(/<a href="(traces)"/.exec(page)?.[1] ?? '', answer.url));
      expect([traces.status, (await traces.text()).includes('GetDemographics')]).to.deep.equal([200, true]);
      expect(page).to.include('id="cutover"').and.to.include('id="filematch"');
      const told = [...found.body.matchAll(/<(?:\w+:)?(?:family|given|streetName)[^>]*>([^<]+)</g)];
      expect(told.length).to.be.greaterThan(1);
      for (const text of [NUMBER, nobody, ...told.map(([, name = '']) => name)]) {
        expect(page).not.to.include(text);
      }
    }
    expect(adapter.log()).not.to.include('dashboard could not be read');
  });

  it('tells of Filematch while a client speaks it, whoever did so at the start', async () => {
    const settings = sandboxConfiguration();
    const others = settings.clients.map((client) => ({ ...client, protocols: ['hl7v3' as const] }));
    const page = async (): Promise<string> => (await fetch(adapter.operationsUrl)).text();
    adapter.running.reconfigure({ ...settings, clients: others });
    expect(await page()).not.to.include('id="filematch"');
    adapter.running.reconfigure(settings);
    expect(await page()).to.include('id="filematch"');
  });

  it('is not to be had where clients connect', async () => {
    for (const path of ['/', '/metrics', '/health/ready', '/traces/x']) {
      const answer = await postSoap(adapter.legacyUrl + path, '', agent);
      expect(answer.status, path).to.be.oneOf([404, 405, 415]);
      expect(answer.body, path).not.to.match(/preg_adapter_|<html|"checks"/);
    }
  });

  it('asks for a password where there is one, and takes that one alone', async () => {
    const passwordHash = await hashPassword('lys natt', new CountedRandom());
    const guarded = await startSandboxedAdapter({
      PREG_ADAPTER__LISTENERS__OPERATIONS__PASSWORD_HASH: passwordHash,
    });
    try {
      const ask = async (path: string, password?: string): Promise<number> => {
        const basic = Buffer.from(`${OPERATOR}:${password ?? ''}`).toString('base64');
        const headers = password === undefined ? undefined : { Authorization: `Basic ${basic}` };
        const answer = await fetch(guarded.operationsUrl + path, { headers: headers ?? {} });
        await answer.arrayBuffer();
        return answer.status;
      };
      expect(await ask('/')).to.equal(401);
      expect(await ask('/metrics')).to.equal(401);
      expect(await ask('/', 'epj-sandbox')).to.equal(401);
      expect(await ask('/', 'lys natt')).to.equal(200);
      expect(await ask('/metrics', 'lys natt')).to.equal(200);
      expect(await ask('/health/ready')).to.equal(200);
      expect(guarded.log()).to.include('authentication failed').and.not.to.include('lys natt');
    } finally {
      await guarded.stop();
    }
  });
});
