import { createHash } from 'node:crypto';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  EmbeddedJWK,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
} from 'jose';
import type { Clock } from '../../runtime/clock.js';
import { ExpiringSet } from '../expiring-set.js';
import { CLOCK_SKEW, PROOF_LIFE } from '../helseid/assertion-rules.js';
import { SIGNING_ALGORITHMS } from '../helseid/provider-configuration.js';
import { OrganisationClaim } from '../helseid/scopes.js';

/** Who issues the tokens and for whom. */
export interface TokenCheckOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: JSONWebKeySet;
  readonly clock: Clock;
  /**
   * Whether a token that is bound to no key may come as `Authorization: Bearer`, as version 2 of Persontjenesten has it; default
   * false. A bound token that comes as Bearer is refused all the same, and so is an unbound one that comes as DPoP.
   */
  readonly allowsUnboundTokens?: boolean;
  /** Whether the token has to have a parent organisation number, as version 3 of Persontjenesten asks; default true. */
  readonly needsParentOrganisation?: boolean;
}

/** The parts of a request that its token and proof are checked against. */
export interface ProtectedRequest {
  readonly method: string;
  /** The address that was called, without query and fragment. */
  readonly url: string;
  readonly authorization: string | undefined;
  readonly proof: string | undefined;
  /** How far ahead the API's clock is said to be, in seconds; default 0. */
  readonly clockSkewSeconds?: number | undefined;
}

/** What a request is found to be: from this client, or refused. */
export type Judgement =
  { readonly clientId: string; readonly refusal?: never } | { readonly refusal: Refusal };

/** Why a request is refused, as RFC 6750 and RFC 9449 name it. */
export interface Refusal {
  readonly status: 401 | 403;
  /** Undefined when the request has no credentials at all. */
  readonly error: 'invalid_token' | 'invalid_dpop_proof' | 'insufficient_scope' | undefined;
  readonly description: string;
}

class RefusedRequest extends Error {
  readonly refusal: Refusal;

  constructor(status: 401 | 403, error: Refusal['error'], description: string, options?: ErrorOptions) {
    super(description, options);
    this.refusal = { status, error, description };
  }
}

/**
 * Checks access tokens and DPoP proofs as NHN's sample APIs do (helseid 2.2; sandbox-notes (g)). One for each audience and version of an
 * API: the options tell whether it takes bearer tokens (version 2) and whether it asks for an organisation (version 3).
 */
export class TokenCheck {
  readonly #options: TokenCheckOptions;
  readonly #keys: ReturnType<typeof createLocalJWKSet>;
  readonly #usedProofs: ExpiringSet;

  constructor(options: TokenCheckOptions) {
    this.#options = options;
    this.#keys = createLocalJWKSet(options.keys);
    this.#usedProofs = new ExpiringSet(options.clock);
  }

  /** Why the request may not have what the scope gives; undefined when it may. */
  async refusalOf(request: ProtectedRequest, scope: string): Promise<Refusal | undefined> {
    return (await this.judge(request, scope)).refusal;
  }

  /** Whose request it is, or why it may not have what the scope gives. */
  async judge(request: ProtectedRequest, scope: string): Promise<Judgement> {
    try {
      const { allowsUnboundTokens = false, needsParentOrganisation = true } = this.#options;
      const { scheme, token } = credentialsIn(request.authorization, allowsUnboundTokens);
      const now = this.#timeOf(request);
      const claims = await this.#verifyToken(token, now);
      if ((scheme === 'dpop') !== (thumbprintIn(claims) !== undefined)) {
        const is =
          scheme === 'dpop' ? 'no key, so that it is no DPoP token' : 'a key, so that it is no bearer token';
        throw new RefusedRequest(401, 'invalid_token', `The token is bound to ${is}`);
      }
      if (scheme === 'dpop') await this.#verifyProof(request, token, claims, now);
      requireScope(claims, scope);
      if (needsParentOrganisation) requireParent(claims);
      return { clientId: String(claims['client_id']) };
    } catch (error) {
      if (error instanceof RefusedRequest) return { refusal: error.refusal };
      throw error;
    }
  }

