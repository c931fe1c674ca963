import type { KnownAccounts } from './known-accounts.js';
import type { LegacyClient } from './legacy-client.js';

/** Tells whether a client that has proven itself before may still come in. */
export interface ClientDirectory {
  /** The client with that id, while it is enabled. */
  enabledClient(id: string): EnabledClient | undefined;
}

/** A client, and a digest of what it has to prove: it changes when the password is changed. */
export interface EnabledClient {
  readonly client: LegacyClient;
  readonly credentialDigest: string;
  /** Of the password before that, while it may still be proven instead. */
  readonly previousDigest?: string | undefined;
}

/** The directory of the accounts, as they are whenever it is asked. */
export function createClientDirectory(accounts: KnownAccounts): ClientDirectory {
  return {
    enabledClient: (id) => {
      const account = accounts.byId(id);
      if (account?.enabled !== true) return undefined;
      const { client, credentialDigest, previous } = account;
      return { client, credentialDigest, previousDigest: previous?.credentialDigest };
    },
  };
}

/** Whether what was begun under a password may go on: it is the client's own still, or the one before. */
export function isGoodFor({ credentialDigest, previousDigest }: EnabledClient, digest: string): boolean {
  return digest === credentialDigest || digest === previousDigest;
}
