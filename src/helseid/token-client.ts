import type { AxiosInstance } from 'axios';
import { importJWK, type JWK } from 'jose';
import * as oidc from 'openid-client';
import { z } from 'zod';
import { TokenRefused } from '../errors/errors.js';
import type { Organisation } from '../registry/person-registry.js';
import type { Clock } from '../runtime/clock.js';
import { assertionDetails, type Tenancy } from './assertion-details.js';
import { fetchOver } from './axios-fetch.js';
import type { DpopKey } from './dpop-key.js';
import { discoveryError, tokenError } from './token-errors.js';

/** Half of the minute that HelseID allows, so that a clock some seconds off does no harm (helseid 2.1). */
const ASSERTION_LIFE_SECONDS = 30;

/**
 * A third of the usual deadline of a legacy request, so that those who wait hear that it was HelseID who was silent.
 */
const TIMEOUT_SECONDS = 10;

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
  readonly #fetch: oidc.CustomFetch;
  #server: Promise<oidc.ServerMetadata> | undefined;
  #key: Promise<oidc.CryptoKey> | undefined;
  #proofs: oidc.DPoPHandle | undefined;

  /** `timeoutSeconds` is for each request to HelseID, of which a token takes up to three. */
  constructor(
    private readonly settings: HelseIdSettings,
    http: AxiosInstance,
    private readonly dpopKey: DpopKey,
    private readonly clock: Clock,
    private readonly timeoutSeconds = TIMEOUT_SECONDS,
  ) {
    this.#fetch = fetchOver(http);
  }

  /**
   * One token for one scope on behalf of one organisation.
   * @throws TokenUnavailable when HelseID cannot be reached or cannot serve, TokenRefused when it says no.
   */
  async grant(scope: string, organisation: Organisation): Promise<GrantedToken> {
    const configuration = await this.#configuration(organisation);
    let answer = '';
    configuration[oidc.customFetch] = async (url, options) => {
      const response = await this.#fetch(url, options);
      answer = await response.clone().text();
      return response;
    };
    try {
      const proofs = this.#proofHandle(configuration);
      return usable(
        await oidc.clientCredentialsGrant(configuration, { scope }, { DPoP: proofs }),
        answer,
        scope,
      );
    } catch (error) {
      throw tokenError(error);
    }
  }

  async #configuration(organisation: Organisation): Promise<oidc.Configuration> {
    const key = await this.#privateKey();
    const server = await this.#serverMetadata();
    const authentication = oidc.PrivateKeyJwt(
      { key, kid: this.settings.privateKey.kid ?? '' },
      {
        [oidc.modifyAssertion]: (header, payload) => {
          const now = this.#seconds();
          header['typ'] = 'client-authentication+jwt';
          payload['iat'] = now;
          payload['nbf'] = now;
          payload['exp'] = now + ASSERTION_LIFE_SECONDS;
          const details = assertionDetails(this.settings.tenancy, organisation);
          if (details !== undefined) payload['assertion_details'] = { ...details };
        },
      },
    );
    const configuration = new oidc.Configuration(server, this.settings.clientId, undefined, authentication);
    configuration.timeout = this.timeoutSeconds;
    return configuration;
  }

  /** One for all grants, since it is what remembers the server's nonce. */
  #proofHandle(configuration: oidc.Configuration): oidc.DPoPHandle {
    const { privateKey, publicKey } = this.dpopKey;
    this.#proofs ??= oidc.getDPoPHandle(
      configuration,
      { privateKey, publicKey },
      {
        [oidc.modifyAssertion]: (_header, payload) => {
          payload['iat'] = this.#seconds();
        },
      },
    );
    return this.#proofs;
  }

  /** Discovery is remembered once it has worked; a failure is not. */
  async #serverMetadata(): Promise<oidc.ServerMetadata> {
    const discovering = (this.#server ??= this.#discover());
    try {
      return await discovering;
    } catch (error) {
      // Whoever was told first may have begun anew already.
      if (this.#server === discovering) this.#server = undefined;
      throw error;
    }
  }

  async #discover(): Promise<oidc.ServerMetadata> {
    try {
      const found = await oidc.discovery(
        new URL(this.settings.issuer),
        this.settings.clientId,
        undefined,
        oidc.None(),
        { [oidc.customFetch]: this.#fetch, timeout: this.timeoutSeconds },
      );
      return found.serverMetadata();
    } catch (error) {
      throw discoveryError(error);
    }
  }

  async #privateKey(): Promise<oidc.CryptoKey> {
    this.#key ??= importPrivateKey(this.settings.privateKey);
    return this.#key;
  }

  #seconds(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}

async function importPrivateKey(jwk: JWK): Promise<oidc.CryptoKey> {
  const key = await importJWK(jwk).catch(() => undefined);
  if (key === undefined || key instanceof Uint8Array || key.type !== 'private') {
    throw new TokenRefused('the private key cannot sign');
  }
  return key;
}

/** openid-client reads a lifetime out of text too; HelseID gives a number or something is wrong. */
const lifetime = z.looseObject({ expires_in: z.number().positive() });

function usable(response: oidc.TokenEndpointResponse, text: string, scope: string): GrantedToken {
  if (response.token_type !== 'dpop') throw new TokenRefused('the token is not bound to a key');
  // HelseID leaves a scope out, with status 200, when the organisation has not accepted the terms (helseid 2.3).
  const isGranted = response.scope === undefined || words(response.scope).includes(scope);
  if (!isGranted || words(response['rejected_scope']).includes(scope)) {
    throw new TokenRefused('the scope asked for was not granted');
  }
  const { data } = lifetime.safeParse(JSON.parse(text));
  if (data === undefined) throw new TokenRefused('the token has no lifetime');
  return { accessToken: response.access_token, expiresInSeconds: data.expires_in };
}

/** Words in a text, or in the texts of a list. */
function words(value: unknown): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return texts.flatMap((text) => (typeof text === 'string' ? text.split(' ') : []));
}
