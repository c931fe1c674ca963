import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect } from 'chai';
import BetterSqlite3 from 'better-sqlite3';
import { z } from 'zod';
import { serveAdapter, type RunningAdapter } from '../../../src/cli/adapter-process.js';
import { examinations } from '../../../src/cli/doctor/examinations.js';
import { completeConfiguration } from '../../../src/config/adapter-configuration.js';
import { loadConfiguration } from '../../../src/config/load.js';
import { packageRoot } from '../../../src/config/package-root.js';
import { systemClock } from '../../../src/runtime/system-clock.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { tokenEndpointError } from '../../../src/sandbox/helseid/token-faults.js';
import { DATABASE_FILE } from '../../../src/store/database.js';
import { startTestSandbox } from '../../sandbox/support/sandbox-client.js';
import { auditEntry } from '../../store/store-fixture.js';
import { runCommand, type CommandResult } from '../../support/command-line.js';
import { smallest, write } from '../../support/configuration-files.js';
import { hospitalClient, hospitalOnSandbox, type HospitalFiles } from '../../support/hospital-on-sandbox.js';
import { temporaryFolders } from '../../support/temporary-folder.js';

const report = z.object({
  at: z.iso.datetime(),
  verdict: z.enum(['ok', 'warning', 'failed']),
  findings: z.array(
    z.object({
      examination: z.string(),
      status: z.enum(['ok', 'warning', 'failed']),
      told: z.string(),
      hint: z.string().optional(),
    }),
  ),
});

type Findings = z.infer<typeof report>['findings'];

