import { createHash } from 'node:crypto';
import type { ClientSettings, Configuration } from '../config/schema.js';
import type { Access } from '../registry/person-registry.js';
import { UnusableSecret, type ClientSecrets } from './client-secrets.js';
import type { LegacyClient } from './legacy-client.js';
import { parsePasswordHash, type PasswordHash } from './password-hash.js';

/** A legacy client and what it has to prove. */
export type Account = AccountDetails & Proof;

interface AccountDetails {
  readonly username: string;
  /** Changes whenever the password does: a session is good for the password that it was opened with. */
  readonly credentialDigest: string;
  /** A client that is switched off is answered as if it did not exist. */
  readonly enabled: boolean;
  readonly client: LegacyClient;
}

/** What a client's password is compared with: a hash, or the password itself for a client that may send digests. */
type Proof = { readonly passwordHash: PasswordHash } | { readonly sharedSecret: string };

/**
 * The accounts that `clients[]` and `profiles` describe.
 * @throws UnusableSecret when a sealed password cannot be opened
 * @throws TypeError for what loading the configuration refuses: a malformed hash, an unknown profile.
 */
export function accountsFrom(
  { clients, profiles }: Pick<Configuration, 'clients' | 'profiles'>,
  secrets: ClientSecrets,
): Account[] {
  return clients.map((settings) => ({
    username: settings.username,
    ...proofOf(settings, secrets),
    enabled: settings.enabled,
    client: clientFrom(settings, profiles),
  }));
}

/**
 * The client that an entry of `clients[]` describes, without what it has to prove.
 * @throws TypeError for what loading the configuration refuses: an unknown profile.
 */
export function clientFrom(settings: ClientSettings, profiles: Configuration['profiles']): LegacyClient {
  const profile = profiles[settings.profile];
  if (profile === undefined) throw unchecked(settings);
  const { parent, child } = settings.organisation;
  return {
    id: settings.id,
    protocols: new Set(settings.protocols),
    organisation: child === undefined ? { parent } : { parent, child },
    access: strictest(settings.access, profile.access),
    visible: new Set(profile.groups),
    quirks: settings.quirks,
  };
}

/** Neither the client nor its profile widens what the other one grants. */
function strictest(ofClient: Access, ofProfile: Access = 'full'): Access {
  return ofClient === 'restricted' ? ofClient : ofProfile;
}

function proofOf(settings: ClientSettings, secrets: ClientSecrets): Proof & { credentialDigest: string } {
  const { passwordHash: hash, sealedPassword } = settings;
  if (sealedPassword !== undefined) {
    const sharedSecret = secretOf(settings.id, sealedPassword, secrets);
    return { sharedSecret, credentialDigest: secrets.fingerprint(sharedSecret) };
  }
  const passwordHash = hash === undefined ? undefined : parsePasswordHash(hash);
  if (hash === undefined || passwordHash === undefined) throw unchecked(settings);
  return { passwordHash, credentialDigest: createHash('sha256').update(hash).digest('base64') };
}

function secretOf(id: string, sealed: string, secrets: ClientSecrets): string {
  try {
    return secrets.open(sealed);
  } catch (error) {
    if (!(error instanceof UnusableSecret)) throw error;
    throw new UnusableSecret(`the sealedPassword of client ${id} cannot be used: ${error.reason}`, error);
  }
}

function unchecked({ id }: ClientSettings): TypeError {
  return new TypeError(`the settings of client ${id} were not checked`);
}
