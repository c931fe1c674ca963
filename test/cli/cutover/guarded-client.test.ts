import { Agent } from 'node:https';
import { expect } from 'chai';
import { z } from 'zod';
import { numbersIn } from '../../../src/mapping/transforms/identity.js';
import { runCommand } from '../../support/command-line.js';
import { HL7V3_PATH } from '../../support/get-demographics-request.js';
import { getDemographics, postSoap } from '../../support/get-demographics.js';
import { withStore } from '../../support/opened-store.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../../support/sandboxed-adapter.js';

const ALERT = /"message":"a client was moved back to PREG"/;

describe('a client that has moved', function () {
  this.timeout(60_000);
  let adapter: SandboxedAdapter;
  let agent: Agent;

  const environment = {
    PREG_ADAPTER__SANDBOX__PREG__PORT: '0',
    PREG_ADAPTER__SANDBOX__PREG__DIFFERING_PERCENT: '100',
    PREG_ADAPTER__SANDBOX__POPULATION: '60',
    PREG_ADAPTER__CUTOVER__ROUTES__0__ROUTE: 'shadow-persontjenesten',
    PREG_ADAPTER__CUTOVER__FALLBACK: 'both',
    PREG_ADAPTER__UPSTREAM__RETRIES: '0',
  };

  before(async () => {
    adapter = await startSandboxedAdapter(environment);
    agent = new Agent({ ca: adapter.certificatePem, keepAlive: true, maxSockets: 4 });
  });

  after(async () => {
    agent.destroy();
    await adapter.stop();
  });

  function numbers(): readonly string[] {
    return [...adapter.sandbox.population.documents()].flatMap((document) => {
      const [preferred] = numbersIn(document);
      return preferred?.inUse === true ? [preferred.nin] : [];
    });
  }

  /** Asks about somebody, who both registers know. */
  async function ask(number = numbers()[0] ?? ''): Promise<void> {
    const { status, body } = await postSoap(adapter.legacyUrl + HL7V3_PATH, getDemographics(number), agent);
    expect(status).to.equal(200);
    expect(body).to.contain('acknowledgement');
  }

  /** Whom the last answer came from, and on which route. */
  function lastAnswer(): string {
    return withStore(adapter.dataDirectory, (store) => {
      const [by] = [...store.audit.entries()].at(-1)?.detail.answeredBy ?? [];
      return `${by?.route} by ${by?.source}`;
    });
  }

  async function cutoverCheck(): Promise<unknown> {
    const response = await fetch(`${adapter.operationsUrl}/health/ready`);
    expect(response.status).to.equal(200);
    return z.object({ checks: z.record(z.string(), z.unknown()) }).parse(await response.json()).checks[
      'cutover'
    ];
  }

  function command(...args: string[]): ReturnType<typeof runCommand> {
    return runCommand(['cutover', ...args, '--client', 'epj-sandbox', '--config', 'config/sandbox.yaml'], {
      environment: { ...environment, PREG_ADAPTER__DATA__DIRECTORY: adapter.dataDirectory },
    });
  }

  it('is answered by the other register while the one of its route is down', async () => {
    await ask();
    expect(lastAnswer()).to.equal('shadow-persontjenesten by persontjenesten');
    adapter.sandbox.faults.always('persontjenesten', { kind: 'server-error', status: 503 });
    await ask();
    expect(lastAnswer()).to.equal('shadow-persontjenesten by preg');
    adapter.sandbox.faults.clear();
    expect((await command('set', '--route', 'preg')).err).to.equal('');
    adapter.preg?.faults.always('preg', { kind: 'server-error', status: 503 });
    await ask();
    expect(lastAnswer()).to.equal('preg by persontjenesten');
    adapter.preg?.faults.clear();
  });

  it('goes back to PREG by itself when too much differs, with one alert, and stays there until an operator acts', async () => {
    expect((await command('clear')).err).to.equal('');
    const alert = adapter.says(ALERT);
    for (const number of [...numbers(), ...numbers()]) {
      if (adapter.log().includes('"message":"a client was moved back to PREG"')) break;
      await ask(number);
    }
    await alert;
    for (const number of numbers()) await ask(number);
    expect(lastAnswer()).to.equal('shadow-preg by preg');
    expect(adapter.log().match(new RegExp(ALERT, 'g'))).to.have.length(1);
    expect(await cutoverCheck()).to.deep.equal({
      status: 'warning',
      reason: 'moved back to PREG until an operator acts: epj-sandbox',
      causes: ['held-back epj-sandbox'],
    });
    expect((await command('show')).out).to.contain('guard');
    expect((await command('set', '--route', 'persontjenesten')).err).to.match(
      /^Ended: epj-sandbox: shadow-preg, set by the guard at /,
    );
    await ask();
    expect(lastAnswer()).to.equal('persontjenesten by persontjenesten');
    expect(await cutoverCheck()).to.deep.equal({ status: 'ok' });
  });
});