describe('preg-adapter doctor', function () {
  this.timeout(30_000);
  const newFolder = temporaryFolders();
  let folder: string;
  let sandbox: Sandbox;
  let files: HospitalFiles;

  beforeEach(async () => {
    const client = await hospitalClient();
    sandbox = await startTestSandbox({ clients: [client.registered] });
    folder = newFolder();
    files = await hospitalOnSandbox(folder, sandbox, client);
    chmodSync(files.configuration, 0o600);
    chmodSync(join(folder, 'server-key.pem'), 0o600);
  });

  afterEach(() => sandbox.stop());

  const settings: Record<string, string> = {};
  beforeEach(() => {
    for (const name of Object.keys(settings)) Reflect.deleteProperty(settings, name);
    // An adapter that has just started is not ready before it has asked.
    settings['PREG_ADAPTER__UPSTREAM__PROBE_SECONDS'] = '0';
  });

  const doctor = (...more: readonly string[]): Promise<CommandResult> =>
    runCommand(['doctor', '--config', files.configuration, ...more], { environment: settings });

  /** What is found, and the exit code. */
  async function examined(): Promise<{
    readonly code: number;
    readonly findings: Findings;
    readonly verdict: string;
  }> {
    const { code, out } = await doctor('--json');
    return { code, ...report.parse(JSON.parse(out)) };
  }

  /** What is not well, as `status examination`. */
  const troubles = (findings: Findings): readonly string[] =>
    findings
      .filter(({ status }) => status !== 'ok')
      .map(({ status, examination }) => `${status} ${examination}`);

  async function serve(): Promise<RunningAdapter> {
    const configuration = completeConfiguration(
      loadConfiguration({ file: files.configuration, environment: settings, clock: systemClock }),
    );
    return serveAdapter({
      configuration,
      clock: systemClock,
      random: systemRandom,
      log: new Writable({
        write: (_chunk, _encoding, done) => {
          done();
        },
      }),
    });
  }

  it('finds everything well where it is, with exit code 0', async () => {
    const { code, out, err } = await doctor();
    expect([code, err]).to.deep.equal([0, '']);
    expect(out).to.match(/\nAll is well\.\n$/);
    for (const name of [
      'configuration',
      'ports',
      'certificates',
      'secrets',
      'store',
      'clock',
      'token',
      'persontjenesten',
    ]) {
      expect(out).to.match(new RegExp(`^ok +${name} `, 'm'));
    }
  });

  it('asks about nobody, and leaves nothing behind', async () => {
    await doctor();
    expect(sandbox.requests.all().filter(({ path }) => /person|search/.test(path))).to.deep.equal([]);
    const { findings } = await examined();
    expect(findings.find(({ examination }) => examination === 'store')?.told).to.contain('no database');
  });

  it('tells JSON with a hint for whatever is not well', async () => {
    sandbox.faults.always('helseid', tokenEndpointError('invalid_client'));
    const { code, verdict, findings } = await examined();
    expect([code, verdict]).to.deep.equal([1, 'failed']);
    for (const { status, hint } of findings) if (status !== 'ok') expect(hint).to.match(/\w/);
  });

  it('names each problem of a configuration that cannot be read, and looks no further', async () => {
    const file = write(newFolder(), 'c.yaml', smallest.replace('hl7v3', 'hl7v4').replace('999999999', '12'));
    const { code, out } = await runCommand(['doctor', '--config', file]);
    expect(code).to.equal(1);
    expect(out).to.match(/^failed +configuration +clients\[0\]\.protocols/m);
    expect(out).to.match(/^failed +configuration +clients\[0\]\.organisation\.parent/m);
    expect(out).to.not.match(/token/);
  });

  it('tells what HelseID has against the client, and what to do', async () => {
    sandbox.faults.always('helseid', tokenEndpointError('invalid_client'));
    const { code, findings } = await examined();
    expect(code).to.equal(1);
    expect(troubles(findings)).to.deep.equal(['failed token']);
    const token = findings.find(({ status }) => status === 'failed');
    expect(token?.told).to.contain('does not know the client').and.to.contain('epj-sandbox');
    expect(token?.hint).to.contain('self service');
  });

  it('tells that HelseID is not reached', async () => {
    settings['PREG_ADAPTER__HELSEID__ISSUER'] = 'https://127.0.0.1:1';
    const { findings } = await examined();
    expect(troubles(findings)).to.deep.equal(['warning clock', 'failed token']);
  });

  it('tells that Persontjenesten is not reached, answers 5xx, or lets nobody in', async () => {
    settings['PREG_ADAPTER__PERSONTJENESTEN__BASE_URL'] = 'https://127.0.0.1:1';
    expect(troubles((await examined()).findings)).to.deep.equal(['warning clock', 'failed persontjenesten']);
    Reflect.deleteProperty(settings, 'PREG_ADAPTER__PERSONTJENESTEN__BASE_URL');
    sandbox.faults.always('persontjenesten', { kind: 'server-error', status: 503 });
    expect(troubles((await examined()).findings)).to.deep.equal(['failed persontjenesten']);
    sandbox.faults.clear();
    sandbox.faults.always('persontjenesten', { kind: 'answer', status: 403 }, { path: '/event' });
    const { findings } = await examined();
    expect(troubles(findings)).to.deep.equal(['failed persontjenesten']);
    expect(findings.find(({ status }) => status === 'failed')?.hint).to.contain('let in');
  });

  for (const [seconds, found] of [
    [-4, 'warning clock'],
    [-60, 'failed clock'],
    [60, 'failed clock'],
  ] as const) {
    it(`tells of a HelseID whose clock is ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead'}`, async () => {
      sandbox.faults.always('helseid', { kind: 'skewed-clock', seconds }, { path: '/.well-known' });
      const { findings } = await examined();
      expect(troubles(findings)).to.deep.equal([found]);
      expect(findings.find(({ status }) => status !== 'ok')?.told).to.contain(
        seconds < 0 ? 'ahead of' : 'behind',
      );
    });
  }

  it('tells of a port that another program holds, and of one that the running adapter does', async () => {
    const { port, close } = await heldPort();
    settings['PREG_ADAPTER__LISTENERS__OPERATIONS__PORT'] = String(port);
    expect(troubles((await examined()).findings)).to.deep.equal(['failed ports']);
    await close();
    const running = await serve();
    try {
      const { code, findings } = await examined();
      expect([code, troubles(findings)]).to.deep.equal([0, []]);
      expect(findings.map(({ told }) => told)).to.include(
        `127.0.0.1:${port} (listeners.operations) is held by the adapter that runs`,
      );
      expect(
        findings.some(({ examination, told }) => examination === 'running' && told.includes('it is ready')),
      ).to.equal(true);
    } finally {
      await running.stop();
    }
  });

  it('passes on what a running adapter says of itself, and asks it by TLS where it has that', async () => {
    const { port, close } = await heldPort();
    await close();
    settings['PREG_ADAPTER__LISTENERS__OPERATIONS__PORT'] = String(port);
    settings['PREG_ADAPTER__LISTENERS__OPERATIONS__TLS__CERTIFICATE_FILE'] = join(folder, 'server.pem');
    settings['PREG_ADAPTER__LISTENERS__OPERATIONS__TLS__PRIVATE_KEY_FILE'] = join(folder, 'server-key.pem');
    const running = await serve();
    try {
      running.events.emit('breakerChanged', { state: 'open', retryInSeconds: 60 });
      const { code, findings } = await examined();
      expect([code, troubles(findings)]).to.deep.equal([1, ['failed running']]);
      expect(findings.find(({ status }) => status === 'failed')?.told).to.contain(
        'persontjenesten: too many calls',
      );
    } finally {
      await running.stop();
    }
  });

  it('tells of a port that the running adapter does not hold', async () => {
    const [one, other] = [await heldPort(), await heldPort()];
    await Promise.all([one.close(), other.close()]);
    settings['PREG_ADAPTER__LISTENERS__OPERATIONS__PORT'] = String(one.port);
    const running = await serve();
    try {
      settings['PREG_ADAPTER__LISTENERS__LEGACY__PORT'] = String(other.port);
      expect(troubles((await examined()).findings)).to.deep.equal(['warning ports']);
    } finally {
      await running.stop();
    }
  });

  it('tells of secrets that others may read or replace', async () => {
    chmodSync(files.key, 0o604);
    expect(troubles((await examined()).findings)).to.deep.equal(['warning secrets']);
    chmodSync(files.key, 0o606);
    const { findings } = await examined();
    expect(troubles(findings)).to.deep.equal(['failed secrets']);
    expect(findings.find(({ status }) => status === 'failed')?.hint).to.equal(`chmod o-rwx ${files.key}`);
    chmodSync(files.key, 0o600);
    // It holds the keys of the store itself.
    chmodSync(files.configuration, 0o644);
    expect(troubles((await examined()).findings)).to.deep.equal(['warning secrets']);
  });

  it('tells of a certificate for another name than clients call by', async () => {
    settings['PREG_ADAPTER__PUBLIC_BASE_URL'] = 'https://preg.hospital.invalid';
    expect(troubles((await examined()).findings)).to.deep.equal(['failed certificates']);
    settings['PREG_ADAPTER__PUBLIC_BASE_URL'] = 'https://localhost';
    expect(troubles((await examined()).findings)).to.deep.equal([]);
  });

  describe('in a store', () => {
    const database = (): BetterSqlite3.Database =>
      new BetterSqlite3(join(folder, 'data', DATABASE_FILE), { fileMustExist: true });

    beforeEach(async () => {
      const running = await serve();
      running.audit.record([auditEntry()]);
      await running.stop();
    });

    it('finds all well', async () => {
      const { code, findings } = await examined();
      expect([code, troubles(findings)]).to.deep.equal([0, []]);
      expect(findings.map(({ told }) => told)).to.include('the audit trail ends as it was left');
    });

    for (const [what, sql] of [
      ['an entry that was changed', "UPDATE audit_entry SET link = 'ffffffffffffffffffffffffffffffff'"],
      ['the last entry gone', 'DELETE FROM audit_entry'],
      ['an end that was changed', "UPDATE audit_chain SET seal = 'x'"],
    ] as const) {
      it(`finds ${what}`, async () => {
        const opened = database();
        opened.exec(sql);
        opened.close();
        const { code, findings } = await examined();
        expect([code, troubles(findings)]).to.deep.equal([1, ['failed store']]);
        expect(findings.find(({ status }) => status === 'failed')?.hint).to.contain('audit verify');
      });
    }

    it('finds a schema of a newer program, and changes nothing of an older one', async () => {
      const opened = database();
      const version = z.number().parse(opened.pragma('user_version', { simple: true }));
      opened.pragma(`user_version = ${version + 1}`);
      expect(troubles((await examined()).findings)).to.deep.equal(['failed store']);
      opened.pragma(`user_version = ${version - 1}`);
      expect(troubles((await examined()).findings)).to.deep.equal(['warning store']);
      expect(opened.pragma('user_version', { simple: true })).to.equal(version - 1);
      opened.close();
    });

    it('finds a database that is none', async () => {
      writeFileSync(join(folder, 'data', DATABASE_FILE), 'x'.repeat(8_192));
      expect(troubles((await examined()).findings)).to.deep.equal(['failed store']);
    });
  });

  it('warns of each client that may still come in by its previous password', async () => {
    const configuration = JSON.parse(readFileSync(files.configuration, 'utf8')) as unknown;
    const parsed = z.looseObject({ clients: z.array(z.looseObject({})) }).parse(configuration);
    const clients = parsed.clients.map((one) => ({ ...one, previousPasswordHash: one['passwordHash'] }));
    writeFileSync(files.configuration, JSON.stringify({ ...parsed, clients }));
    const { code, findings } = await examined();
    expect([code, troubles(findings)]).to.deep.equal([0, ['warning configuration']]);
    const found = findings.find(({ status }) => status === 'warning');
    expect(found?.told).to.equal('client epj-sandbox may still come in by its previous password');
    expect(found?.hint).to.contain('take previousPasswordHash out');
  });

  it('finds a drop folder that is not there', async () => {
    const configuration = JSON.parse(readFileSync(files.configuration, 'utf8')) as unknown;
    const parsed = z.looseObject({ clients: z.array(z.looseObject({})) }).parse(configuration);
    const drop = join(folder, 'drop');
    const clients = parsed.clients.map((one) => ({
      ...one,
      protocols: ['filematch'],
      filematch: { folder: drop },
    }));
    writeFileSync(files.configuration, JSON.stringify({ ...parsed, clients }));
    expect(troubles((await examined()).findings)).to.deep.equal(['failed folders']);
    mkdirSync(drop);
    expect(troubles((await examined()).findings)).to.deep.equal([]);
  });

  it('brings a sandbox of its own up for a configuration that has one', async () => {
    const { code, out } = await runCommand(['doctor'], {
      environment: {
        PREG_ADAPTER__DATA__DIRECTORY: join(folder, 'sandbox'),
        PREG_ADAPTER__SANDBOX__PORT: '0',
        PREG_ADAPTER__SANDBOX__PREG__PORT: '0',
        PREG_ADAPTER__LISTENERS__LEGACY__PORT: '0',
        PREG_ADAPTER__LISTENERS__MLLP__PORT: '0',
        PREG_ADAPTER__LISTENERS__OPERATIONS__PORT: '0',
      },
    });
    expect(code).to.equal(0);
    expect(out).to.match(/^ok +preg +PREG answers at cutover\.preg\.hl7v3Url$/m);
  });

  it('has a row in docs/doctor.md for each examination, and no other', () => {
    const text = readFileSync(join(packageRoot(), 'docs', 'doctor.md'), 'utf8');
    const [, section = ''] = text.split(/^## What is examined$/m);
    const rows = [...(section.split(/^## /m)[0] ?? '').matchAll(/^\| `([a-z]+)` \|/gm)].map(
      ([, name]) => name,
    );
    expect(rows).to.deep.equal(examinations.map(([name]) => name));
  });
});

/** A port of this machine that somebody listens on. */
async function heldPort(): Promise<{ readonly port: number; readonly close: () => Promise<unknown> }> {
  const server: Server = createServer((socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    close: () => {
      server.close();
      return once(server, 'close');
    },
  };
}
