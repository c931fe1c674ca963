import { webcrypto } from 'node:crypto';
// Types that the package takes for those of a browser.
import type {} from '../../src/sandbox/web-crypto-types.js';
import { systemClock } from '../../src/runtime/system-clock.js';

/** A certificate that a client shows, and its key, both PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
  /** SHA-256, as it is configured. */
  readonly fingerprint: string;
}

/** Somebody who vouches for clients. */
export interface ClientAuthority {
  readonly certificatePem: string;
  issue(name: string): Promise<ClientCertificate>;
}

const DAY = 24 * 60 * 60 * 1000;
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A new authority, whom nobody trusts yet. */
export async function clientAuthority(name: string): Promise<ClientAuthority> {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const now = systemClock.now().getTime();
  const validity = { notBefore: new Date(now - DAY), notAfter: new Date(now + DAY) };
  const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
    webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const own = await newKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${name}`,
      ...validity,
      signingAlgorithm: algorithm,
      keys: own,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      ],
    },
    webcrypto,
  );
  return {
    certificatePem: authority.toString('pem'),
    issue: async (client) => {
      const keys = await newKeys();
      const certificate = await x509.X509CertificateGenerator.create(
        {
          subject: `CN=${client}`,
          issuer: authority.subject,
          ...validity,
          signingAlgorithm: algorithm,
          signingKey: own.privateKey,
          publicKey: keys.publicKey,
          extensions: [new x509.ExtendedKeyUsageExtension([CLIENT_AUTHENTICATION])],
        },
        webcrypto,
      );
      const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
      return {
        cert: certificate.toString('pem'),
        key: x509.PemConverter.encode(key, 'PRIVATE KEY'),
        fingerprint: Buffer.from(await certificate.getThumbprint('SHA-256', webcrypto)).toString('hex'),
      };
    },
  };
}
