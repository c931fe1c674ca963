import type { Account } from './accounts.js';
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
}

/** The directory of the accounts. */
export function createClientDirectory(accounts: readonly Account[]): ClientDirectory {
  const byId = new Map(accounts.map((account) => [account.client.id, account]));
  return {
    enabledClient: (id) => {
      const account = byId.get(id);
      if (account?.enabled !== true) return undefined;
      return { client: account.client, credentialDigest: account.credentialDigest };
    },
  };
}
