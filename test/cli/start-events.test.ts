import { expect } from 'chai';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';
import { until } from '../support/until.js';

describe('preg-adapter start, keeping documents in memory', function () {
  this.timeout(30_000);
  let adapter: SandboxedAdapter;

  before(async () => {
    adapter = await startSandboxedAdapter({
      PREG_ADAPTER__EVENTS__ENABLED: 'true',
      PREG_ADAPTER__UPSTREAM__CACHE__ENABLED: 'true',
      PREG_ADAPTER__UPSTREAM__CACHE__STALE_WHILE_DOWN: 'true',
    });
  });

  after(() => adapter.stop());

  it('tells in its health whether old answers are given', async () => {
    const answer = await fetch(`${adapter.operationsUrl}/health/ready`);
    expect(await answer.text()).to.contain('"cache":{"status":"ok"}');
  });
});

describe('preg-adapter start, following the event feed', function () {
  this.timeout(30_000);
  let adapter: SandboxedAdapter;

  before(async () => {
    adapter = await startSandboxedAdapter({ PREG_ADAPTER__EVENTS__ENABLED: 'true' });
  });

  after(() => adapter.stop());

  it('tells in its health since when it can answer, and stays ready', async () => {
    await until(() => adapter.log().includes('the log of changes begins here'), 10_000_000);
    const answer = await fetch(`${adapter.operationsUrl}/health/ready`);
    expect(answer.status).to.equal(200);
    const body = await answer.text();
    expect(body).to.match(
      /"events":\{"status":"ok","reason":"can answer from \d{4}-[^"]+; at most 0 events and \d+ s behind"/,
    );
    expect(body).to.not.contain('"cache"');
    expect(body, 'calls of the follower tell nothing about lookups').to.contain('not called yet');
  });
});
