/** The audience of Persontjenesten (helseid 2.3). */
export const PERSONTJENESTEN_AUDIENCE = 'nhn:hgd-persontjenesten-api';

/** The two scopes of Persontjenesten v3 (persontjenesten-api 4). */
export const PERSONTJENESTEN_SCOPES = {
  full: `${PERSONTJENESTEN_AUDIENCE}/full-access`,
  restricted: `${PERSONTJENESTEN_AUDIENCE}/restricted-access`,
} as const;

/** Claims in an access token that tell on whose behalf the client acts (helseid 2.3). */
export const OrganisationClaim = {
  parent: 'helseid://claims/client/claims/orgnr_parent',
  child: 'helseid://claims/client/claims/orgnr_child',
  tenancy: 'helseid://claims/client/client_tenancy',
} as const;

/** The audience that a scope belongs to; undefined for a scope of no API we know. */
export function audienceOf(scope: string): string | undefined {
  return Object.values(PERSONTJENESTEN_SCOPES).some((known) => known === scope)
    ? PERSONTJENESTEN_AUDIENCE
    : undefined;
}
