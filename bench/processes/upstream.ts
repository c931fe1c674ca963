/**
 * HelseID and Persontjenesten, as the sandbox plays them, in a process of their own.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../src/config/package-root.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { createSelfSignedCertificate } from '../../src/sandbox/self-signed-certificate.js';
import { syntheticNumber } from '../../test/support/synthetic-number.js';
import { serveBareApi, type BareApi } from './bare-api.js';
import { takeCommands } from './commands.js';
import { personIn } from './person-to-ask.js';
import { upstreamStartForm, type RunningUpstream } from './running-upstream.js';

let sandbox: Sandbox | undefined;
let bare: BareApi | undefined;
let bareCallsTold = 0;

takeCommands(
  {
    start: async (payload): Promise<RunningUpstream> => {
      const { population, rememberedRequests, isBare } = upstreamStartForm.parse(payload);
      const surroundings = { clock: systemClock, random: systemRandom };
      const certificate = await createSelfSignedCertificate({ ...surroundings, commonName: 'localhost' });
      const started = await startSandbox({
        ...surroundings,
        certificate,
        host: '127.0.0.1',
        persontjenestenPort: 0,
        helseidPort: 0,
        population,
        rememberedRequests,
        personFolders: [join(packageRoot(), 'fixtures', 'persons')],
        onTrouble: (error) => {
          process.stderr.write(`the sandbox failed: ${String(error)}\n`);
        },
      });
      sandbox = started;
      if (isBare) bare = await serveBareApi(started.population, certificate);
      return {
        baseUrl: bare === undefined ? started.persontjenestenUrl : `https://127.0.0.1:${bare.port}`,
        issuer: started.issuer,
        clientId: started.clientId,
        privateJwk: started.clientPrivateJwk,
        certificatePem: started.certificatePem,
        parent: started.organisation.parent,
        people: [...started.population.documents()].flatMap(personIn),
        unknown: Array.from({ length: 300 }, (_, index) => syntheticNumber(index)).filter(
          (number) => !started.population.has(number),
        ),
      };
    },
    /** Every call to the sandbox's Persontjenesten takes so much longer from now on; 0 ends that. */
    delay: (payload) => {
      const milliseconds = z.number().parse(payload);
      sandbox?.faults.clear();
      if (milliseconds > 0) sandbox?.faults.always('persontjenesten', { kind: 'latency', milliseconds });
      return Promise.resolve();
    },
    /** What was asked of it since it was last asked this. */
    calls: () => {
      const made = sandbox?.requests.all() ?? [];
      sandbox?.requests.clear();
      const bareCalls = bare?.calls() ?? 0;
      const sinceLast = bareCalls - bareCallsTold;
      bareCallsTold = bareCalls;
      return Promise.resolve({
        persontjenesten: sinceLast + made.filter(({ target }) => target === 'persontjenesten').length,
        tokens: made.filter(({ path, status }) => path === '/connect/token' && status === 200).length,
      });
    },
  },
  async () => {
    bare?.close();
    await sandbox?.stop();
  },
);
