import { X509Certificate, createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import {
  createSelfSignedCertificate,
  type SelfSignedCertificate,
} from '../sandbox/self-signed-certificate.js';
import { OWN_FILE_PREFIX, prepareDataDirectory } from '../store/data-directory.js';
import { StoreUnavailable, reasonOf } from '../store/store-errors.js';

/** A certificate with fewer days than this left is replaced at the start. */
const RENEW_DAYS = 30;
const DAY = 24 * 60 * 60 * 1000;

/** Where the sandbox's certificate lies, for clients to trust. */
export function sandboxCertificateFile(directory: string): string {
  return join(directory, `${OWN_FILE_PREFIX}sandbox-certificate.pem`);
}

/**
 * The sandbox's certificate, made at the first start and kept beside the data, so that a client that trusts it goes on
 * doing so. Made anew when it is about to expire or cannot be used.
 * @throws StoreUnavailable
 */
export async function loadOrCreateSandboxCertificate(
  directory: string,
  clock: Clock,
  random: Random,
): Promise<SelfSignedCertificate> {
  prepareDataDirectory(directory);
  const certificateFile = sandboxCertificateFile(directory);
  const keyFile = join(directory, `${OWN_FILE_PREFIX}sandbox-key.pem`);
  try {
    const kept = readKept(certificateFile, keyFile);
    if (kept !== undefined && isUsable(kept, clock.now())) return kept;
    const made = await createSelfSignedCertificate({ commonName: 'localhost', clock, random });
    writeAside(keyFile, made.privateKeyPem);
    writeAside(certificateFile, made.certificatePem);
    return made;
  } catch (error) {
    throw new StoreUnavailable(directory, reasonOf(error), error);
  }
}

function readKept(certificateFile: string, keyFile: string): SelfSignedCertificate | undefined {
  if (!existsSync(certificateFile) || !existsSync(keyFile)) return undefined;
  return {
    certificatePem: readFileSync(certificateFile, 'utf8'),
    privateKeyPem: readFileSync(keyFile, 'utf8'),
  };
}

function isUsable({ certificatePem, privateKeyPem }: SelfSignedCertificate, now: Date): boolean {
  try {
    const certificate = new X509Certificate(certificatePem);
    const daysLeft = (Date.parse(certificate.validTo) - now.getTime()) / DAY;
    return daysLeft > RENEW_DAYS && certificate.checkPrivateKey(createPrivateKey(privateKeyPem));
  } catch {
    // Not a certificate and its key: somebody's editor, or half a copy. A new pair takes their place.
    return false;
  }
}

function writeAside(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
