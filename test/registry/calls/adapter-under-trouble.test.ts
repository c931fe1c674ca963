import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../../../src/config/package-root.js';
import { numbersIn } from '../../../src/mapping/transforms/identity.js';
import { systemClock } from '../../../src/runtime/system-clock.js';
import type { Fault, FaultTarget } from '../../../src/sandbox/faults.js';
import { postSoap, type Reply } from '../../support/get-demographics.js';
import { getDemographicsRequest, HL7V3_PATH } from '../../support/get-demographics-request.js';
import { fixture } from '../../support/person-documents.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../../support/sandboxed-adapter.js';

const [NUMBER = ''] = numbersIn(fixture('01')).map(({ nin }) => nin);
const UNAVAILABLE = 'The person register cannot be reached at present.';
const TOO_MUCH = 'The person register has too much to do at present.';

/** The hash of the password that every account of config/sandbox.yaml has. */
const { clients } = z
  .looseObject({ clients: z.array(z.looseObject({ passwordHash: z.string() })) })
  .parse(parse(readFileSync(join(packageRoot(), 'config', 'sandbox.yaml'), 'utf8')));

describe('an adapter whose register', function () {
  this.timeout(30_000);

  let adapter: SandboxedAdapter;
  let agent: Agent;

  async function start(settings: Readonly<Record<string, string>>): Promise<void> {
    adapter = await startSandboxedAdapter({
      // Calls are counted here, and one for each lookup is easier to count than who shares what.
      PREG_ADAPTER__UPSTREAM__COALESCING__ENABLED: 'false',
      ...settings,
    });
    agent = new Agent({ ca: adapter.certificatePem, keepAlive: true, maxSockets: 200 });
  }

  afterEach(async () => {
    agent.destroy();
    await adapter.stop();
  });

  function ask(username = 'epj-sandbox'): Promise<Reply> {
    const message = getDemographicsRequest({ numbers: [NUMBER], username, now: new Date() });
    return postSoap(adapter.legacyUrl + HL7V3_PATH, message, agent);
  }

  const calls = (): number => adapter.sandbox.requests.of('persontjenesten').length;

  /** The answer is the right person, or one of these faults with a correlation id that the log knows. */
  function expectRight({ status, body }: Reply, ...faults: readonly string[]): void {
    if (status === 200) {
      expect(body.includes(`extension="${NUMBER}"`)).to.equal(true);
      return;
    }
    const [, text, id] = /<s:Text[^>]*>([^<]*?) \(?([0-9a-f-]{36})\)?[^<]*<\/s:Text>/.exec(body) ?? [];
    const fault = faults.find((one) => text?.startsWith(one));
    expect(fault, body).to.not.equal(undefined);
    expect(adapter.log()).to.include(id);
  }

  async function readiness(): Promise<unknown> {
    const ready = await fetch(`${adapter.operationsUrl}/health/ready`);
    const { checks } = z.looseObject({ checks: z.record(z.string(), z.unknown()) }).parse(await ready.json());
    return checks['persontjenesten'];
  }

  it('is slow: everybody is answered in turn, and health answers meanwhile', async () => {
    await start({
      PREG_ADAPTER__UPSTREAM__MAX_CONCURRENT_CALLS: '8',
      PREG_ADAPTER__UPSTREAM__MAX_CONCURRENT_BATCH_CALLS: '4',
    });
    await ask();
    adapter.sandbox.faults.always('persontjenesten', { kind: 'latency', milliseconds: 50 });
    let answered = 0;
    const asking = Array.from({ length: 60 }, async () => {
      const reply = await ask();
      answered += 1;
      return reply;
    });
    const checked = await readiness();
    expect(answered).to.be.lessThan(60);
    expect(checked).to.include({ status: 'ok' });
    for (const reply of await Promise.all(asking)) {
      expect(reply.status).to.equal(200);
      expectRight(reply);
    }
  });

  it('is slow, and more wait than may: the rest is refused at once, and nobody hears "not found"', async () => {
    await start({
      PREG_ADAPTER__UPSTREAM__MAX_CONCURRENT_CALLS: '2',
      PREG_ADAPTER__UPSTREAM__MAX_CONCURRENT_BATCH_CALLS: '1',
      PREG_ADAPTER__UPSTREAM__MAX_WAITING_CALLS: '10',
    });
    await ask();
    adapter.sandbox.faults.always('persontjenesten', { kind: 'latency', milliseconds: 100 });
    const replies = await Promise.all(Array.from({ length: 40 }, () => ask()));
    for (const reply of replies) expectRight(reply, TOO_MUCH);
    expect(new Set(replies.map(({ status }) => status))).to.deep.equal(new Set([200, 500]));
  });

  it('is dead: it is given up after some calls, told at once, and asked again within a period', async () => {
    await start({
      PREG_ADAPTER__UPSTREAM__BREAKER__MINIMUM_CALLS: '4',
      PREG_ADAPTER__UPSTREAM__BREAKER__OPEN_SECONDS: '2',
      PREG_ADAPTER__UPSTREAM__RETRIES: '1',
    });
    expect((await ask()).status).to.equal(200);
    adapter.sandbox.faults.always('persontjenesten', { kind: 'cut-connection', when: 'before-headers' });
    let asked = 0;
    while (!adapter.log().includes('too many calls to Persontjenesten fail')) {
      asked += 1;
      expect(asked, 'given up at last').to.be.lessThan(20);
      expectRight(await ask(), UNAVAILABLE);
    }
    const before = calls();
    const replies = await Promise.all(Array.from({ length: 20 }, () => ask()));
    for (const reply of replies) {
      expect(reply.status).to.equal(500);
      expectRight(reply, UNAVAILABLE);
    }
    expect(calls(), 'nobody asks').to.equal(before);
    expect(await readiness()).to.include({ status: 'failed' });

    adapter.sandbox.faults.clear();
    const cleared = systemClock.now().getTime();
    while ((await ask()).status !== 200) {
      expect(
        systemClock.now().getTime() - cleared,
        'within a period, and a little for the way',
      ).to.be.lessThan(10_000);
      await systemClock.sleep(20);
    }
    expect(await readiness()).to.include({ status: 'ok' });
    expect(adapter.log()).to.include('Persontjenesten answers again');
  });

  it('wants to be left alone: it is, and clients hear so at once', async () => {
    await start({
      PREG_ADAPTER__UPSTREAM__MAX_CONCURRENT_CALLS: '4',
      PREG_ADAPTER__UPSTREAM__MAX_CONCURRENT_BATCH_CALLS: '2',
    });
    await ask();
    adapter.sandbox.requests.clear();
    adapter.sandbox.faults.always('persontjenesten', { kind: 'too-many-requests', retryAfter: 60 });
    const storm = await Promise.all(Array.from({ length: 50 }, () => ask()));
    for (const reply of storm) {
      expect(reply.status).to.equal(500);
      expectRight(reply, TOO_MUCH);
    }
    expect(calls(), 'no more than were under way').to.be.at.most(4);
    expect(await readiness(), 'that is no reason to send requests elsewhere').to.include({
      status: 'warning',
    });
  });

  it('wants to be left alone for a moment: clients do not notice', async () => {
    await start({});
    await ask();
    adapter.sandbox.faults.next(
      'persontjenesten',
      { kind: 'too-many-requests', retryAfter: 1 },
      { times: 3 },
    );
    const replies = await Promise.all(Array.from({ length: 10 }, () => ask()));
    expect(replies.map(({ status }) => status)).to.deep.equal(Array.from({ length: 10 }, () => 200));
  });

  it('comes and goes: every answer is right or the right fault, and most are right', async () => {
    await start({});
    await ask();
    const trouble: readonly Fault[] = [
      { kind: 'server-error', status: 503 },
      { kind: 'cut-connection', when: 'before-headers' },
      { kind: 'cut-connection', when: 'mid-body' },
      { kind: 'server-error', status: 500 },
    ];
    let count = 0;
    adapter.sandbox.faults.take = (target: FaultTarget): Fault | undefined => {
      if (target !== 'persontjenesten') return undefined;
      count += 1;
      return count % 4 === 0 ? trouble[(count / 4) % trouble.length] : undefined;
    };
    const replies: Reply[] = [];
    for (let round = 0; round < 10; round += 1) {
      replies.push(...(await Promise.all(Array.from({ length: 10 }, () => ask()))));
    }
    for (const reply of replies) expectRight(reply, UNAVAILABLE);
    expect(replies.filter(({ status }) => status === 200).length).to.be.greaterThan(90);
    expect(adapter.log()).to.include('call to Persontjenesten is made again');
    expect(adapter.log()).to.not.include('too many calls to Persontjenesten fail');
  });

  it('has a limit: of ten clients one storms, and the others do not notice (QUALITY 37)', async () => {
    const others = Array.from({ length: 9 }, (_, index) => `epj-${index + 1}`);
    const accounts = others.flatMap((name, index) => {
      const prefix = `PREG_ADAPTER__CLIENTS__${index + 1}__`;
      return [
        [`${prefix}ID`, name],
        [`${prefix}USERNAME`, name],
        [`${prefix}PASSWORD_HASH`, clients[0]?.passwordHash ?? ''],
        [`${prefix}PROTOCOLS`, 'hl7v3'],
        [`${prefix}ORGANISATION__PARENT`, '999999999'],
      ] as const;
    });
    await start({ ...Object.fromEntries(accounts), PREG_ADAPTER__UPSTREAM__CALLS_PER_SECOND: '15' });
    // Everybody has logged in, and the token is there.
    for (const name of ['epj-sandbox', ...others]) expect((await ask(name)).status).to.equal(200);
    let stormed = 0;
    const storm = Array.from({ length: 30 }, async () => {
      expectRight(await ask());
      stormed += 1;
    });
    await Promise.race(storm);
    for (const reply of await Promise.all(others.map((name) => ask(name)))) {
      expect(reply.status).to.equal(200);
    }
    // Two calls for each lookup: a fair share is as much for the storming client as for each other one.
    expect(stormed, 'while nine others had one lookup each').to.be.lessThan(15);
    await Promise.all(storm);
    expect(stormed).to.equal(30);
  });
});
