import { Agent } from 'node:https';
import { expect } from 'chai';
import type { JsonObject } from '../../../src/mapping/json.js';
import { numbersIn } from '../../../src/mapping/transforms/identity.js';
import { answeringSource, routes, type Route } from '../../../src/registry/cutover/route.js';
import { runCommand } from '../../support/command-line.js';
import { HL7V3_PATH } from '../../support/get-demographics-request.js';
import { getDemographics, postSoap } from '../../support/get-demographics.js';
import { withStore } from '../../support/opened-store.js';
import { PERSON_SERVICE_PATH, personServiceRequest } from '../../support/person-service-request.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../../support/sandboxed-adapter.js';
import { until } from '../../support/until.js';

const CLIENT = 'epj-sandbox';
const ENVIRONMENT = {
  PREG_ADAPTER__SANDBOX__PREG__PORT: '0',
  PREG_ADAPTER__SANDBOX__PREG__DIFFERING_PERCENT: '0',
  PREG_ADAPTER__CUTOVER__COMPARISON__MAX_WAITING: '10000',
  PREG_ADAPTER__LOGGING__LEVEL: 'debug',
};
const ASKERS = 4;
/** What is asked on each route. */
const QUESTIONS = 60;

describe('a client that is moved from the old register to the new one', function () {
  this.timeout(60_000);
  let adapter: SandboxedAdapter;
  let agent: Agent;

  before(async () => {
    adapter = await startSandboxedAdapter(ENVIRONMENT);
    agent = new Agent({ ca: adapter.certificatePem, keepAlive: true, maxSockets: ASKERS });
  });

  after(async () => {
    agent.destroy();
    await adapter.stop();
  });

  it('gets a right answer each time, on all four routes and back, while it never stops asking', async () => {
    const numbers = [...adapter.sandbox.population.documents()].flatMap(currentNumber);
    const asking = new Asking(adapter, agent, numbers);
    const asked = asking.start();
    const journey: readonly Route[] = [...routes, ...[...routes].reverse()];
    try {
      for (const route of journey) {
        const set = await command(adapter, ['set', '--client', CLIENT, '--route', route]);
        expect(set.err).to.equal('');
        await asking.answers(QUESTIONS);
      }
    } finally {
      asking.stop();
      await asked;
    }

    expect(asking.wrong, 'wrong answers').to.deep.equal([]);
    const answeredBy = adapterStore(adapter, (store) =>
      [...store.audit.entries()]
        .filter(({ clientId }) => clientId === CLIENT)
        .map(({ detail }) => detail.answeredBy),
    );
    // Before the first of them everybody is answered by the new register, as the settings say.
    for (const route of routes) {
      const by = answeredBy.filter((one) => one?.[0]?.route === route);
      expect(by.length, route).to.be.at.least(QUESTIONS);
      expect(new Set(by.map((one) => one?.[0]?.source))).to.deep.equal(new Set([answeringSource(route)]));
    }
    expect(answeredBy.every((one) => one?.length === 1)).to.equal(true);
    // Most is compared once nobody asks any more.
    const compares = (operation: string): number =>
      adapter
        .log()
        .split('\n')
        .filter((line) => line.includes('both registers were asked the same') && line.includes(operation))
        .length;
    await until(
      () => ['GetDemographics', 'GetPerson'].every((operation) => compares(operation) >= QUESTIONS),
      1_000_000,
    );
    await adapter.running.stop();
    const everyDay = { from: 0, to: 1_000_000 };
    const [compared, differences] = adapterStore(adapter, ({ cutoverFigures }) => [
      cutoverFigures.comparisons(everyDay),
      cutoverFigures.differences(everyDay),
    ]);
    expect(compared.map(({ operation }) => operation)).to.have.members(['GetDemographics', 'GetPerson']);
    for (const { compared: count, failed, operation } of compared) {
      expect(count, operation).to.be.at.least(QUESTIONS);
      expect(failed, operation).to.deep.equal({ preg: 0, persontjenesten: 0 });
    }
    expect(differences.filter((one) => one.class === 'unexplained')).to.deep.equal([]);
  });
});

/** Asks all the time, by two protocols. */
class Asking {
  readonly wrong: string[] = [];
  #asked = 0;
  #answered = 0;
  #isStopped = false;

  constructor(
    private readonly adapter: SandboxedAdapter,
    private readonly agent: Agent,
    private readonly numbers: readonly string[],
  ) {}

  async start(): Promise<void> {
    await Promise.all(
      Array.from({ length: ASKERS }, async () => {
        while (!this.#isStopped) await this.#ask();
      }),
    );
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Resolves when so many more were answered that had not been asked before. */
  async answers(count: number): Promise<void> {
    const enough = this.#answered + ASKERS + count;
    while (this.#answered < enough && this.wrong.length === 0) await new Promise(setImmediate);
  }

  async #ask(): Promise<void> {
    const turn = this.#asked++;
    const number = this.numbers[turn % this.numbers.length] ?? '';
    const { legacyUrl } = this.adapter;
    const [url, message, told] =
      turn % 2 === 0
        ? [legacyUrl + HL7V3_PATH, getDemographics(number), `extension="${number}"`]
        : [legacyUrl + PERSON_SERVICE_PATH, getPerson(number), `NIN>${number}</`];
    const { status, body } = await postSoap(url, message, this.agent);
    if (status !== 200 || !body.includes(told)) this.wrong.push(`${turn}: ${status} ${body}`);
    this.#answered += 1;
  }
}

function getPerson(number: string): string {
  return personServiceRequest({
    operation: 'GetPerson',
    content: `<parameters xmlns:b="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data"><b:NIN>${number}</b:NIN></parameters>`,
    now: new Date(),
    username: CLIENT,
    password: CLIENT,
  });
}

function command(adapter: SandboxedAdapter, args: readonly string[]): ReturnType<typeof runCommand> {
  return runCommand(['cutover', ...args, '--config', 'config/sandbox.yaml'], {
    environment: { ...ENVIRONMENT, PREG_ADAPTER__DATA__DIRECTORY: adapter.dataDirectory },
  });
}

function adapterStore<Result>(
  adapter: SandboxedAdapter,
  use: Parameters<typeof withStore<Result>>[1],
): Result {
  return withStore(adapter.dataDirectory, use);
}

/** The number that a lookup of the person answers with. */
function currentNumber(document: JsonObject): readonly string[] {
  const [preferred] = numbersIn(document);
  return preferred?.inUse === true ? [preferred.nin] : [];
}
