import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import type { OnReload } from '../../src/cli/reloading.js';
import { loadConfiguration } from '../../src/config/load.js';
import { packageRoot } from '../../src/config/package-root.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { createSelfSignedCertificate } from '../../src/sandbox/self-signed-certificate.js';
import { readPage, valueOf } from '../operations/metrics/text-format.js';
import { write } from '../support/configuration-files.js';
import { hasOpenssl, PASSPHRASE, writePfx } from '../support/pfx-file.js';
import { startSandboxedAdapter, type SandboxedAdapter } from '../support/sandboxed-adapter.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const DAY = 24 * 60 * 60;
const TLS = 'PREG_ADAPTER__LISTENERS__LEGACY__TLS__';

const readiness = z.object({
  checks: z.record(
    z.string(),
    z.object({
      status: z.string(),
      reason: z.string().optional(),
      causes: z.array(z.string()).optional(),
    }),
  ),
});

describe('the certificates and the configuration of a running adapter', function () {
  this.timeout(30_000);
  const newFolder = temporaryFolders();
  let adapter: SandboxedAdapter | undefined;

  afterEach(async () => {
    await adapter?.stop();
    adapter = undefined;
  });

  async function check({ operationsUrl }: SandboxedAdapter, name: string) {
    const answer = await fetch(`${operationsUrl}/health/ready`);
    return readiness.parse(await answer.json()).checks[name];
  }

  /** In how many days the metrics say that the certificate of the legacy listener ends. */
  async function daysLeft({ operationsUrl }: SandboxedAdapter): Promise<number | undefined> {
    const page = readPage(await (await fetch(`${operationsUrl}/metrics`)).text());
    const end = valueOf(page, 'preg_adapter_certificate_expiry_timestamp_seconds', {
      certificate: 'listeners.legacy',
    });
    return end === undefined ? undefined : Math.round((end - Date.now() / 1_000) / DAY);
  }

  const reload = ({ running }: SandboxedAdapter, environment: Readonly<Record<string, string>>): void => {
    const file = join(packageRoot(), 'config', 'sandbox.yaml');
    const fresh: Parameters<OnReload>[0] = loadConfiguration({ file, clock: systemClock, environment });
    for (const one of running.onReload) one(fresh);
  };

  const pfxSettings = (file: string) => ({ [`${TLS}PFX_FILE`]: file, [`${TLS}PASSPHRASE`]: PASSPHRASE });

  async function pemSettings(folder: string, validDays: number): Promise<Record<string, string>> {
    const made = await createSelfSignedCertificate({
      commonName: 'test',
      clock: systemClock,
      random: systemRandom,
      validDays,
    });
    return {
      [`${TLS}CERTIFICATE_FILE`]: write(folder, 'cert.pem', made.certificatePem),
      [`${TLS}PRIVATE_KEY_FILE`]: write(folder, 'key.pem', made.privateKeyPem),
    };
  }

  it('warn of a PFX certificate that ends soon, in health, metrics and dashboard, until it is renewed', async function () {
    if (!hasOpenssl) this.skip();
    const folder = newFolder();
    const file = join(folder, 'both.pfx');
    await writePfx(file, folder, 11);
    adapter = await startSandboxedAdapter(pfxSettings(file));
    expect(await check(adapter, 'certificates')).to.deep.include({
      status: 'warning',
      causes: ['listeners.legacy ends'],
    });
    expect(await daysLeft(adapter)).to.equal(10);
    const page = await (await fetch(`${adapter.operationsUrl}/?lang=en`)).text();
    expect(page).to.contain('Certificate of listeners.legacy');
    await writePfx(file, folder, 101);
    reload(adapter, pfxSettings(file));
    await adapter.says(
      /"new connections are shown a new certificate".*"setting":"listeners\.legacy".*"endsAt":"/,
    );
    expect(await check(adapter, 'certificates')).to.deep.equal({ status: 'ok' });
    expect(await daysLeft(adapter)).to.equal(100);
  });

  it('know the end after a reload from PEM to PFX, and of what was read last', async function () {
    if (!hasOpenssl) this.skip();
    const folder = newFolder();
    const file = join(folder, 'both.pfx');
    await writePfx(file, folder, 11);
    const pem = await pemSettings(folder, 51);
    adapter = await startSandboxedAdapter(pem);
    expect([await daysLeft(adapter), await check(adapter, 'certificates')]).to.deep.equal([
      50,
      { status: 'ok' },
    ]);
    reload(adapter, pfxSettings(file));
    await adapter.says(/"endsAt":"/);
    expect(await daysLeft(adapter)).to.equal(10);
    expect((await check(adapter, 'certificates'))?.status).to.equal('warning');
    // To PFX and back at once: the longer way there must not be heard last.
    reload(adapter, pem);
    reload(adapter, pfxSettings(file));
    reload(adapter, pem);
    await adapter.says(/("endsAt":"[^]*){4}/);
    expect(await daysLeft(adapter)).to.equal(50);
  });

  it('show in health what a reload met with', async () => {
    adapter = await startSandboxedAdapter();
    expect((await check(adapter, 'configuration'))?.status).to.equal('ok');
    const { events } = adapter.running;
    events.emit('configurationReloaded', { applied: [], awaitingRestart: ['data.directory'] });
    events.emit('configurationRefused', { problems: ['clients: found nothing'] });
    expect(await check(adapter, 'configuration')).to.deep.include({
      status: 'warning',
      causes: ['refused', 'restart'],
    });
    events.emit('certificateUnusable', { setting: 'listeners.legacy', problem: 'ENOENT' });
    expect((await check(adapter, 'certificates'))?.causes).to.deep.equal(['listeners.legacy unusable']);
    events.emit('configurationReloaded', { applied: [], awaitingRestart: [] });
    for (const name of ['configuration', 'certificates'])
      expect(await check(adapter, name)).to.deep.equal({ status: 'ok' });
  });
});
