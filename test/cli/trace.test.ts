import { Agent } from 'node:https';
import { expect } from 'chai';
import { z } from 'zod';
import { hashPassword } from '../../src/access/password-hash.js';
import { numbersIn } from '../../src/mapping/transforms/identity.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { runCommand, type CommandResult } from '../support/command-line.js';
import { postSoap } from '../support/get-demographics.js';
import { getDemographicsRequest, HL7V3_PATH } from '../support/get-demographics-request.js';
import { withStore } from '../support/opened-store.js';
import { fixture } from '../support/person-documents.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';

const [NUMBER = ''] = numbersIn(fixture('01')).map(({ nin }) => nin);
const PASSWORD = 'Driftspassord-4711';
const UNKNOWN = '0a1b2c3d-0000-4000-8000-000000000000';

const shown = z.object({
  trace: z.object({ correlationId: z.string(), steps: z.array(z.object({ text: z.string() })) }).nullable(),
  entries: z.array(z.looseObject({ seq: z.number(), operation: z.string(), outcome: z.string() })),
});

describe('preg-adapter trace', function () {
  this.timeout(30_000);
  let adapter: SandboxedAdapter;
  let agent: Agent;

  async function start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    adapter = await startSandboxedAdapter(environment);
    agent = new Agent({ ca: adapter.certificatePem });
  }

  afterEach(async () => {
    agent.destroy();
    await adapter.stop();
  });

  /** Looks somebody up as a client does. @returns the answer, and the correlation id of the request */
  async function ask(): Promise<{ readonly id: string; readonly body: string }> {
    const request = getDemographicsRequest({ numbers: [NUMBER], now: new Date() });
    const { body } = await postSoap(adapter.legacyUrl + HL7V3_PATH, request, agent);
    const [line] = await adapter.says(/^.*"request answered".*$/m);
    return { id: z.object({ correlationId: z.string() }).parse(JSON.parse(line)).correlationId, body };
  }

  function trace(id: string, input = '', ...more: readonly string[]): Promise<CommandResult> {
    return runCommand(['trace', id, ...more], {
      input,
      environment: {
        PREG_ADAPTER__DATA__DIRECTORY: adapter.dataDirectory,
        PREG_ADAPTER__LISTENERS__OPERATIONS__PORT: String(adapter.running.operations.port),
        ...(input === '' ? {} : { PREG_ADAPTER__LISTENERS__OPERATIONS__PASSWORD_HASH: SOME_HASH }),
      },
    });
  }

  // The command looks alone whether there is a password.
  let SOME_HASH = '';
  before(async () => {
    SOME_HASH = await hashPassword(PASSWORD, systemRandom);
  });

  it('tells why a request was answered as it was, and nothing of whom it was about', async () => {
    await start();
    const { id, body } = await ask();
    const { code, out, err } = await trace(id);
    expect([code, err]).to.deep.equal([0, '']);
    expect(out).to.contain('epj-sandbox asked GetDemographics by hl7v3 and was answered: found');
    expect(out).to.match(/Persontjenesten was called \([a-z-]+\): HTTP 200/);
    expect(out).to.match(/the registers were asked \(lookup\): 1 person in [\d.]+ ms; \d+ fields blank/);
    expect(out).to.match(/^ {14}\w+: \w/m);
    expect(out).to.match(/In the audit trail:\n {2}\d+: GetDemographics, found/);
    const told = [...body.matchAll(/<(?:\w+:)?(?:family|given|streetName)[^>]*>([^<]+)</g)].map(
      ([, text = '']) => text,
    );
    expect(told.length).to.be.greaterThan(1);
    const page = await (await fetch(`${adapter.operationsUrl}/traces/${id}`)).text();
    expect(page).to.contain('answered: found');
    for (const text of [NUMBER, ...told]) {
      expect(out).to.not.contain(text);
      expect(page).to.not.contain(text);
    }
  });

  it('tells of trouble what the client heard nothing of', async () => {
    await start({ PREG_ADAPTER__UPSTREAM__RETRIES: '1' });
    adapter.sandbox.faults.always('persontjenesten', { kind: 'server-error', status: 503 });
    const { id } = await ask();
    const { out } = await trace(id);
    expect(out).to.contain('HTTP 503').and.to.contain('is made again');
    expect(out).to.contain('answered: upstream-unavailable, HTTP 500');
  });

  it('gives JSON, and puts the look on record under the same correlation id', async () => {
    await start();
    const { id } = await ask();
    const { out } = await trace(id, '', '--json');
    const { trace: steps, entries } = shown.parse(JSON.parse(out));
    expect(steps?.correlationId).to.equal(id);
    expect(entries.map(({ operation, outcome }) => [operation, outcome])).to.deep.equal([
      ['GetDemographics', 'found'],
    ]);
    expect(await trace(id, '', '--json')).to.deep.include({ code: 0 });
    const audited = withStore(adapter.dataDirectory, ({ audit }) =>
      [...audit.entries()].map(({ correlationId, operation }) => [correlationId, operation]),
    );
    expect(audited).to.deep.equal([
      [id, 'GetDemographics'],
      [id, 'trace'],
      [id, 'trace'],
    ]);
  });

  it('has the audit trail alone where no adapter remembers the steps', async () => {
    await start({ PREG_ADAPTER__LOGGING__TRACED_REQUESTS: '0' });
    const { id } = await ask();
    expect((await fetch(`${adapter.operationsUrl}/traces/${id}`)).status).to.equal(404);
    const { code, out, err } = await trace(id);
    expect(code).to.equal(0);
    expect(err).to.contain('No adapter that runs remembers');
    expect(out).to.contain('GetDemographics, found');
    const before = await trace(id, '', '--to', '2020-01-01');
    expect(before.code).to.equal(1);
    expect(before.err).to.contain('Nothing is known of this request');
  });

  it('says so when nothing is known of a request, and what an id looks like', async () => {
    await start();
    const { code, err } = await trace(UNKNOWN);
    expect(code).to.equal(1);
    expect(err).to.contain('Nothing is known of this request');
    expect((await trace('nonsense')).err).to.contain('A correlation id is expected');
  });

  it('reads the password of the operations listener, behind which the pages stand', async () => {
    await start({ PREG_ADAPTER__LISTENERS__OPERATIONS__PASSWORD_HASH: SOME_HASH });
    const { id } = await ask();
    for (const path of ['/traces', `/traces/${id}`]) {
      expect((await fetch(adapter.operationsUrl + path)).status, path).to.equal(401);
    }
    expect((await trace(id, `${PASSWORD}\n`)).out).to.contain('answered: found');
    const wrong = await trace(id, 'wrong\n');
    expect(wrong.code).to.equal(1);
    expect(wrong.err).to.contain('does not take this password');
  });
});
