import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { get as httpGet } from 'node:http';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect, type SecureVersion } from 'node:tls';
import { expect } from 'chai';
import { z } from 'zod';
import { createSelfSignedCertificate } from '../../src/sandbox/self-signed-certificate.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { write } from '../support/configuration-files.js';
import { getDemographics, postSoap } from '../support/get-demographics.js';
import { HL7V3_PATH } from '../support/get-demographics-request.js';
import { RawConnection } from '../support/raw-connection.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';

const OPENSSL = spawnSync('openssl', ['version']).status === 0;
const OLD = 'PREG_ADAPTER__LISTENERS__OLD_TLS__';
const MLLP = 'PREG_ADAPTER__LISTENERS__MLLP__TLS__';

const VERSIONS = {
  TLSv1: '-tls1',
  'TLSv1.1': '-tls1_1',
  'TLSv1.2': '-tls1_2',
  'TLSv1.3': '-tls1_3',
} as const satisfies Record<SecureVersion, string>;

const readiness = z.object({
  status: z.string(),
  checks: z.record(z.string(), z.object({ status: z.string(), reason: z.string().optional() })),
});

describe('TLS versions', function () {
  this.timeout(60_000);
  let adapter: SandboxedAdapter;
  let folder: string;
  let ports: Record<'legacy' | 'mllp' | 'oldTls', number>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'old-tls-'));
    adapter = await startSandboxedAdapter({
      ...(await certificate('old', OLD + 'TLS__')),
      ...(await certificate('mllp', MLLP)),
      [`${OLD}PORT`]: '0',
      [`${OLD}ADDRESSES`]: '127.0.0.1,127.0.0.3',
      [`${OLD}MAX_CONNECTIONS`]: '3',
    });
    const { legacy, mllp, oldTls } = adapter.running;
    ports = { legacy: legacy.port, mllp: mllp?.port ?? 0, oldTls: oldTls?.port ?? 0 };
  });

  after(async () => {
    await adapter.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function certificate(name: string, settings: string): Promise<Record<string, string>> {
    const { certificatePem, privateKeyPem } = await createSelfSignedCertificate({
      commonName: name,
      clock: systemClock,
      random: systemRandom,
    });
    return {
      [`${settings}CERTIFICATE_FILE`]: write(folder, `${name}.pem`, certificatePem),
      [`${settings}PRIVATE_KEY_FILE`]: write(folder, `${name}-key.pem`, privateKeyPem),
    };
  }

  for (const [listener, spoken] of [
    ['legacy', ['TLSv1.2', 'TLSv1.3']],
    ['mllp', ['TLSv1.2', 'TLSv1.3']],
    ['oldTls', ['TLSv1', 'TLSv1.1', 'TLSv1.2']],
  ] as const) {
    it(`are those of TLS 1.2 and newer, and older ones where they are asked for: ${listener}`, async () => {
      const found = [];
      for (const version of versions) if (await speaks(ports[listener], version)) found.push(version);
      expect(found).to.deep.equal(spoken);
    });

    it(`are the same as openssl s_client sees it: ${listener}`, async function () {
      if (!OPENSSL) this.skip();
      const found = [];
      for (const version of versions) {
        if (await clientConnects(ports[listener], VERSIONS[version], 'ALL:@SECLEVEL=0')) found.push(version);
      }
      expect(found).to.deep.equal(spoken);
    });

    it(`come with no cipher that is anonymous, in clear or out of use: ${listener}`, async function () {
      if (!OPENSSL) this.skip();
      const weak = 'aNULL:eNULL:EXPORT:RC4:3DES:DES:MD5:PSK:CAMELLIA:SEED:@SECLEVEL=0';
      expect(await clientConnects(ports[listener], '-no_tls1_3', weak)).to.equal(false);
    });
  }

  describe('of the listener for old TLS', () => {
    it('give the same services', async () => {
      for (const [port, version] of [
        [ports.oldTls, 'TLSv1'],
        [ports.legacy, 'TLSv1.2'],
      ] as const) {
        const agent = new Agent({ ...only(version), rejectUnauthorized: false });
        const { status } = await postSoap(
          `https://127.0.0.1:${port}${HL7V3_PATH}`,
          getDemographics('11868426235'),
          agent,
        );
        agent.destroy();
        expect(status, version).to.equal(200);
      }
    });

    it('show in readiness, which they do not spoil', async () => {
      const response = await new Promise<Parameters<typeof text>[0]>((resolve) => {
        httpGet(`${adapter.operationsUrl}/health/ready`, resolve);
      });
      const { status, checks } = readiness.parse(JSON.parse(await text(response)));
      expect(status).to.equal('ready');
      expect(checks['oldTls']).to.deep.equal({
        status: 'warning',
        reason: 'listeners.oldTls serves by TLS 1.0 and newer',
      });
    });

    it('are for known addresses alone, which are judged before anything is read', async () => {
      const stranger = await RawConnection.open(ports.oldTls, '127.0.0.2');
      expect(await stranger.untilClosed()).to.equal('');
      await adapter.says(/"listener":"oldTls","remoteAddress":"127\.0\.0\.2","reason":"unknown-address"/);
    });

    it('have connections of their own: however many there are, the other listener does not notice', async () => {
      const held = await Promise.all([1, 2, 3].map(() => RawConnection.open(ports.oldTls)));
      const beyond = await RawConnection.open(ports.oldTls);
      expect(await beyond.untilClosed()).to.equal('');
      expect(await speaks(ports.legacy, 'TLSv1.2')).to.equal(true);
      for (const one of held) one.close();
    });
  });
});

