import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { checkHints } from '../../src/operations/check-hints.js';
import type { Clock } from '../../src/runtime/clock.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { tokenEndpointError } from '../../src/sandbox/helseid/token-faults.js';
import { DATABASE_FILE } from '../../src/store/database.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';

const readiness = z.object({
  status: z.string(),
  checks: z.record(z.string(), z.object({ status: z.string(), reason: z.string().optional() })),
});

/** The computer's time, but whoever sleeps is woken soon: what is looked at now and then is looked at often. */
const restless: Clock = {
  ...systemClock,
  sleep: (milliseconds, signal) => systemClock.sleep(Math.min(milliseconds, 20), signal),
};

describe('readiness', function () {
  this.timeout(30_000);
  let adapter: SandboxedAdapter;

  afterEach(() => adapter.stop());

  async function start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    adapter = await startSandboxedAdapter(
      { PREG_ADAPTER__UPSTREAM__PROBE_SECONDS: '1', ...environment },
      restless,
    );
  }

  async function ready(): Promise<
    z.infer<typeof readiness> & { readonly live: number; readonly http: number }
  > {
    const answer = await fetch(`${adapter.operationsUrl}/health/ready`);
    const live = await fetch(`${adapter.operationsUrl}/health/live`);
    return { ...readiness.parse(await answer.json()), http: answer.status, live: live.status };
  }

  /** Asks until it is so. */
  async function becomes(status: string): Promise<Awaited<ReturnType<typeof ready>>> {
    for (;;) {
      const found = await ready();
      if (found.status === status) return found;
    }
  }

  const failing = ({ checks }: z.infer<typeof readiness>): readonly string[] =>
    Object.entries(checks).flatMap(([name, { status }]) => (status === 'failed' ? [name] : []));

  it('(QUALITY 61) says no, though nobody asks anything, while HelseID gives no token; and yes when it does', async () => {
    await start();
    await becomes('ready');
    expect(adapter.sandbox.requests.of('persontjenesten').map(({ path }) => path)).to.include('/ping');
    // The token that is held would serve; one that Persontjenesten does not accept is dropped.
    adapter.sandbox.faults.always('helseid', tokenEndpointError('invalid_client'));
    adapter.sandbox.faults.always('persontjenesten', { kind: 'expired-token' });
    const found = await becomes('not-ready');
    expect([failing(found), found.http, found.live]).to.deep.equal([['token'], 503, 200]);
    adapter.sandbox.faults.clear();
    expect((await becomes('ready')).http).to.equal(200);
  });

  it('(QUALITY 61) says no, though nobody asks anything, while Persontjenesten is down; and yes when it is not', async () => {
    await start({ PREG_ADAPTER__UPSTREAM__RETRIES: '0' });
    await becomes('ready');
    adapter.sandbox.faults.always('persontjenesten', { kind: 'server-error', status: 503 });
    const found = await becomes('not-ready');
    expect([failing(found), found.live]).to.deep.equal([['persontjenesten'], 200]);
    adapter.sandbox.faults.clear();
    await becomes('ready');
  });

  it('(QUALITY 61) says no while the store cannot be written to', async () => {
    await start();
    await becomes('ready');
    const file = join(adapter.dataDirectory, DATABASE_FILE);
    renameSync(file, `${file}.away`);
    const found = await becomes('not-ready');
    expect([failing(found), found.live]).to.deep.equal([['store'], 200]);
    renameSync(`${file}.away`, file);
    await becomes('ready');
  });

  it('has a hint for each of its checks', async () => {
    await start({
      PREG_ADAPTER__SANDBOX__PREG__PORT: '0',
      PREG_ADAPTER__EVENTS__ENABLED: 'true',
      PREG_ADAPTER__UPSTREAM__CACHE__ENABLED: 'true',
      PREG_ADAPTER__UPSTREAM__CACHE__STALE_WHILE_DOWN: 'true',
    });
    const { checks } = await ready();
    expect(Object.keys(checks).filter((name) => checkHints[name] === undefined)).to.deep.equal([]);
  });

  it('that says no is told of once in the log, with what to do', async () => {
    await start();
    await becomes('ready');
    adapter.sandbox.faults.always('persontjenesten', { kind: 'server-error', status: 503 });
    const [line] = await adapter.says(/^.*"trouble began".*"check":"persontjenesten".*$/m);
    expect(JSON.parse(line)).to.deep.include({
      level: 'error',
      status: 'failed',
      hint: checkHints['persontjenesten'],
    });
    await becomes('not-ready');
    await becomes('not-ready');
    expect(adapter.log().match(/"trouble began"[^\n]*"check":"persontjenesten"/g)).to.have.length(1);
  });
});
