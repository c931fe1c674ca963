import type { AxiosInstance } from 'axios';
import * as oidc from 'openid-client';
import { TokenRefused, type AdapterError } from '../errors/errors.js';
import type { Organisation } from '../registry/person-registry.js';
import type { Clock } from '../runtime/clock.js';
import { assertionDetails, type Tenancy } from './assertion-details.js';
import { fetchOver } from './axios-fetch.js';
import type { ClockDrift } from './clock-drift.js';
import { Discovery } from './discovery.js';
import { thumbprintOf, type DpopKey } from './dpop-key.js';
import { fixedKey, type SigningJwk, type SigningKey, type SigningKeys } from './signing-key.js';
import { tokenIn } from './token-answer.js';
import { tokenError } from './token-errors.js';

/** Half of the minute that HelseID allows, so that a clock some seconds off does no harm (helseid 2.1). */
const ASSERTION_LIFE_SECONDS = 30;

/**
 * A third of the usual deadline of a legacy request, so that those who wait hear that it was HelseID who was silent.
 */
const TIMEOUT_SECONDS = 10;

/** How the adapter presents itself to HelseID. */
export interface ClientIdentity {
  readonly issuer: string;
  readonly clientId: string;
  /** Private JWK with `kid` and `alg`. */
  readonly privateKey: SigningJwk;
  readonly tenancy: Tenancy;
}

/** What may be left out. */
export interface TokenClientOptions {
  /** Where the key is found when it may change; `privateKey` as long as the process lives otherwise. */
  readonly keys?: SigningKeys | undefined;
  /** Told what time it is at HelseID. */
  readonly drift?: ClockDrift | undefined;
  /** For each request to HelseID, of which a token takes up to three. */
  readonly timeoutSeconds?: number | undefined;
}

/** A token as HelseID gave it. */
export interface GrantedToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
}

/** What is kept of HelseID's last answer to one request for a token. */
interface Exchange {
  text: string;
}

/**
 * Fetches access tokens: client credentials with private_key_jwt (helseid 2), by openid-client. Bound to the key of proofs by
 * DPoP, or bearer tokens where there is no such key.
 */
export class TokenClient {
  readonly #fetch: oidc.CustomFetch;
  readonly #discovery: Discovery;
  readonly #keys: SigningKeys;
  readonly #timeoutSeconds: number;
  readonly #clientId: string;
  readonly #tenancy: Tenancy;
  #proofs: oidc.DPoPHandle | undefined;

  /** @param dpopKey what tokens are bound to; undefined asks for bearer tokens */
  constructor(
    { issuer, clientId, privateKey, tenancy }: ClientIdentity,
    http: AxiosInstance,
    private readonly dpopKey: DpopKey | undefined,
    private readonly clock: Clock,
    private readonly options: TokenClientOptions = {},
  ) {
    this.#clientId = clientId;
    this.#tenancy = tenancy;
    this.#fetch = fetchOver(http);
    this.#timeoutSeconds = options.timeoutSeconds ?? TIMEOUT_SECONDS;
    this.#keys = options.keys ?? fixedKey(privateKey);
    this.#discovery = new Discovery({
      issuer,
      clientId,
      fetch: this.#watched(),
      timeoutSeconds: this.#timeoutSeconds,
      clock,
    });
  }

  /** Who asks: another client or another key gets other tokens. */
  get identity(): string {
    return `${this.#clientId} ${this.#keys.current().fingerprint}`;
  }

  /**
   * One token for one scope on behalf of one organisation. Where HelseID does not accept the key and there is a new one by now,
   * it is asked once more with that.
   * @throws TokenUnavailable when HelseID cannot be reached or cannot serve, TokenRefused when it says no.
   */
  async grant(scope: string, organisation: Organisation): Promise<GrantedToken> {
    const key = this.#keys.current();
    try {
      return await this.#grantBy(key, scope, organisation);
    } catch (error) {
      if (!isAboutTheKey(error)) throw error;
      await this.#keys.reread();
      const other = this.#keys.current();
      if (other.fingerprint === key.fingerprint) throw error;
      return await this.#grantBy(other, scope, organisation);
    }
  }

  async #grantBy(key: SigningKey, scope: string, organisation: Organisation): Promise<GrantedToken> {
    const configuration = await this.#configuration(key, organisation);
    const last: Exchange = { text: '' };
    configuration[oidc.customFetch] = this.#watched(last);
    try {
      const response = await oidc.clientCredentialsGrant(
        configuration,
        { scope },
        this.dpopKey === undefined ? undefined : { DPoP: this.#proofHandle(configuration, this.dpopKey) },
      );
      const thumbprint = this.dpopKey === undefined ? undefined : await thumbprintOf(this.dpopKey);
      return tokenIn(response, last.text, { scope, thumbprint });
    } catch (error) {
      throw tokenError(error, this.clock.now());
    }
  }

  /** Calls HelseID, keeps the text of the answer, and looks at its clock. */
  #watched(last: Exchange = { text: '' }): oidc.CustomFetch {
    return async (url, options) => {
      const askedAt = this.clock.now();
      const response = await this.#fetch(url, options);
      last.text = await response.clone().text();
      this.options.drift?.heard('helseid', {
        date: response.headers.get('date') ?? undefined,
        askedAt,
        refusesTime: response.status !== 200 && SMELLS_OF_THE_CLOCK.test(last.text),
      });
      return response;
    };
  }

  async #configuration(key: SigningKey, organisation: Organisation): Promise<oidc.Configuration> {
    const signer = await key.signer();
    const server = await this.#discovery.server();
    const authentication = oidc.PrivateKeyJwt(
      { key: signer, kid: key.id },
      {
        [oidc.modifyAssertion]: (header, payload) => {
          const now = this.#seconds();
          header['typ'] = 'client-authentication+jwt';
          payload['iat'] = now;
          payload['nbf'] = now;
          payload['exp'] = now + ASSERTION_LIFE_SECONDS;
          const details = assertionDetails(this.#tenancy, organisation);
          if (details !== undefined) payload['assertion_details'] = { ...details };
        },
      },
    );
    const configuration = new oidc.Configuration(server, this.#clientId, undefined, authentication);
    configuration.timeout = this.#timeoutSeconds;
    return configuration;
  }

  /** One for all grants, since it is what remembers the server's nonce. */
  #proofHandle(configuration: oidc.Configuration, { privateKey, publicKey }: DpopKey): oidc.DPoPHandle {
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

  #seconds(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}

/** Words in a refusal that point to a clock. Only looked for: what HelseID writes is not passed on. */
const SMELLS_OF_THE_CLOCK =
  /invalid_dpop_proof|\b(?:iat|nbf|exp|expired|not before|in the future|clock|too old)\b/i;

function isAboutTheKey(error: unknown): error is AdapterError {
  return error instanceof TokenRefused && error.trouble.alarm?.name === 'invalid_client';
}
