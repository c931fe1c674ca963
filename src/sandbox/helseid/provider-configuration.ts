import { decodeJwt, errors as joseErrors } from 'jose';
import type { IncomingMessage } from 'node:http';
import type {
  Adapter,
  AdapterPayload,
  AsymmetricSigningAlgorithm,
  Configuration,
  JWK,
  KoaContextWithOIDC,
} from 'oidc-provider';
import { brokenAssertionRule, brokenProofRule, CLOCK_SKEW } from './assertion-rules.js';
import { audienceAsked, grantedFor, rejectedFor } from './granted-scopes.js';
import type { HelseIdOptions } from './helseid.js';
import type { ClientRegister } from './client-register.js';
import type { OidcProviderPackage } from './load-oidc-provider.js';
import {
  organisationNumbersFrom,
  OrganisationNumberRefused,
  type OrganisationNumbers,
} from './organisation-numbers.js';
import type { RegisteredClient } from './registered-client.js';
import { replayStores } from './replay-store.js';
import { ALL_SCOPES, OrganisationClaim } from './scopes.js';

/** The algorithms that NHN's libraries list, for assertions and proofs alike (helseid 2.1). */
export const SIGNING_ALGORITHMS: AsymmetricSigningAlgorithm[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
];

interface ConfigurationOptions extends HelseIdOptions {
  readonly errors: OidcProviderPackage['errors'];
  readonly algorithm: 'ES256' | 'RS256';
  /** Told of scopes that a token comes without, since the organisation has not accepted the terms. */
  readonly onRejected: (request: IncomingMessage, scopes: readonly string[]) => void;
}

/**
 * The settings that make oidc-provider answer as HelseID does (sandbox-notes, "Configuration that worked").
 * The library checks signatures, single use, nonce and binding; the hooks here hold HelseID's own rules.
 */
export function providerConfiguration(options: ConfigurationOptions): Configuration {
  const { issuer, clock, random, clients, errors, algorithm } = options;
  const bearerOnly = options.tokens === 'bearer';
  const stores = replayStores(clock);
  const organisations = new WeakMap<KoaContextWithOIDC, OrganisationNumbers>();
  const skewOf = (context: KoaContextWithOIDC): number =>
    options.alterationOf(context.req).clockSkewSeconds ?? 0;
  const seconds = (context: KoaContextWithOIDC): number =>
    Math.floor(clock.now().getTime() / 1000) + skewOf(context);

  return {
    adapter: (model) => (model === 'Client' ? registeredClients(clients, bearerOnly) : stores(model)),
    clockTolerance: CLOCK_SKEW,
    responseTypes: [],
    clientAuthMethods: ['private_key_jwt'],
    clientDefaults: { id_token_signed_response_alg: algorithm },
    enabledJWA: {
      clientAuthSigningAlgValues: SIGNING_ALGORITHMS,
      dPoPSigningAlgValues: SIGNING_ALGORITHMS,
      idTokenSigningAlgValues: [algorithm],
    },
    scopes: ['openid', ...ALL_SCOPES],
    routes: { token: '/connect/token', jwks: '/.well-known/openid-configuration/jwks' },
    ttl: { ClientCredentials: (_, token) => token.resourceServer?.accessTokenTTL ?? 1 },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: {
        enabled: !bearerOnly,
        nonceSecret: Buffer.from(random.bytes(32)),
        requireNonce: () => true,
        allowReplay: false,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: (context, { clientId }) => {
          const audience = audienceAsked(scopesAsked(context), clients.find(clientId));
          if (typeof audience === 'string') return audience;
          throw new errors.InvalidScope(audience.why, audience.scope);
        },
        getResourceServerInfo: (context, audience, { clientId }) => {
          const client = clients.find(clientId);
          const granted = grantedFor(audience, client);
          if (granted.length === 0) throw new errors.InvalidTarget('no such API');
          const asked = scopesAsked(context) ?? granted;
          // Out of the box a request without scope gets none, and one for too much gets less, without a word.
          if (context.oidc.params !== undefined) context.oidc.params['scope'] = asked.join(' ');
          const refused = asked.find((scope) => !granted.includes(scope));
          if (refused !== undefined) throw new errors.InvalidScope('scope is not granted', refused);
          const rejected = rejectedFor(organisations.get(context)?.parent, asked, client);
          if (rejected.length > 0) options.onRejected(context.req, rejected);
          return {
            audience,
            scope: granted.filter((scope) => !rejected.includes(scope)).join(' '),
            accessTokenTTL: options.alterationOf(context.req).tokenLife ?? options.tokenLife ?? 600,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: algorithm } },
          };
        },
      },
    },
    assertJwtClientAuthClaimsAndHeader: (context, claims, header, { clientId }) => {
      const now = seconds(context);
      const broken = brokenAssertionRule(claims, header, issuer, now);
      if (broken !== undefined) throw new errors.InvalidClientAuth(broken);
      const client = clients.find(clientId);
      if (client === undefined) throw new errors.InvalidClientAuth('unknown client');
      if (client.keyExpires !== undefined && client.keyExpires.getTime() <= now * 1000) {
        throw new errors.InvalidClientAuth('the key has expired');
      }
      const hasProof = context.get('DPoP') !== '';
      if (!bearerOnly && (hasProof || client.dpop !== false)) checkProof(context, errors, now);
      try {
        organisations.set(context, organisationNumbersFrom(claims['assertion_details'], client));
      } catch (error) {
        if (error instanceof OrganisationNumberRefused) throw new errors.InvalidRequest(error.message);
        throw error;
      }
      if (client.kind === 'code-flow') throw new errors.UnauthorizedClient('this client is for logins');
    },
    extraTokenClaims: (context) =>
      organisationClaims(organisations.get(context) ?? {}, clients.find(context.oidc.client?.clientId ?? '')),
    formats: {
      customizers: {
        jwt: (context, _token, jwt) => {
          for (const name of ['iat', 'exp']) jwt.payload[name] = Number(jwt.payload[name]) + skewOf(context);
          jwt.payload['nbf'] = jwt.payload['iat'];
          delete jwt.payload['sub'];
        },
      },
    },
  };
}

