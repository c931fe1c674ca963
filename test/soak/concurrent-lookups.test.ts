import { Agent } from 'node:https';
import { expect } from 'chai';
import type { JsonObject } from '../../src/mapping/json.js';
import { numbersIn } from '../../src/mapping/transforms/identity.js';
import { getDemographics, postSoap } from '../support/get-demographics.js';
import { runs } from '../support/long-runs.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';

const PARALLEL = 40;

describe('lookups side by side', () => {
  let adapter: SandboxedAdapter;
  let agent: Agent;

  before(async () => {
    adapter = await startSandboxedAdapter({
      PREG_ADAPTER__SANDBOX__POPULATION: '500',
      PREG_ADAPTER__LOGGING__LEVEL: 'error',
    });
    agent = new Agent({ ca: adapter.certificatePem, keepAlive: true, maxSockets: PARALLEL });
  });

  after(async () => {
    agent.destroy();
    await adapter.stop();
  });

  it('each get the person they asked for and nobody else', async () => {
    const url = `${adapter.legacyUrl}/Personregister.HL7/PersonRegistry.svc`;
    const numbers = [...adapter.sandbox.population.documents()].flatMap(currentNumber);
    expect(numbers).to.have.length.greaterThan(400);
    let next = 0;
    const count = runs(400);
    const worker = async (): Promise<void> => {
      while (next < count) {
        const number = numbers[next++ % numbers.length] ?? '';
        const { status, body } = await postSoap(url, getDemographics(number), agent);
        expect(status, body).to.equal(200);
        const answered = /<identifiedPerson classCode="IDENT"><id root="[0-9.]+" extension="([0-9]+)"/.exec(
          body,
        )?.[1];
        expect(answered === number, 'the answer is about the number asked for').to.equal(true);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
  });
});

/** The number that a lookup of the person answers with. */
function currentNumber(document: JsonObject): readonly string[] {
  const [preferred] = numbersIn(document);
  return preferred?.inUse === true ? [preferred.nin] : [];
}
