import { decodeJwt, errors as joseErrors } from 'jose';
import type { AsymmetricSigningAlgorithm, Configuration, JWK, KoaContextWithOIDC } from 'oidc-provider';
import { brokenAssertionRule, brokenProofRule, CLOCK_SKEW } from './assertion-rules.js';
import type { HelseIdOptions } from './helseid.js';
import type { OidcProviderPackage } from './load-oidc-provider.js';
import {
  organisationNumbersFrom,
  OrganisationNumberRefused,
  type OrganisationNumbers,
} from './organisation-numbers.js';
import type { RegisteredClient } from './registered-client.js';
import { replayStores } from './replay-store.js';
import { audienceOf, OrganisationClaim, PERSONTJENESTEN_AUDIENCE, PERSONTJENESTEN_SCOPES } from './scopes.js';

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
}

/**
 * The settings that make oidc-provider answer as HelseID does (sandbox-notes, "Configuration that worked").
 * The library checks signatures, single use, nonce and binding; the hooks here hold HelseID's own rules.
 */
export function providerConfiguration(options: ConfigurationOptions): Configuration {
  const { issuer, clock, random, errors, algorithm } = options;
  const clients = new Map(options.clients.map((client) => [client.id, client]));
  const organisations = new WeakMap<KoaContextWithOIDC, OrganisationNumbers>();
  const seconds = (): number => Math.floor(clock.now().getTime() / 1000);
  const scopesOf = (id: string): readonly string[] =>
    clients.get(id)?.scopes ?? Object.values(PERSONTJENESTEN_SCOPES);

  return {
    adapter: replayStores(clock),
    clockTolerance: CLOCK_SKEW,
    responseTypes: [],
    clientAuthMethods: ['private_key_jwt'],
    clientDefaults: { id_token_signed_response_alg: algorithm },
    enabledJWA: {
      clientAuthSigningAlgValues: SIGNING_ALGORITHMS,
      dPoPSigningAlgValues: SIGNING_ALGORITHMS,
      idTokenSigningAlgValues: [algorithm],
    },
    scopes: ['openid', ...Object.values(PERSONTJENESTEN_SCOPES)],
    routes: { token: '/connect/token', jwks: '/.well-known/openid-configuration/jwks' },
    ttl: { ClientCredentials: (_, token) => token.resourceServer?.accessTokenTTL ?? 1 },
    clients: options.clients.map(clientMetadata),
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: {
        enabled: true,
        nonceSecret: Buffer.from(random.bytes(32)),
        requireNonce: () => true,
        allowReplay: false,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: (context, client) => {
          const asked = scopeParameter(context)?.split(' ') ?? [...scopesOf(client.clientId)];
          const unknown = asked.find((scope) => audienceOf(scope) === undefined);
          if (unknown !== undefined) throw new errors.InvalidScope('scope is not known', unknown);
          return PERSONTJENESTEN_AUDIENCE;
        },
        getResourceServerInfo: (context, audience, client) => {
          if (audience !== PERSONTJENESTEN_AUDIENCE) throw new errors.InvalidTarget('no such API');
          const granted = scopesOf(client.clientId);
          const asked = scopeParameter(context);
          // Out of the box a request without scope gets none, and one for too much gets less, without a word.
          if (asked === undefined && context.oidc.params !== undefined) {
            context.oidc.params['scope'] = granted.join(' ');
          }
          const refused = asked?.split(' ').find((scope) => !granted.includes(scope));
          if (refused !== undefined) throw new errors.InvalidScope('scope is not granted', refused);
          return {
            audience,
            scope: granted.join(' '),
            accessTokenTTL: options.alterationOf(context.req).tokenLife ?? options.tokenLife ?? 600,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: algorithm } },
          };
        },
      },
    },
    assertJwtClientAuthClaimsAndHeader: (context, claims, header, { clientId }) => {
      const broken = brokenAssertionRule(claims, header, issuer, seconds());
      if (broken !== undefined) throw new errors.InvalidClientAuth(broken);
      const client = clients.get(clientId);
      if (client === undefined) throw new errors.InvalidClientAuth('unknown client');
      if (client.dpop !== false) checkProof(context, errors, seconds());
      try {
        organisations.set(context, organisationNumbersFrom(claims['assertion_details'], client));
      } catch (error) {
        if (error instanceof OrganisationNumberRefused) throw new errors.InvalidRequest(error.message);
        throw error;
      }
    },
    extraTokenClaims: (context) =>
      organisationClaims(organisations.get(context) ?? {}, clients.get(context.oidc.client?.clientId ?? '')),
    formats: {
      customizers: {
        jwt: (_context, _token, jwt) => {
          jwt.payload['nbf'] = jwt.payload['iat'];
          delete jwt.payload['sub'];
        },
      },
    },
  };
}

function clientMetadata(client: RegisteredClient): NonNullable<Configuration['clients']>[number] {
  return {
    client_id: client.id,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [publicKeyOf(client)] },
    dpop_bound_access_tokens: client.dpop ?? true,
  };
}

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** The provider refuses a client whose registered key is private, which is easily handed over by mistake. */
function publicKeyOf({ publicJwk }: RegisteredClient): JWK {
  return Object.fromEntries(Object.entries(publicJwk).filter(([name]) => !PRIVATE_MEMBERS.includes(name)));
}

function scopeParameter(context: KoaContextWithOIDC): string | undefined {
  const scope = context.oidc.params?.['scope'];
  return typeof scope === 'string' && scope.trim() !== '' ? scope.trim() : undefined;
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
