import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type TlsOptions, type TLSSocket } from 'node:tls';
import type { TlsSource } from '../config/adapter-configuration.js';
import { readTlsMaterial } from '../config/tls-material.js';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The first of a file, which is its own. @throws what node:fs, node:crypto and node:tls throw */
export async function certificateOf(source: TlsSource): Promise<X509Certificate | undefined> {
  return ownOf(readTlsMaterial(source));
}

/** All certificates of a PEM file, in its order. @throws what node:crypto throws for one that is none */
export function certificatesIn(pem: Buffer | string): readonly X509Certificate[] {
  return [...pem.toString().matchAll(CERTIFICATE)].map(([text]) => new X509Certificate(text));
}

/** When the certificate ends that a listener with these options shows; undefined where it cannot be told. Never throws. */
export async function endShownBy(shown: TlsOptions): Promise<Date | undefined> {
  try {
    const own = await ownOf(shown);
    return own && new Date(own.validTo);
  } catch {
    // Who uses it tells what is wrong with it.
    return undefined;
  }
}

async function ownOf({ cert, pfx, passphrase }: TlsOptions): Promise<X509Certificate | undefined> {
  if (typeof cert === 'string' || Buffer.isBuffer(cert)) return certificatesIn(cert)[0];
  if (!Buffer.isBuffer(pfx)) return undefined;
  const [own] = await certificatesOfPfx({ pfx, ...(passphrase === undefined ? {} : { passphrase }) });
  return own;
}

/**
 * The certificate of a PFX, and those behind it, as a client would be shown them: Node reads such files for servers alone, so
 * one serves itself over loopback once.
 * @throws what node:tls throws for a file or passphrase that is wrong
 */
export async function certificatesOfPfx(material: {
  readonly pfx: Buffer;
  readonly passphrase?: string;
}): Promise<readonly X509Certificate[]> {
  const server = createServer({ ...material });
  server.on('secureConnection', (socket) => {
    socket.on('error', () => undefined);
  });
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') return [];
    const client = connect({ host: '127.0.0.1', port: address.port, rejectUnauthorized: false });
    try {
      await once(client, 'secureConnect');
      return chainOf(client);
    } finally {
      client.destroy();
    }
  } finally {
    server.close();
  }
}

function chainOf(client: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next = client.getPeerX509Certificate();
  while (next !== undefined && !chain.some(({ fingerprint256 }) => fingerprint256 === next?.fingerprint256)) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}
