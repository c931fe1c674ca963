import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { createSelfSignedCertificate } from '../../src/sandbox/self-signed-certificate.js';

/** Whether this machine can make PFX files: Node.js cannot. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** The passphrase of the files. */
export const PASSPHRASE = 'hush';

/** Writes a PFX file with a certificate of its own that is valid for so many days, a day of which has passed. */
export async function writePfx(file: string, folder: string, validDays: number): Promise<void> {
  const { certificatePem, privateKeyPem } = await createSelfSignedCertificate({
    commonName: 'test',
    clock: systemClock,
    random: systemRandom,
    validDays,
  });
  const [cert, key] = [join(folder, 'for-pfx.pem'), join(folder, 'key-for-pfx.pem')];
  writeFileSync(cert, certificatePem);
  writeFileSync(key, privateKeyPem);
  const args = [
    'pkcs12',
    '-export',
    '-in',
    cert,
    '-inkey',
    key,
    '-out',
    file,
    '-passout',
    `pass:${PASSPHRASE}`,
  ];
  expect(spawnSync('openssl', args).status).to.equal(0);
  for (const one of [cert, key]) rmSync(one);
}
