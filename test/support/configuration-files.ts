import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatPasswordHash } from '../../src/access/password-hash.js';
import { createSelfSignedCertificate } from '../../src/sandbox/self-signed-certificate.js';
import type { Clock } from '../../src/runtime/clock.js';
import { CountedRandom } from './counted-random.js';

/** A password hash that has the right form; nobody knows its password. */
export const someHash = formatPasswordHash({
  cost: 32768,
  blockSize: 8,
  parallelization: 1,
  salt: new Uint8Array(16).fill(7),
  key: new Uint8Array(32).fill(9),
});

/** A key of 256 bits in base64, and the octets behind it. */
export const someKey = Buffer.alloc(32, 5).toString('base64');

/** A private JWK that can sign. */
export const someJwk = JSON.stringify({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
  kid: 'k1',
  alg: 'ES256',
});

/** The smallest configuration: the sandbox and one client. */
export const smallest = `
data:
  directory: data
sandbox: {}
clients:
  - id: epj
    username: epj
    passwordHash: ${someHash}
    protocols: [hl7v3]
    organisation: { parent: 999999999 }
`;

/** Writes a file, with the folders above it, and gives its name. */
export function write(folder: string, name: string, content: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** A certificate and its key, made once per clock's time. */
export function someCertificate(clock: Clock): ReturnType<typeof createSelfSignedCertificate> {
  return createSelfSignedCertificate({
    commonName: 'test',
    clock,
    random: new CountedRandom(),
    validDays: 30,
  });
}
