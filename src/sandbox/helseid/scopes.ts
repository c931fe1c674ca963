/** The audience of Persontjenesten (helseid 2.3). */
export const PERSONTJENESTEN_AUDIENCE = 'nhn:hgd-persontjenesten-api';

/** The two scopes of Persontjenesten v3 (persontjenesten-api 4). */
export const PERSONTJENESTEN_SCOPES = {
  full: `${PERSONTJENESTEN_AUDIENCE}/full-access`,
  restricted: `${PERSONTJENESTEN_AUDIENCE}/restricted-access`,
} as const;

/** The two scopes of Persontjenesten v2, of routes `legal-basis` and `no-legal-basis` (persontjenesten-api 4). */
export const PERSONTJENESTEN_V2_SCOPES = {
  full: `${PERSONTJENESTEN_AUDIENCE}/read-with-legal-basis`,
  restricted: `${PERSONTJENESTEN_AUDIENCE}/read-no-legal-basis`,
} as const;

/** The audience of the self-service API. The name is ours: the contract gives the scope alone. */
export const SELF_SERVICE_AUDIENCE = 'nhn:selvbetjening';

/** The scope for replacing one's own key (helseid 5). */
export const SELF_SERVICE_SCOPE = `${SELF_SERVICE_AUDIENCE}/client`;

/** Every scope there is, each with the API that it belongs to. */
const AUDIENCES: ReadonlyMap<string, string> = new Map([
  ...[...Object.values(PERSONTJENESTEN_SCOPES), ...Object.values(PERSONTJENESTEN_V2_SCOPES)].map(
    (scope) => [scope, PERSONTJENESTEN_AUDIENCE] as const,
  ),
  [SELF_SERVICE_SCOPE, SELF_SERVICE_AUDIENCE],
]);

/** Every scope that HelseID knows here. */
export const ALL_SCOPES: readonly string[] = [...AUDIENCES.keys()];

/** Claims in an access token that tell on whose behalf the client acts (helseid 2.3). */
export const OrganisationClaim = {
  parent: 'helseid://claims/client/claims/orgnr_parent',
  child: 'helseid://claims/client/claims/orgnr_child',
  tenancy: 'helseid://claims/client/client_tenancy',
} as const;

/** The audience that a scope belongs to; undefined for a scope of no API we know. */
export function audienceOf(scope: string): string | undefined {
  return AUDIENCES.get(scope);
}
