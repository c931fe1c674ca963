import { createHash } from 'node:crypto';
import type { ClientSettings, Configuration } from '../config/schema.js';
import type { Access } from '../registry/person-registry.js';
import { parseNetworkList } from '../runtime/network-list.js';
import { UnusableSecret, type ClientSecrets } from './client-secrets.js';
import type { LegacyClient } from './legacy-client.js';
import { parsePasswordHash, type PasswordHash } from './password-hash.js';

/** A legacy client and what it has to prove. */
export type Account = AccountDetails & Credential;

interface AccountDetails {
  readonly username: string;
  /** A client that is switched off is answered as if it did not exist. */
  readonly enabled: boolean;
  readonly client: LegacyClient;
  /** What it may prove instead, until all who use the account know the new password. */
  readonly previous?: Credential | undefined;
}

/** A password as it is known. */
export type Credential = Proof & {
  /** Changes whenever the password does: a session is good for the password that it was opened with. */
  readonly credentialDigest: string;
};

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
    ...present(settings, secrets),
    previous: previous(settings, secrets),
    enabled: settings.enabled,
    client: clientFrom(settings, profiles),
  }));
}

/**
 * The client that an entry of `clients[]` describes, without what it has to prove.
 * @throws TypeError for what loading the configuration refuses: an unknown profile, a malformed address.
 */
export function clientFrom(settings: ClientSettings, profiles: Configuration['profiles']): LegacyClient {
  const profile = profiles[settings.profile];
  if (profile === undefined) throw unchecked(settings);
  const { parent, child } = settings.organisation;
  const addresses = settings.addresses && parseNetworkList(settings.addresses);
  if (settings.addresses !== undefined && addresses === undefined) throw unchecked(settings);
  return {
    id: settings.id,
    protocols: new Set(settings.protocols),
    operations: settings.operations && new Set(settings.operations),
    addresses,
    organisation: child === undefined ? { parent } : { parent, child },
    access: strictest(settings.access, profile.access),
    visible: new Set(profile.groups),
    quirks: settings.quirks,
    ...rateOf(settings),
  };
}

/** Bursts of twice what a second has are what a client is at that looks up the patients of a day. */
const BURST_SECONDS = 2;

function rateOf({ requestsPerSecond: perSecond, requestBurst }: ClientSettings): Pick<LegacyClient, 'rate'> {
  if (perSecond === undefined) return {};
  return { rate: { perSecond, burst: requestBurst ?? perSecond * BURST_SECONDS } };
}

/** Neither the client nor its profile widens what the other one grants. */
function strictest(ofClient: Access, ofProfile: Access = 'full'): Access {
  return ofClient === 'restricted' ? ofClient : ofProfile;
}

function present(settings: ClientSettings, secrets: ClientSecrets): Credential {
  const { id, passwordHash, sealedPassword } = settings;
  if (sealedPassword !== undefined)
    return shared(secretOf(id, 'sealedPassword', sealedPassword, secrets), secrets);
  return hashed(settings, passwordHash);
}

function previous(settings: ClientSettings, secrets: ClientSecrets): Credential | undefined {
  const { id, previousPasswordHash: hash, previousSealedPassword: sealed } = settings;
  if (sealed !== undefined) return shared(secretOf(id, 'previousSealedPassword', sealed, secrets), secrets);
  return hash === undefined ? undefined : hashed(settings, hash);
}

function shared(sharedSecret: string, secrets: ClientSecrets): Credential {
  return { sharedSecret, credentialDigest: secrets.fingerprint(sharedSecret) };
}

function hashed(settings: ClientSettings, hash: string | undefined): Credential {
  const passwordHash = hash === undefined ? undefined : parsePasswordHash(hash);
  if (hash === undefined || passwordHash === undefined) throw unchecked(settings);
  return { passwordHash, credentialDigest: createHash('sha256').update(hash).digest('base64') };
}

function secretOf(id: string, setting: string, sealed: string, secrets: ClientSecrets): string {
  try {
    return secrets.open(sealed);
  } catch (error) {
    if (!(error instanceof UnusableSecret)) throw error;
    throw new UnusableSecret(`the ${setting} of client ${id} cannot be used: ${error.reason}`, error);
  }
}

function unchecked({ id }: ClientSettings): TypeError {
  return new TypeError(`the settings of client ${id} were not checked`);
}
