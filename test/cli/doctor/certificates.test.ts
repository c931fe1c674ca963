import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { systemClock } from '../../../src/runtime/system-clock.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import { createSelfSignedCertificate } from '../../../src/sandbox/self-signed-certificate.js';
import { clientAuthority } from '../../support/client-certificates.js';
import { runCommand } from '../../support/command-line.js';
import { smallest, write } from '../../support/configuration-files.js';
import { hasOpenssl, PASSPHRASE, writePfx } from '../../support/pfx-file.js';
import { temporaryFolders } from '../../support/temporary-folder.js';

const report = z.object({
  findings: z.array(
    z.object({
      examination: z.string(),
      status: z.string(),
      told: z.string(),
      hint: z.string().optional(),
    }),
  ),
});

describe('the doctor looks at certificates', function () {
  this.timeout(20_000);
  const newFolder = temporaryFolders();

  /** What is found of the certificates of a configuration with these settings. */
  async function found(
    folder: string,
    settings: Readonly<Record<string, string>>,
  ): Promise<z.infer<typeof report>['findings']> {
    const config = write(folder, 'c.yaml', smallest.replace('directory: data', `directory: ${folder}/data`));
    const { out } = await runCommand(['doctor', '--json', '--config', config], {
      environment: {
        PREG_ADAPTER__SANDBOX__PORT: '0',
        PREG_ADAPTER__LISTENERS__LEGACY__PORT: '0',
        PREG_ADAPTER__LISTENERS__OPERATIONS__PORT: '0',
        ...settings,
      },
    });
    const { findings } = report.parse(JSON.parse(out));
    expect(
      findings.filter(({ examination }) => examination === 'configuration').map(({ status }) => status),
    ).to.deep.equal(['ok']);
    return findings.filter(({ examination }) => examination === 'certificates');
  }

  function pemSettings(folder: string, cert: string, key: string): Record<string, string> {
    return {
      PREG_ADAPTER__LISTENERS__LEGACY__TLS__CERTIFICATE_FILE: write(folder, 'cert.pem', cert),
      PREG_ADAPTER__LISTENERS__LEGACY__TLS__PRIVATE_KEY_FILE: write(folder, 'key.pem', key),
    };
  }

  const selfSigned = (validDays: number): ReturnType<typeof createSelfSignedCertificate> =>
    createSelfSignedCertificate({ commonName: 'test', clock: systemClock, random: systemRandom, validDays });

  it('warns of one that ends soon, and tells how soon', async () => {
    const folder = newFolder();
    const { certificatePem, privateKeyPem } = await selfSigned(21);
    const [first, ...more] = await found(folder, pemSettings(folder, certificatePem, privateKeyPem));
    expect(more).to.deep.equal([]);
    expect(first?.status).to.equal('warning');
    expect(first?.told).to.match(/^listeners\.legacy\.tls: the certificate ends on [\d-]{10}, in 19 days$/);
    expect(first?.hint).to.contain('Renew');
  });

  it('looks at that of the listener for old TLS, too', async () => {
    const folder = newFolder();
    const { certificatePem, privateKeyPem } = await selfSigned(21);
    const old = 'PREG_ADAPTER__LISTENERS__OLD_TLS__';
    const findings = await found(folder, {
      [`${old}PORT`]: '0',
      [`${old}ADDRESSES`]: '127.0.0.1',
      [`${old}TLS__CERTIFICATE_FILE`]: write(folder, 'cert.pem', certificatePem),
      [`${old}TLS__PRIVATE_KEY_FILE`]: write(folder, 'key.pem', privateKeyPem),
    });
    const ofOldTls = findings.filter(({ told }) =>
      told.startsWith('listeners.oldTls.tls: the certificate ends'),
    );
    expect(ofOldTls, 'told once').to.have.length(1);
    expect(ofOldTls[0]?.told).to.match(
      /^listeners\.oldTls\.tls: the certificate ends on [\d-]{10}, in 19 days$/,
    );
  });

  it('is content with one whose issuer stands behind it, and warns of one that somebody else issued', async () => {
    const folder = newFolder();
    const [own, foreign] = await Promise.all([clientAuthority('own'), clientAuthority('foreign')]);
    // A month more than a day is not to be had of it, so only its order is looked at.
    const { cert, key } = await own.issue('localhost');
    const order = async (behind: string): Promise<boolean> =>
      (await found(folder, pemSettings(folder, `${cert}\n${behind}`, key))).some(({ told }) =>
        told.includes('is not issued by the one behind it'),
      );
    expect(await order(own.certificatePem)).to.equal(false);
    expect(await order(foreign.certificatePem)).to.equal(true);
  });

  it('warns of one that is trusted and ends soon', async () => {
    const folder = newFolder();
    const { certificatePem } = await selfSigned(5);
    const findings = await found(folder, {
      PREG_ADAPTER__OUTBOUND__CA_FILE: write(folder, 'ca.pem', certificatePem),
    });
    expect(findings.map(({ status, told }) => [status, told.split(':')[0]])).to.deep.equal([
      ['ok', 'listeners.legacy.tls'],
      ['warning', 'outbound.caFile'],
    ]);
  });

  it('reads one in a PFX file', async function () {
    if (!hasOpenssl) this.skip();
    const folder = newFolder();
    const pfx = join(folder, 'both.pfx');
    await writePfx(pfx, folder, 21);
    const [first] = await found(folder, {
      PREG_ADAPTER__LISTENERS__LEGACY__TLS__PFX_FILE: pfx,
      PREG_ADAPTER__LISTENERS__LEGACY__TLS__PASSPHRASE: PASSPHRASE,
    });
    expect(first?.told).to.match(/the certificate ends on [\d-]{10}, in 19 days$/);
  });
});
