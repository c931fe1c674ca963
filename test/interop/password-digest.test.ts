import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { sandboxCertificateFile } from '../../src/cli/sandbox-certificate.js';
import { packageRoot } from '../../src/config/package-root.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { sealClientSecret } from '../../src/store/client-secrets.js';
import { loadOrCreateKeys } from '../../src/store/key-files.js';
import { Sealer } from '../../src/store/sealer.js';
import { canRun } from '../legacy/hl7v3/schema/places.js';
import { RunningProgram } from '../support/adapter-program.js';
import { write } from '../support/configuration-files.js';
import { digestToken, someNonce } from '../support/digest-token.js';
import { getDemographicsRequest } from '../support/get-demographics-request.js';
import { post } from '../support/https-post.js';
import { programs } from '../support/programs.js';
import { freePorts, served } from '../support/started-adapter.js';

/** Debian's own, which has python3-zeep. */
const PYTHON = '/usr/bin/python3';
const NUMBER = '11868426235';
const SECRET = 'blåbær & 1';

describe('a client with a sealed password', function () {
  this.timeout(60_000);
  const run = programs();

  /** Seals as preg-adapter seal-password does, with the keys that the sandbox will find in its folder. */
  function start(data: string): RunningProgram {
    const { sealingKeys } = loadOrCreateKeys(data, systemRandom);
    const sealed = sealClientSecret(SECRET, new Sealer(sealingKeys, systemRandom));
    const file = write(
      run.folder(),
      'digest.yaml',
      `
data: { directory: data }
sandbox: {}
clients:
  - id: lab
    username: lab
    sealedPassword: ${sealed}
    protocols: [hl7v3]
    organisation: { parent: 999999999 }
`,
    );
    const environment = freePorts(data);
    return run.watch(RunningProgram.adapter(['start', '--config', file], { environment }));
  }

  it('is served once for each digest, also after it was sealed anew, killed and started again', async () => {
    const data = run.folder();
    const now = new Date();
    const message = (number: number): string =>
      getDemographicsRequest({ numbers: [NUMBER], now }).replace(
        /<o:UsernameToken>.*<\/o:UsernameToken>/,
        digestToken({
          username: 'lab',
          secret: SECRET,
          nonce: someNonce(number),
          created: now.toISOString(),
        }),
      );
    const first = start(data);
    const { service } = await served(first, data);
    expect((await post(service, message(1))).text).to.contain('<queryResponseCode code="OK"/>');
    first.signal('SIGKILL');
    await first.ended;

    const again = await served(start(data), data);
    const replayed = await post(again.service, message(1));
    expect([replayed.status, replayed.text.includes('InvalidSecurity')]).to.deep.equal([500, true]);
    expect((await post(again.service, message(2))).status).to.equal(200);
  });

  it('may be zeep, with digests and without', async function () {
    if (!canRun(PYTHON, '-c', 'import zeep')) this.skip();
    const data = run.folder();
    const { service } = await served(start(data), data);
    const ask = async (password: string, kind: string): Promise<unknown> => {
      const { stdout } = await promisify(execFile)(PYTHON, [
        join(packageRoot(), 'test', 'interop', 'zeep_client.py'),
        `${service.url}?wsdl`,
        sandboxCertificateFile(data),
        ...['lab', password, NUMBER, '2.16.578.1.12.4.1.4.1', kind],
      ]);
      return JSON.parse(stdout);
    };
    expect(await ask(SECRET, 'digest')).to.include({ response: 'OK', total: 1 });
    expect(await ask(SECRET, 'text')).to.include({ response: 'OK', total: 1 });
    for (const kind of ['digest', 'text']) {
      expect(await ask('wrong', kind)).to.include({
        fault: 'At least one security token in the message could not be validated.',
      });
    }
  });
});
