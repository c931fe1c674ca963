import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { Writable } from 'node:stream';
import { expect } from 'chai';
import { z } from 'zod';
import { serveAdapter, type RunningAdapter } from '../../../src/cli/adapter-process.js';
import { completeConfiguration } from '../../../src/config/adapter-configuration.js';
import { loadConfiguration } from '../../../src/config/load.js';
import { systemClock } from '../../../src/runtime/system-clock.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import {
  createSelfSignedCertificate,
  type SelfSignedCertificate,
} from '../../../src/sandbox/self-signed-certificate.js';
import { startTestSandbox } from '../../sandbox/support/sandbox-client.js';
import { clientAuthority } from '../../support/client-certificates.js';
import { runCommand } from '../../support/command-line.js';
import { write } from '../../support/configuration-files.js';
import { hospitalClient, hospitalOnSandbox } from '../../support/hospital-on-sandbox.js';
import { temporaryFolders } from '../../support/temporary-folder.js';

const report = z.object({
  findings: z.array(
    z.object({
      examination: z.string(),
      status: z.enum(['ok', 'warning', 'failed']),
      told: z.string(),
      hint: z.string().optional(),
    }),
  ),
});

const written = z.looseObject({ clients: z.array(z.looseObject({})) });

type Findings = z.infer<typeof report>['findings'];