  /** What a refusal says in `WWW-Authenticate` (RFC 6750 3, RFC 9449 7.1). */
  challenge({ error, description }: Refusal): string {
    const reason = error === undefined ? '' : ` error="${error}", error_description="${description}"`;
    if (this.#options.allowsUnboundTokens === true) return `Bearer${reason}`;
    return `DPoP${reason === '' ? '' : `${reason},`} algs="ES256 PS256 RS256"`;
  }

  #timeOf({ clockSkewSeconds = 0 }: ProtectedRequest): Date {
    return new Date(this.#options.clock.now().getTime() + clockSkewSeconds * 1000);
  }

  async #verifyToken(token: string, now: Date): Promise<JWTPayload> {
    const { issuer, audience } = this.#options;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, this.#keys, {
        issuer,
        audience,
        algorithms: SIGNING_ALGORITHMS,
        requiredClaims: ['exp', 'iat', 'nbf', 'client_id'],
        clockTolerance: CLOCK_SKEW,
        currentDate: now,
      });
      if (!['at+jwt', 'jwt'].includes(protectedHeader.typ?.toLowerCase() ?? '')) {
        throw new RefusedRequest(401, 'invalid_token', 'The token is no access token');
      }
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        throw new RefusedRequest(401, 'invalid_token', 'The token has expired', { cause: error });
      }
      if (error instanceof errors.JOSEError) {
        throw new RefusedRequest(401, 'invalid_token', 'The token is not valid', { cause: error });
      }
      throw error;
    }
  }

  async #verifyProof(request: ProtectedRequest, token: string, claims: JWTPayload, now: Date): Promise<void> {
    const refuse = (description: string, options?: ErrorOptions): never => {
      throw new RefusedRequest(401, 'invalid_dpop_proof', description, options);
    };
    if (request.proof === undefined) return refuse('The proof is missing');
    const { payload, protectedHeader } = await jwtVerify(request.proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: SIGNING_ALGORITHMS,
      requiredClaims: ['jti', 'htm', 'htu', 'iat', 'ath'],
      maxTokenAge: PROOF_LIFE,
      clockTolerance: CLOCK_SKEW,
      currentDate: now,
    }).catch((error: unknown) => {
      if (error instanceof errors.JOSEError) return refuse('The proof is not valid', { cause: error });
      throw error;
    });
    const { jwk } = protectedHeader;
    if (jwk === undefined) return refuse('The proof has no key');
    if ((await calculateJwkThumbprint(jwk)) !== thumbprintIn(claims)) {
      throw new RefusedRequest(401, 'invalid_token', 'The token is bound to another key');
    }
    if (payload['htm'] !== request.method) return refuse('htm is another method');
    if (!isSameAddress(payload['htu'], request.url)) return refuse('htu is another address');
    if (payload['ath'] !== createHash('sha256').update(token).digest('base64url')) {
      return refuse('ath is of another token');
    }
    const { jti } = payload;
    if (typeof jti !== 'string' || jti === '') return refuse('jti is no text');
    // Two lives on either side: a proof may be dated ahead by the skew and stays good for its life and the skew.
    if (!this.#usedProofs.claim(jti, 2 * (PROOF_LIFE + CLOCK_SKEW)))
      return refuse('The proof was used before');
  }
}

function credentialsIn(
  authorization: string | undefined,
  allowsBearer: boolean,
): { readonly scheme: string; readonly token: string } {
  if (authorization === undefined) throw new RefusedRequest(401, undefined, 'No access token');
  const [scheme = '', token = '', ...rest] = authorization.split(' ');
  const schemes = allowsBearer ? ['dpop', 'bearer'] : ['dpop'];
  if (!schemes.includes(scheme.toLowerCase()) || token === '' || rest.length > 0) {
    throw new RefusedRequest(401, 'invalid_token', 'The scheme is not one that this API takes');
  }
  return { scheme: scheme.toLowerCase(), token };
}

function thumbprintIn({ cnf }: JWTPayload): unknown {
  return typeof cnf === 'object' && cnf !== null && 'jkt' in cnf ? cnf.jkt : undefined;
}

/** NHN's library writes htu without query and fragment, and refuses to write another (helseid 2.2). */
function isSameAddress(htu: unknown, url: string): boolean {
  if (typeof htu !== 'string' || /[?#]/.test(htu) || !URL.canParse(htu)) return false;
  return new URL(htu).href === new URL(url).href;
}

function requireScope(claims: JWTPayload, scope: string): void {
  const scopes = typeof claims['scope'] === 'string' ? claims['scope'].split(' ') : [];
  if (!scopes.includes(scope)) {
    throw new RefusedRequest(403, 'insufficient_scope', 'The scope does not fit the route');
  }
}

function requireParent(claims: JWTPayload): void {
  const parent = claims[OrganisationClaim.parent];
  if (typeof parent !== 'string' || !/^[0-9]{9}$/.test(parent)) {
    throw new RefusedRequest(403, 'insufficient_scope', 'The token has no parent organisation number');
  }
}
