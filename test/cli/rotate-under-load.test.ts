import { Agent } from 'node:https';
import { Writable } from 'node:stream';
import { expect } from 'chai';
import { serveAdapter } from '../../src/cli/adapter-process.js';
import { completeConfiguration } from '../../src/config/adapter-configuration.js';
import { loadConfiguration } from '../../src/config/load.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { startTestSandbox } from '../sandbox/support/sandbox-client.js';
import { runCommand } from '../support/command-line.js';
import { getDemographicsRequest, HL7V3_PATH } from '../support/get-demographics-request.js';
import { hospitalClient, hospitalOnSandbox } from '../support/hospital-on-sandbox.js';
import { post } from '../support/https-post.js';
import { programs } from '../support/programs.js';
import { serverCertificate } from '../support/server-certificate.js';
import { syntheticNumber } from '../support/synthetic-number.js';

const CALLERS = 4;

describe("rotation of a running adapter's key", function () {
  this.timeout(30_000);
  const run = programs();

  it('is noticed by nobody who looks people up, and gives tokens by the new key', async () => {
    const client = await hospitalClient();
    // So short a life that tokens are fetched all the time.
    const sandbox = await startTestSandbox({ clients: [client.registered], tokenLife: 2 });
    const folder = run.folder();
    const files = await hospitalOnSandbox(folder, sandbox, client);
    const configuration = completeConfiguration(
      loadConfiguration({ file: files.configuration, environment: {}, clock: systemClock }),
    );
    const lines: string[] = [];
    const log = new Writable({
      write: (chunk, _encoding, done) => {
        lines.push(String(chunk));
        done();
      },
    });
    const adapter = await serveAdapter({ configuration, clock: systemClock, random: systemRandom, log });
    const agent = new Agent({ keepAlive: true });
    const { certificatePem: ca } = await serverCertificate();
    const url = `https://127.0.0.1:${adapter.legacy.port}${HL7V3_PATH}`;
    const answers: string[] = [];
    let over = false;
    const tokens = (): number =>
      sandbox.requests.of('helseid').filter(({ path, status }) => path === '/connect/token' && status === 200)
        .length;
    const caller = async (first: number): Promise<void> => {
      for (let next = first; !over; next += CALLERS) {
        const question = getDemographicsRequest({ numbers: [syntheticNumber(next)], now: new Date() });
        const { status, text } = await post({ url, ca, agent }, question);
        answers.push(`${status} ${/<queryResponseCode code="(\w+)"/.exec(text)?.[1] ?? 'none'}`);
      }
    };
    const until = async (condition: () => boolean): Promise<void> => {
      while (!condition()) await systemClock.sleep(20);
    };
    const callers = Array.from({ length: CALLERS }, (_, index) => caller(index));
    try {
      await until(() => answers.length >= 20);
      for (let turn = 0; turn < 2; turn += 1) {
        const { code, err } = await runCommand([
          'rotate-helseid-key',
          '--config',
          files.configuration,
          '--algorithm',
          'ES256',
        ]);
        expect([code, err]).to.deep.equal([0, '']);
        const before = tokens();
        await until(() => tokens() >= before + 2);
      }
    } finally {
      over = true;
      await Promise.all(callers);
      agent.destroy();
      await adapter.stop();
      await sandbox.stop();
    }
    expect(new Set(answers)).to.deep.equal(new Set(['200 NF']));
    expect(lines.join('')).to.not.contain(client.privateJwk.d);
  });
});
