import { createHash } from 'node:crypto';
import type { Configuration } from '../config/schema.js';
import type { LegacyClient } from './legacy-client.js';
import { parsePasswordHash, type PasswordHash } from './password-hash.js';

/** A legacy client and what it has to prove. */
export interface Account {
  readonly username: string;
  readonly passwordHash: PasswordHash;
  /** Changes whenever the password does: a session is good for the password that it was opened with. */
  readonly credentialDigest: string;
  /** A client that is switched off is answered as if it did not exist. */
  readonly enabled: boolean;
  readonly client: LegacyClient;
}

/**
 * The accounts that `clients[]` and `profiles` describe.
 * @throws TypeError for what loading the configuration refuses: a malformed hash, an unknown profile.
 */
export function accountsFrom({ clients, profiles }: Pick<Configuration, 'clients' | 'profiles'>): Account[] {
  return clients.map((settings) => {
    const passwordHash = parsePasswordHash(settings.passwordHash);
    const profile = profiles[settings.profile];
    if (passwordHash === undefined || profile === undefined) {
      throw new TypeError(`the settings of client ${settings.id} were not checked`);
    }
    const { parent, child } = settings.organisation;
    return {
      username: settings.username,
      passwordHash,
      credentialDigest: createHash('sha256').update(settings.passwordHash).digest('base64'),
      enabled: settings.enabled,
      client: {
        id: settings.id,
        protocols: new Set(settings.protocols),
        organisation: child === undefined ? { parent } : { parent, child },
        access: settings.access,
        visible: new Set(profile.groups),
        quirks: settings.quirks,
      },
    };
  });
}
