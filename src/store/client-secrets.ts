import { createHmac, hkdfSync } from 'node:crypto';
import { UnusableSecret, type ClientSecrets } from '../access/client-secrets.js';
import type { SealedPlace, Sealer } from './sealer.js';
import { SealBroken, UnknownSealingKey } from './store-errors.js';

/** Not in the database: sealed passwords lie in the configuration, each good for whichever client it is given to. */
const PLACE: SealedPlace = { table: 'configuration', column: 'clients.sealedPassword', row: '' };

/** Seals the secret of a client: what `clients[].sealedPassword` holds, in base64. */
export function sealClientSecret(secret: string, sealer: Sealer): string {
  return Buffer.from(sealer.seal(Buffer.from(secret, 'utf8'), PLACE)).toString('base64');
}

/** The secret that was sealed. @throws UnusableSecret */
export function openClientSecret(sealed: string, sealer: Sealer): string {
  try {
    return Buffer.from(sealer.open(Buffer.from(sealed, 'base64'), PLACE)).toString('utf8');
  } catch (error) {
    if (error instanceof UnknownSealingKey) {
      throw new UnusableSecret(
        `it is sealed with the key "${error.keyId}", which store.sealingKeys does not have`,
      );
    }
    if (error instanceof SealBroken) {
      throw new UnusableSecret('it was changed, or it is not what preg-adapter seal-password printed', error);
    }
    throw error;
  }
}

/**
 * The secrets of clients under the keys of a store.
 * @param pseudonymKey makes the fingerprints, by a key derived for that alone (HKDF, RFC 5869): it never changes, where
 *   sealing keys do
 */
export function createClientSecrets(sealer: Sealer, pseudonymKey: Uint8Array): ClientSecrets {
  const key = Buffer.from(
    hkdfSync('sha256', pseudonymKey, '', 'preg-adapter fingerprints of client secrets', 32),
  );
  return {
    open: (sealed) => openClientSecret(sealed, sealer),
    fingerprint: (secret) => createHmac('sha256', key).update(secret, 'utf8').digest('base64'),
  };
}
