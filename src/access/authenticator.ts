import type { LegacyClient } from './legacy-client.js';
import type { PasswordDigest } from './password-digest.js';

/** Tells who a caller is. */
export interface Authenticator {
  /**
   * The client that the credentials belong to.
   * @throws NotAuthenticated for an unknown user name, a wrong password and a client that is switched off alike.
   * @throws InvalidSecurity for a right digest that was used before
   * @throws Overloaded when no more can be judged at present
   */
  authenticate(credentials: Credentials, signal: AbortSignal): Promise<LegacyClient>;
}

/** What a caller shows, and where the call came from. */
export type Credentials = ClearCredentials | DigestCredentials;

/** User name and clear-text password, as PREG's clients send them over TLS. */
export interface ClearCredentials {
  readonly username: string;
  readonly password: string;
  readonly remoteAddress: string;
}

/** User name and a digest of the password, good for one message. */
export interface DigestCredentials {
  readonly username: string;
  readonly digest: PasswordDigest;
  readonly remoteAddress: string;
}
