import type { Fault } from '../faults.js';

/** What HelseID's token endpoint says no with (helseid 4; RFC 6749 5.2, RFC 9449 5). */
export type TokenEndpointError =
  | 'invalid_client'
  | 'invalid_dpop_proof'
  | 'invalid_grant'
  | 'invalid_request'
  | 'invalid_scope'
  | 'server_error'
  | 'temporarily_unavailable'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type';

/** The numbers that HelseID gives to what is wrong with organisation numbers (helseid 4). */
export type OrganisationErrorNumber = 1001 | 1002 | 1003 | 1004 | 1005 | 1006 | 1007 | 1008 | 1009 | 1010;

/**
 * An error of the token endpoint, whatever was asked. Status 401 for `invalid_client`, as the server beneath has it, else 400;
 * another one may be given, since the contract leaves it open.
 */
export function tokenEndpointError(
  error: TokenEndpointError,
  description?: string,
  status = error === 'invalid_client' ? 401 : 400,
): Fault {
  return {
    kind: 'answer',
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify({ error, ...(description === undefined ? {} : { error_description: description }) }),
  };
}

/** A refusal of organisation numbers. Clients that are registered accordingly get the same by themselves. */
export function organisationError(number: OrganisationErrorNumber): Fault {
  return tokenEndpointError('invalid_request', `HID-${number}: refused for a test`);
}

/** A token that comes without some scopes, since the organisation has not accepted the terms: the status is 200 (helseid 2.3). */
export function scopesRejected(...scopes: readonly string[]): Fault {
  return {
    kind: 'altered-answer',
    alter: (body) => {
      if (typeof body !== 'object' || body === null) return body;
      const { scope, ...others }: { scope?: unknown } = body;
      const left = typeof scope === 'string' ? scope.split(' ').filter((one) => !scopes.includes(one)) : [];
      return {
        ...others,
        ...(left.length === 0 ? {} : { scope: left.join(' ') }),
        rejected_scope: scopes.join(' '),
      };
    },
  };
}