describe('TLS versions without settings for old TLS', () => {
  it('have no listener for it, and nothing to show', async function () {
    this.timeout(30_000);
    const adapter = await startSandboxedAdapter();
    try {
      expect(adapter.running.oldTls).to.equal(undefined);
      const response = await new Promise<Parameters<typeof text>[0]>((resolve) => {
        httpGet(`${adapter.operationsUrl}/health/ready`, resolve);
      });
      expect(readiness.parse(JSON.parse(await text(response))).checks).to.not.have.property('oldTls');
    } finally {
      await adapter.stop();
    }
  });
});

const versions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/** What a client has that knows no other version. */
function only(version: SecureVersion): {
  minVersion: SecureVersion;
  maxVersion: SecureVersion;
  ciphers: string;
} {
  const ciphers = version === 'TLSv1.3' ? 'TLS_AES_128_GCM_SHA256' : 'ALL:@SECLEVEL=0';
  return { minVersion: version, maxVersion: version, ciphers };
}

function speaks(port: number, version: SecureVersion): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...only(version) });
    const tell = (connected: boolean): void => {
      socket.destroy();
      resolve(connected);
    };
    socket.once('secureConnect', () => {
      tell(socket.getProtocol() === version);
    });
    socket.once('error', () => {
      tell(false);
    });
    socket.once('close', () => {
      tell(false);
    });
  });
}

/** Whether OpenSSL's own client gets a connection. Beside this process, which has to answer meanwhile. */
function clientConnects(port: number, version: string, ciphers: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = spawn(
      'openssl',
      ['s_client', '-connect', `127.0.0.1:${port}`, version, '-cipher', ciphers, '-brief'],
      // The system's own configuration may forbid old versions.
      { env: { ...process.env, OPENSSL_CONF: '/dev/null' }, stdio: ['pipe', 'pipe', 'pipe'] },
    );
    let said = '';
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      if (said.includes('CONNECTION ESTABLISHED')) client.stdin.end();
    };
    client.stdout.on('data', hear);
    client.stderr.on('data', hear);
    client.stdin.on('error', () => undefined);
    client.once('close', () => {
      resolve(said.includes('CONNECTION ESTABLISHED'));
    });
  });
}
