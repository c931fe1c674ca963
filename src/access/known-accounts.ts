import type { Account } from './accounts.js';

/** The accounts as they are now: they can be replaced while the adapter runs, and whoever looks next sees the new ones. */
export class KnownAccounts {
  #byUsername: ReadonlyMap<string, Account> = new Map();
  #byId: ReadonlyMap<string, Account> = new Map();
  #all: readonly Account[] = [];

  constructor(accounts: readonly Account[]) {
    this.replace(accounts);
  }

  get all(): readonly Account[] {
    return this.#all;
  }

  replace(accounts: readonly Account[]): void {
    this.#all = accounts;
    this.#byUsername = new Map(accounts.map((account) => [account.username, account]));
    this.#byId = new Map(accounts.map((account) => [account.client.id, account]));
  }

  byUsername(username: string): Account | undefined {
    return this.#byUsername.get(username);
  }

  /** @param id `clients[].id` */
  byId(id: string): Account | undefined {
    return this.#byId.get(id);
  }
}