/** Where the library looks a client up for each request, so that a replaced key holds at once (sandbox-notes (a)). */
function registeredClients(clients: ClientRegister, bearerOnly: boolean): Adapter {
  const nothing = (): Promise<undefined> => Promise.resolve(undefined);
  return {
    find: (id) => {
      const client = clients.find(id);
      return Promise.resolve(client === undefined ? undefined : clientMetadata(client, bearerOnly));
    },
    // Nothing is ever registered through the library, and the rest is of sessions and codes.
    upsert: nothing,
    destroy: nothing,
    findByUserCode: nothing,
    findByUid: nothing,
    consume: nothing,
    revokeByGrantId: nothing,
  };
}

function clientMetadata(client: RegisteredClient, bearerOnly: boolean): AdapterPayload {
  return {
    client_id: client.id,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [publicKeyOf(client)] },
    ...(bearerOnly ? {} : { dpop_bound_access_tokens: client.dpop ?? true }),
  };
}

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** The provider refuses a client whose registered key is private, which is easily handed over by mistake. */
function publicKeyOf({ publicJwk }: RegisteredClient): JWK {
  return Object.fromEntries(Object.entries(publicJwk).filter(([name]) => !PRIVATE_MEMBERS.includes(name)));
}

function scopesAsked(context: KoaContextWithOIDC): readonly string[] | undefined {
  const scope = context.oidc.params?.['scope'];
  return typeof scope === 'string' && scope.trim() !== '' ? scope.trim().split(/ +/) : undefined;
}

/** The proof's signature, nonce and single use are checked by the library, later. */
function checkProof(context: KoaContextWithOIDC, errors: OidcProviderPackage['errors'], now: number): void {
  const proof = context.get('DPoP');
  if (proof === '') throw new errors.InvalidDpopProof('a DPoP proof is required');
  let broken: string | undefined;
  try {
    broken = brokenProofRule(decodeJwt(proof), now);
  } catch (error) {
    if (!(error instanceof joseErrors.JOSEError)) throw error;
    broken = 'the proof is no JWT';
  }
  if (broken !== undefined) throw new errors.InvalidDpopProof(broken);
}

function organisationClaims(
  { parent, child }: OrganisationNumbers,
  client: RegisteredClient | undefined,
): Record<string, string> {
  const tenancy = client?.tenancy ?? 'single';
  return {
    [OrganisationClaim.tenancy]: tenancy === 'none' ? 'none' : `${tenancy}-tenant`,
    ...(parent === undefined ? {} : { [OrganisationClaim.parent]: parent }),
    ...(child === undefined ? {} : { [OrganisationClaim.child]: child }),
  };
}
