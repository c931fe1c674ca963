import type { LegacyClient } from './legacy-client.js';

/** Tells who a caller is. */
export interface Authenticator {
  /**
   * The client that the credentials belong to.
   * @throws NotAuthenticated for an unknown user name, a wrong password and a client that is switched off alike.
   */
  authenticate(credentials: Credentials, signal: AbortSignal): Promise<LegacyClient>;
}

/** User name and clear-text password, as PREG's clients send them over TLS, and where the call came from. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly remoteAddress: string;
}
