import type { SecureVersion } from 'node:tls';
import type { AdapterConfiguration } from '../config/adapter-configuration.js';
import { readTlsMaterial } from '../config/tls-material.js';
import { createLegacyListener, type LegacyListener, type LegacyListenerParts } from '../legacy/listener.js';
import type { HealthCheck } from '../operations/health.js';
import { parseNetworkList } from '../runtime/network-list.js';
import type { PutDoorkeeper } from './doorkeepers.js';

type Listeners = Pick<AdapterConfiguration['listeners'], 'legacy' | 'oldTls'>;

/** What is served there: the same as by the legacy listener. */
export type Served = Pick<LegacyListenerParts, 'doors' | 'streamingDoors' | 'events' | 'logger' | 'clock'>;

/**
 * What clients of 2009 have, best first: nothing anonymous, exported, or with RC4, DES or MD5. OpenSSL calls TLS before 1.2 and
 * SHA-1 in its signatures security level 0.
 */
const CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  'AES128-SHA',
  'AES256-SHA',
  '@SECLEVEL=0',
].join(':');

const NAMES = { TLSv1: '1.0', 'TLSv1.1': '1.1' } as const;

/**
 * The listener for clients that know no TLS 1.2, not yet started; undefined where the configuration has none. It has its own
 * port, certificate, connections and requests in flight, serves known addresses alone, and believes no proxy.
 */
export function openOldTls(
  { legacy, oldTls }: Listeners,
  served: Served,
  putDoorkeeper: PutDoorkeeper,
): LegacyListener | undefined {
  if (oldTls === undefined) return undefined;
  const addresses = parseNetworkList(oldTls.addresses);
  const nobody = parseNetworkList([]);
  if (addresses === undefined || nobody === undefined)
    throw new TypeError('listeners.oldTls.addresses was not checked');
  const { host, port, maxConcurrentRequests, maxConnections, maxConnectionsPerAddress } = oldTls;
  const minVersion: SecureVersion = oldTls.minVersion;
  return createLegacyListener({
    ...served,
    name: 'oldTls',
    doorkeeper: putDoorkeeper(maxConcurrentRequests),
    settings: {
      host,
      port,
      maxRequestBytes: legacy.maxRequestBytes,
      maxConcurrentRequests,
      maxConnections,
      maxConnectionsPerAddress,
      addresses,
      trustedProxies: nobody,
    },
    tls: {
      ...readTlsMaterial(oldTls.tls),
      minVersion,
      maxVersion: 'TLSv1.2',
      ciphers: CIPHERS,
      honorCipherOrder: true,
    },
  });
}

/** Shows that there is such a listener, once it is open. */
export function oldTlsCheck(
  { minVersion }: NonNullable<Listeners['oldTls']>,
  opening: HealthCheck,
): HealthCheck {
  return () => {
    const open = opening();
    if (open.status !== 'ok') return open;
    return { status: 'warning', reason: `listeners.oldTls serves by TLS ${NAMES[minVersion]} and newer` };
  };
}