describe('the doctor looks at certificates that are served', function () {
  this.timeout(30_000);
  const newFolder = temporaryFolders();
  let folder: string;
  let sandbox: Sandbox;
  let configuration: string;
  let settings: Record<string, string>;
  let ending: (() => Promise<unknown>)[];

  beforeEach(async () => {
    const client = await hospitalClient();
    sandbox = await startTestSandbox({ clients: [client.registered] });
    folder = newFolder();
    configuration = (await hospitalOnSandbox(folder, sandbox, client)).configuration;
    chmodSync(configuration, 0o600);
    settings = { PREG_ADAPTER__UPSTREAM__PROBE_SECONDS: '0' };
    ending = [() => sandbox.stop()];
  });

  afterEach(async () => {
    for (const end of ending.reverse()) await end();
  });

  /** A listener with the certificate of the legacy one, or with one of its own. */
  async function put(
    listener: string,
    more: Readonly<Record<string, string>> = {},
    name = 'server',
  ): Promise<number> {
    const port = await freePort();
    const all = {
      PORT: String(port),
      TLS__CERTIFICATE_FILE: join(folder, `${name}.pem`),
      TLS__PRIVATE_KEY_FILE: join(folder, `${name}-key.pem`),
      ...more,
    };
    for (const [name, value] of Object.entries(all))
      settings[`PREG_ADAPTER__LISTENERS__${listener}__${name}`] = value;
    return port;
  }

  /** One that lets in who comes from there. */
  async function putMllp(address: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
    const { clients, ...others } = written.parse(JSON.parse(readFileSync(configuration, 'utf8')));
    const hl7v2 = { protocols: ['hl7v3', 'hl7v2'], hl7v2: { peers: [{ addresses: [address] }] } };
    writeFileSync(
      configuration,
      JSON.stringify({ ...others, clients: clients.map((one) => ({ ...one, ...hl7v2 })) }),
    );
    await put('MLLP', more);
  }

  async function putOldTls(addresses: string): Promise<void> {
    await writeCertificate('old', 200);
    await put('OLD_TLS', { ADDRESSES: addresses }, 'old');
  }

  async function writeCertificate(name: string, validDays: number): Promise<void> {
    const { certificatePem, privateKeyPem } = await certificate(validDays);
    write(folder, `${name}.pem`, certificatePem);
    chmodSync(write(folder, `${name}-key.pem`, privateKeyPem), 0o600);
  }

  async function serve(logged: (line: string) => void = () => undefined): Promise<RunningAdapter> {
    const running = await serveAdapter({
      configuration: completeConfiguration(
        loadConfiguration({ file: configuration, environment: settings, clock: systemClock }),
      ),
      clock: systemClock,
      random: systemRandom,
      log: new Writable({
        write: (chunk, _encoding, done) => {
          logged(String(chunk));
          done();
        },
      }),
    });
    ending.push(() => running.stop());
    return running;
  }

  /** Somebody else who listens there by TLS. */
  async function stranger(port: number, { certificatePem, privateKeyPem }: SelfSignedCertificate) {
    const server = createTlsServer({ cert: certificatePem, key: privateKeyPem }, (socket) => {
      socket.on('error', () => undefined);
      socket.end();
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ending.push(async () => {
      server.close();
      await once(server, 'close');
    });
  }

  async function examined(): Promise<Findings> {
    const { out } = await runCommand(['doctor', '--json', '--config', configuration], {
      environment: settings,
    });
    return report.parse(JSON.parse(out)).findings;
  }

  const of = (examination: string, findings: Findings): readonly (readonly [string, string])[] =>
    findings
      .filter((one) => one.examination === examination)
      .map(({ status, told }) => [status, told] as const);

  it('finds nobody before a start', async () => {
    await put('LEGACY');
    expect(of('served', await examined())).to.deep.equal([
      ['ok', 'nobody listens where certificates are to be shown'],
    ]);
  });

  it('tells of each listener whether it shows what its file holds, after the file was renewed too', async () => {
    const clientCaFile = write(folder, 'clients.pem', (await clientAuthority('ours')).certificatePem);
    await put('LEGACY');
    await putOldTls('127.0.0.1');
    await putMllp('127.0.0.1', { TLS__CLIENT_CA_FILE: clientCaFile });
    const operations = await put('OPERATIONS');
    await writeCertificate('server', 200);
    await serve();
    const before = await examined();
    const listeners = ['legacy', 'oldTls', 'mllp', 'operations'].map((name) => `listeners.${name}`);
    expect(of('served', before)).to.deep.equal(
      listeners.map((name) => ['ok', `${name} shows the certificate of its file`]),
    );

    for (const name of ['server', 'old']) await writeCertificate(name, 300);
    const after = await examined();
    const end = new Date(systemClock.now().getTime() + 199 * 24 * 60 * 60_000).toISOString().slice(0, 10);
    expect(of('served', after)).to.deep.equal(
      listeners.map((name) => [
        'warning',
        `${name} shows another certificate than its file holds: that one ends on ${end}`,
      ]),
    );
    for (const { examination, hint } of after)
      if (examination === 'served') expect(hint).to.contain('systemctl reload').and.contain('kill -HUP');
    expect(of('running', after).map(([, told]) => told)).to.include(
      `an adapter runs and answers at https://127.0.0.1:${operations}: it is ready`,
    );
    for (const [status, told] of of('ports', after)) {
      expect([status, told.split(') ')[1]]).to.deep.equal(['ok', 'is held by the adapter that runs']);
    }
  });

  it('leaves no line in the log of listeners that let it in', async () => {
    await put('LEGACY');
    await putOldTls('127.0.0.1');
    await putMllp('127.0.0.1');
    const lines: string[] = [];
    await serve((line) => lines.push(line));
    lines.length = 0;
    expect(of('served', await examined()).map(([status]) => status)).to.deep.equal(['ok', 'ok', 'ok']);
    expect(lines).to.deep.equal([]);
  });

  it('is content where listeners let only the addresses of clients in', async () => {
    await put('LEGACY');
    await putOldTls('192.0.2.7');
    await putMllp('192.0.2.7');
    await serve();
    const findings = await examined();
    expect(of('served', findings)).to.deep.equal([
      ['ok', 'listeners.legacy shows the certificate of its file'],
      ['ok', 'listeners.oldTls: who listens there shows this machine no certificate'],
      ['ok', 'listeners.mllp: who listens there shows this machine no certificate'],
    ]);
    expect(findings.filter(({ examination }) => examination === 'served')[2]?.hint).to.contain(
      'of its clients',
    );
  });

  it('fails for one that has ended, and tells nobody to stop an adapter', async () => {
    const port = await put('LEGACY');
    await stranger(port, await certificate(0));
    const findings = await examined();
    expect(of('served', findings)[0]?.[0]).to.equal('failed');
    expect(of('served', findings)[0]?.[1]).to.match(
      /^listeners\.legacy shows another certificate than its file holds: that one ended on [\d-]{10}$/,
    );
    const taken = findings.find(({ examination, status }) => examination === 'ports' && status === 'failed');
    expect(taken?.told).to.equal(
      `127.0.0.1:${port} (listeners.legacy) is taken, and no adapter answers at listeners.operations`,
    );
    expect(taken?.hint).to.contain('restart an adapter');
  });

  it('does not take somebody with another certificate for an adapter, nor for nobody', async () => {
    const port = await put('OPERATIONS');
    await stranger(port, await certificate(90));
    const findings = await examined();
    expect(of('running', findings)).to.deep.equal([['ok', 'no adapter answers at listeners.operations']]);
    expect(of('served', findings).map(([status]) => status)).to.deep.equal(['warning']);
    expect(findings.find(({ examination }) => examination === 'served')?.hint).to.contain(
      'see who listens there',
    );
  });

  it('tells of somebody who speaks no TLS where TLS is to be spoken', async () => {
    const server = createServer((socket) => socket.destroy());
    const port = await put('LEGACY');
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ending.push(async () => {
      server.close();
      await once(server, 'close');
    });
    expect(of('served', await examined())).to.deep.equal([
      ['warning', 'listeners.legacy: who listens there shows this machine no certificate'],
    ]);
  });
});

function certificate(validDays: number): Promise<SelfSignedCertificate> {
  return createSelfSignedCertificate({
    commonName: 'test',
    clock: systemClock,
    random: systemRandom,
    validDays,
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  server.close();
  await once(server, 'close');
  return address.port;
}
