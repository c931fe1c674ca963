import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { connect } from 'node:tls';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { loadOidcProvider } from '../../src/sandbox/helseid/load-oidc-provider.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { startSandbox } from '../../src/sandbox/sandbox.js';
import { SandboxClient, startTestSandbox } from './support/sandbox-client.js';

const run = promisify(execFile);

function moduleUrl(file: string): string {
  return pathToFileURL(path.join(import.meta.dirname, '../../src', file)).href;
}

async function occupiedPort(): Promise<{ readonly port: number; readonly free: () => Promise<void> }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    free: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

describe('sandbox', () => {
  it('serves two origins with one certificate that clients can trust', async () => {
    const sandbox = await startTestSandbox();
    const client = await SandboxClient.for(sandbox);
    try {
      expect(new URL(sandbox.persontjenestenUrl).origin).to.equal(sandbox.persontjenestenUrl);
      expect(new URL(sandbox.issuer).origin).to.equal(sandbox.issuer);
      expect(sandbox.issuer).not.to.equal(sandbox.persontjenestenUrl);
      expect((await client.send('GET', `${sandbox.persontjenestenUrl}/ping`)).status).to.equal(200);
      const keys = `${sandbox.issuer}/.well-known/openid-configuration/jwks`;
      expect((await client.send('GET', keys)).status).to.equal(200);
    } finally {
      client.close();
      await sandbox.stop();
    }
  });

  it('makes a certificate of its own when none is given', async () => {
    const sandbox = await startSandbox({
      clock: systemClock,
      random: systemRandom,
      host: 'localhost',
      persontjenestenPort: 0,
      helseidPort: 0,
      population: 0,
      personFolders: [],
    });
    const client = await SandboxClient.for(sandbox);
    try {
      expect(sandbox.issuer).to.match(/^https:\/\/localhost:/);
      expect((await client.tokenAnswer()).status).to.equal(200);
    } finally {
      client.close();
      await sandbox.stop();
    }
  });

  it('stops at once, with connections idle and requests under way', async () => {
    const sandbox = await startTestSandbox();
    const client = await SandboxClient.for(sandbox);
    const { port } = new URL(sandbox.persontjenestenUrl);
    const idle = connect({ port: Number(port), host: '127.0.0.1', ca: sandbox.certificatePem });
    await once(idle, 'secureConnect');
    sandbox.faults.next('persontjenesten', { kind: 'stalled-body' });
    const stalled = client.send('GET', `${sandbox.persontjenestenUrl}/ping`).then(
      () => 'answered',
      () => 'broken off',
    );
    while (sandbox.requests.all().length === 0) await new Promise(setImmediate);
    await sandbox.stop();
    expect(await stalled).to.equal('broken off');
    idle.destroy();
    const refused = await client
      .send('GET', `${sandbox.persontjenestenUrl}/ping`)
      .catch((error: unknown) => error);
    expect(refused).to.include({ code: 'ECONNREFUSED' });
    client.close();
  });

  for (const which of ['persontjenestenPort', 'helseidPort'] as const) {
    it(`tells when ${which} is in use, and leaves nothing running`, async () => {
      const { port, free } = await occupiedPort();
      try {
        const error: unknown = await startTestSandbox({ [which]: port }).then(
          (sandbox) => sandbox.stop(),
          (reason: unknown) => reason,
        );
        expect(error).to.include({ code: 'EADDRINUSE', port });
      } finally {
        await free();
      }
    });
  }

  it('can be stopped twice, and started again on the ports it had', async () => {
    const first = await startTestSandbox();
    const ports = {
      persontjenestenPort: Number(new URL(first.persontjenestenUrl).port),
      helseidPort: Number(new URL(first.issuer).port),
    };
    await first.stop();
    await first.stop();
    const second = await startTestSandbox(ports);
    expect(second.issuer).to.equal(first.issuer);
    await second.stop();
  });

  it('does not start when a folder of persons is missing', async () => {
    const folder = path.join(import.meta.dirname, 'no-such-folder');
    const error: unknown = await startTestSandbox({ personFolders: [folder] }).then(
      (sandbox) => sandbox.stop(),
      (reason: unknown) => reason,
    );
    expect(String(error)).to.contain(folder);
  });

  it('answers what is no address with 400 and lives on', async () => {
    const sandbox = await startTestSandbox();
    const client = await SandboxClient.for(sandbox);
    try {
      const { hostname, port } = new URL(sandbox.persontjenestenUrl);
      const socket = connect({ port: Number(port), host: hostname, ca: sandbox.certificatePem });
      socket.end('GET // HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      const pieces: readonly unknown[] = await once(socket, 'data');
      expect(String(pieces[0])).to.match(/^HTTP\/1.1 400/);
      expect((await client.send('GET', `${sandbox.persontjenestenUrl}/ping`)).status).to.equal(200);
    } finally {
      client.close();
      await sandbox.stop();
    }
  });
});

describe('sandbox in a process of its own', () => {
  it('prints nothing, and lets the process end when it is stopped', async function () {
    this.timeout(20_000);
    const script = `
      import { startSandbox } from '${moduleUrl('sandbox/sandbox.js')}';
      import { systemClock } from '${moduleUrl('runtime/system-clock.js')}';
      import { systemRandom } from '${moduleUrl('runtime/system-random.js')}';
      const sandbox = await startSandbox({
        clock: systemClock, random: systemRandom, host: '127.0.0.1',
        persontjenestenPort: 0, helseidPort: 0, population: 100, personFolders: [],
      });
      await sandbox.stop();
    `;
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', script], {
      timeout: 15_000,
    });
    expect([stdout, stderr]).to.deep.equal(['', '']);
  });
});

describe('loading of oidc-provider', () => {
  it('leaves console.warn as it was', async () => {
    const { console } = globalThis;
    const own = (): unknown => Object.getOwnPropertyDescriptor(console, 'warn')?.value;
    const before = own();
    await loadOidcProvider();
    expect(own()).to.equal(before);
  });
});
