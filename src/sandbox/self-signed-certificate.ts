import { webcrypto } from 'node:crypto';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';

/** What a self-signed certificate is made for. */
export interface SelfSignedCertificateOptions {
  readonly commonName: string;
  readonly clock: Clock;
  /** Source of the serial number. */
  readonly random: Random;
  /** Host names that the certificate covers; default `localhost`. */
  readonly hostNames?: readonly string[];
  /** IP addresses that the certificate covers; default both loopback addresses. */
  readonly ipAddresses?: readonly string[];
  /** Days until it expires; default 397, the longest that strict clients accept. */
  readonly validDays?: number;
}

/** A certificate and its key, both PEM (PKCS #8 for the key). */
export interface SelfSignedCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

const DAY = 24 * 60 * 60 * 1000;
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';

/**
 * Makes a TLS server certificate that vouches for itself: RSA 2048 with SHA-256, which clients of 2011 know as well
 * as those of today. It is no certificate authority, so trusting it trusts this one server only (RFC 5280 4.2.1).
 */
export async function createSelfSignedCertificate(
  options: SelfSignedCertificateOptions,
): Promise<SelfSignedCertificate> {
  // Both are loaded when needed: together they cost more than the rest of the sandbox, and the polyfill alters Reflect.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');

  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const now = options.clock.now().getTime();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(options.random),
      name: [{ CN: [options.commonName] }],
      // A day early, for clients whose clock is behind.
      notBefore: new Date(now - DAY),
      notAfter: new Date(now + ((options.validDays ?? 397) - 1) * DAY),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
          true,
        ),
        new x509.ExtendedKeyUsageExtension([SERVER_AUTHENTICATION]),
        new x509.SubjectAlternativeNameExtension([
          ...(options.hostNames ?? ['localhost']).map((value) => ({ type: 'dns' as const, value })),
          ...(options.ipAddresses ?? ['127.0.0.1', '::1']).map((value) => ({ type: 'ip' as const, value })),
        ]),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    },
    webcrypto,
  );
  const privateKey = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificatePem: `${certificate.toString('pem').trimEnd()}\n`,
    privateKeyPem: `${x509.PemConverter.encode(privateKey, 'PRIVATE KEY').trimEnd()}\n`,
  };
}

/** Sixteen octets, positive and without a leading zero (RFC 5280 4.1.2.2). */
function serialNumber(random: Random): string {
  const octets = Buffer.from(random.bytes(16));
  octets[0] = ((octets[0] ?? 0) & 0x3f) | 0x40;
  return octets.toString('hex');
}
