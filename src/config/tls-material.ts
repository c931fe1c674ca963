import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { errorCode } from '../errors/error-code.js';
import type { TlsSource } from './adapter-configuration.js';
import type { ConfigurationProblem } from './problems.js';

/** Certificate with chain, and key, in the form that node:https takes. */
export type TlsMaterial =
  | { readonly cert: Buffer | string; readonly key: Buffer | string; readonly passphrase?: string }
  | { readonly pfx: Buffer; readonly passphrase?: string };

/** Reads certificate and key. @throws what node:fs throws when a file cannot be read. */
export function readTlsMaterial(source: TlsSource): TlsMaterial {
  switch (source.kind) {
    case 'pem':
      return { cert: source.certificatePem, key: source.privateKeyPem };
    case 'pem-files':
      return {
        cert: readFileSync(source.certificateFile),
        key: readFileSync(source.privateKeyFile),
        ...optionalPassphrase(source.passphrase),
      };
    case 'pfx-file':
      return { pfx: readFileSync(source.pfxFile), ...optionalPassphrase(source.passphrase) };
  }
}

/**
 * What is wrong with a listener's certificate: unreadable, not one, not of this key, or past its time.
 * @param path - the settings of the certificate
 */
export function certificateProblems(path: string, source: TlsSource, now: Date): ConfigurationProblem[] {
  const unreadable = filesOf(source).flatMap(([name, file]) => unreadableFile(`${path}.${name}`, file));
  if (unreadable.length > 0) return unreadable;
  const material = readTlsMaterial(source);
  try {
    createSecureContext(material);
  } catch (error) {
    return [
      {
        path,
        found: `a certificate and key that OpenSSL refuses (${errorCode(error) ?? reasonOf(error)})`,
        expected: 'a certificate, its own private key, and the right passphrase',
      },
    ];
  }
  return 'cert' in material ? validityProblems(`${path}.certificateFile`, material.cert, now) : [];
}

/** What is wrong with a file of certificates to trust. */
export function trustProblems(path: string, file: string): ConfigurationProblem[] {
  const unreadable = unreadableFile(path, file);
  if (unreadable.length > 0) return unreadable;
  try {
    createSecureContext({ ca: readFileSync(file) });
    new X509Certificate(readFileSync(file));
    return [];
  } catch {
    return [{ path, found: 'a file without certificates', expected: 'a file with certificates in PEM' }];
  }
}

function filesOf(source: TlsSource): [string, string][] {
  switch (source.kind) {
    case 'pem':
      return [];
    case 'pem-files':
      return [
        ['certificateFile', source.certificateFile],
        ['privateKeyFile', source.privateKeyFile],
      ];
    case 'pfx-file':
      return [['pfxFile', source.pfxFile]];
  }
}

function unreadableFile(path: string, file: string): ConfigurationProblem[] {
  try {
    readFileSync(file);
    return [];
  } catch (error) {
    return [
      {
        path,
        found: `${JSON.stringify(file)}, which cannot be read (${errorCode(error) ?? 'unknown'})`,
        expected: 'a file that this user may read',
      },
    ];
  }
}

function validityProblems(path: string, certificate: Buffer | string, now: Date): ConfigurationProblem[] {
  const { validFrom, validTo } = new X509Certificate(certificate);
  if (now.getTime() > Date.parse(validTo)) {
    return [{ path, found: `a certificate that expired ${validTo}`, expected: 'a valid certificate' }];
  }
  if (now.getTime() < Date.parse(validFrom)) {
    return [
      { path, found: `a certificate that is valid from ${validFrom}`, expected: 'a valid certificate' },
    ];
  }
  return [];
}

function optionalPassphrase(passphrase: string | undefined): { passphrase?: string } {
  return passphrase === undefined ? {} : { passphrase };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
