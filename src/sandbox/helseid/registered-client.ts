import type { JWK } from 'jose';

/** How a client stands to organisations (helseid 3). */
export type Tenancy = 'single' | 'multi' | 'none';

/** A legal entity that a client may act for. */
export interface ClientOrganisation {
  /** Organisation number, nine digits. */
  readonly parent: string;
  /** The sub-units that may be named. Without a list: none for a single-tenant client, any for a multi-tenant one. */
  readonly children?: readonly string[] | 'any';
}

/** A client as self service has it registered. */
export interface RegisteredClient {
  readonly id: string;
  /** Public key with `kid` and `alg`. */
  readonly publicJwk: JWK;
  /** Default `single`. */
  readonly tenancy?: Tenancy;
  /** The one organisation of a single-tenant client, or those that have delegated to a multi-tenant one. */
  readonly organisations?: readonly ClientOrganisation[];
  /** Granted scopes; default both of Persontjenesten. */
  readonly scopes?: readonly string[];
  /** False for the bearer tokens of 2021–2022; default true. */
  readonly dpop?: boolean;
}
