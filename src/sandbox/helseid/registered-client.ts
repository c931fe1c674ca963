import type { JWK } from 'jose';

/** How a client stands to organisations (helseid 3). */
export type Tenancy = 'single' | 'multi' | 'none';

/** A legal entity that a client may act for. */
export interface ClientOrganisation {
  /** Organisation number, nine digits. */
  readonly parent: string;
  /** The sub-units that may be named. Without a list: none for a single-tenant client, any for a multi-tenant one. */
  readonly children?: readonly string[] | 'any';
  /** Scopes whose terms it has not accepted: a token on its behalf comes without them, and with `rejected_scope`. */
  readonly rejectedScopes?: readonly string[];
}

/**
 * What a client was registered for: `backend` for client credentials, the only kind that may name organisations in its assertion;
 * `code-flow` for logins of people; `shared-secret` for those who had a secret before they had a key.
 */
export type ClientKind = 'backend' | 'code-flow' | 'shared-secret';

/** A client as self service has it registered. */
export interface RegisteredClient {
  readonly id: string;
  /** Public key with `kid` and `alg`. */
  readonly publicJwk: JWK;
  /** When that key ends; default: never. */
  readonly keyExpires?: Date | undefined;
  /** Default `backend`. */
  readonly kind?: ClientKind;
  /** Default `single`. */
  readonly tenancy?: Tenancy;
  /** The one organisation of a single-tenant client, or those that have delegated to a multi-tenant one. */
  readonly organisations?: readonly ClientOrganisation[];
  /** Granted scopes; default all that HelseID knows. */
  readonly scopes?: readonly string[];
  /** False for a client that may do without a proof and gets a bearer token then, as in 2021–2022; default true. */
  readonly dpop?: boolean;
}
