import type { AxiosInstance } from 'axios';
import { importJWK, type JWK } from 'jose';
import * as oidc from 'openid-client';
import { TokenRefused, TokenUnavailable, type AdapterError } from '../errors/errors.js';
import { callErrorCode, headersOf } from '../outbound/http-client.js';
import type { Organisation } from '../registry/person-registry.js';
import { assertionDetails, type Tenancy } from './assertion-details.js';
import type { DpopKey } from './dpop-key.js';

/** Half of the minute that HelseID allows, so that a clock some seconds off does no harm (helseid 2.1). */
const ASSERTION_LIFE_SECONDS = 30;

/** How the adapter presents itself to HelseID. */
export interface HelseIdSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Private JWK with `kid` and `alg`. */
  readonly privateKey: JWK;
  readonly tenancy: Tenancy;
}

/** A token as HelseID gave it. */
export interface GrantedToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
}

/** Fetches access tokens: client credentials with private_key_jwt and DPoP (helseid 2), by openid-client. */
export class TokenClient {
  #server: Promise<oidc.ServerMetadata> | undefined;
  #key: Promise<oidc.CryptoKey> | undefined;

  constructor(
    private readonly settings: HelseIdSettings,
    private readonly http: AxiosInstance,
    private readonly dpopKey: DpopKey,
  ) {}

  /**
   * One token for one scope on behalf of one organisation.
   * @throws TokenUnavailable when HelseID cannot be reached or cannot serve, TokenRefused when it says no.
   */
  async grant(scope: string, organisation: Organisation): Promise<GrantedToken> {
    try {
      const configuration = await this.#configuration(organisation);
      const handle = oidc.getDPoPHandle(configuration, {
        privateKey: this.dpopKey.privateKey,
        publicKey: this.dpopKey.publicKey,
      });
      return usable(await oidc.clientCredentialsGrant(configuration, { scope }, { DPoP: handle }), scope);
    } catch (error) {
      throw tokenError(error);
    }
  }

  async #configuration(organisation: Organisation): Promise<oidc.Configuration> {
    const server = await this.#serverMetadata();
    const authentication = oidc.PrivateKeyJwt(
      { key: await this.#privateKey(), kid: this.settings.privateKey.kid ?? '' },
      {
        [oidc.modifyAssertion]: (header, payload) => {
          header['typ'] = 'client-authentication+jwt';
          if (typeof payload['iat'] === 'number') payload['exp'] = payload['iat'] + ASSERTION_LIFE_SECONDS;
          const details = assertionDetails(this.settings.tenancy, organisation);
          if (details !== undefined) payload['assertion_details'] = { ...details };
        },
      },
    );
    const configuration = new oidc.Configuration(server, this.settings.clientId, undefined, authentication);
    configuration[oidc.customFetch] = this.#fetch;
    return configuration;
  }

  /** Discovery is remembered once it has worked; a failure is not. */
  async #serverMetadata(): Promise<oidc.ServerMetadata> {
    this.#server ??= this.#discover();
    try {
      return await this.#server;
    } catch (error) {
      this.#server = undefined;
      throw error;
    }
  }

  async #discover(): Promise<oidc.ServerMetadata> {
    const found = await oidc.discovery(
      new URL(this.settings.issuer),
      this.settings.clientId,
      undefined,
      oidc.None(),
      {
        [oidc.customFetch]: this.#fetch,
      },
    );
    return found.serverMetadata();
  }

  async #privateKey(): Promise<oidc.CryptoKey> {
    this.#key ??= importKey(this.settings.privateKey);
    return this.#key;
  }

  /** openid-client speaks fetch; the connections, certificates and caps are those of every other call. */
  readonly #fetch: oidc.CustomFetch = async (url, options) => {
    const response = await this.http.request<string>({
      url,
      method: options.method,
      headers: options.headers,
      ...(options.body === undefined || options.body === null ? {} : { data: bodyText(options.body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const empty = response.status === 204 || response.status === 304;
    return new Response(empty ? null : response.data, {
      status: response.status,
      headers: { ...headersOf(response.headers) },
    });
  };
}

function bodyText(body: NonNullable<oidc.FetchBody>): string {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('a token request has a form as its body');
}

async function importKey(jwk: JWK): Promise<oidc.CryptoKey> {
  const key = await importJWK(jwk);
  if (key instanceof Uint8Array) throw new TokenRefused('the private key is not asymmetric');
  return key;
}

function usable(response: oidc.TokenEndpointResponse, scope: string): GrantedToken {
  if (response.token_type !== 'dpop') throw new TokenRefused('the token is not bound to a key');
  // HelseID leaves a scope out, with status 200, when the organisation has not accepted the terms (helseid 2.3).
  if (response.scope !== undefined && !response.scope.split(' ').includes(scope)) {
    throw new TokenRefused('the scope asked for was not granted');
  }
  if (typeof response.expires_in !== 'number' || !(response.expires_in > 0)) {
    throw new TokenRefused('the token has no lifetime');
  }
  return { accessToken: response.access_token, expiresInSeconds: response.expires_in };
}

/** OAuth's error codes are from a fixed list; descriptions may hold anything and are not passed on. */
function tokenError(error: unknown): AdapterError {
  if (error instanceof TokenRefused) return error;
  if (error instanceof oidc.ResponseBodyError) {
    const refused = error.status < 500 && error.status !== 429;
    const reason = `HelseID answered ${error.status} ${/^[a-z_]{1,40}$/.test(error.error) ? error.error : ''}`;
    return refused ? new TokenRefused(reason) : new TokenUnavailable(reason);
  }
  return new TokenUnavailable(`no token: ${callErrorCode(error)}`);
}
