import type { JWK } from 'jose';
import type { RegisteredClient } from './registered-client.js';

/** The clients that HelseID knows. Whoever looks a client up finds it as it is now: a replaced key stops at once (helseid 5). */
export class ClientRegister {
  readonly #clients: Map<string, RegisteredClient>;

  constructor(clients: readonly RegisteredClient[]) {
    this.#clients = new Map(clients.map((client) => [client.id, client]));
  }

  find(id: string): RegisteredClient | undefined {
    return this.#clients.get(id);
  }

  /**
   * Registers a key in place of the one that the client has.
   * @param keyExpires when the new key ends; undefined for one that never does
   * @throws RangeError for a client that nobody registered
   */
  replaceKey(id: string, publicJwk: JWK, keyExpires: Date | undefined): void {
    const client = this.#clients.get(id);
    if (client === undefined) throw new RangeError('no such client');
    this.#clients.set(id, { ...client, publicJwk, keyExpires });
  }
}
