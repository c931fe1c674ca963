import * as oidc from 'openid-client';
import { AdapterError, TokenRefused, TokenUnavailable } from '../errors/errors.js';
import { callErrorCode } from '../outbound/http-client.js';

/** OAuth's codes for trouble that passes by itself; every other one needs somebody to change something (helseid 4). */
const PASSING = new Set(['use_dpop_nonce', 'temporarily_unavailable', 'server_error', 'slow_down']);

/** openid-client's codes for an answer of status 200 that is JSON but no token for us. */
const UNUSABLE = new Set(['OAUTH_INVALID_RESPONSE', 'OAUTH_UNSUPPORTED_OPERATION']);

/**
 * What went wrong at the token endpoint. Descriptions may hold anything: of HelseID's answer only the status, the OAuth
 * code and HelseID's own number of the error are passed on.
 */
export function tokenError(error: unknown): AdapterError {
  const known = knownError(error);
  if (known !== undefined) return known;
  if (error instanceof oidc.ResponseBodyError) {
    return answered(error.status, error.error, error.error_description);
  }
  if (error instanceof oidc.WWWAuthenticateChallengeError) {
    return answered(error.status, error.cause[0]?.parameters.error);
  }
  if (error instanceof oidc.ClientError && error.cause instanceof Response) {
    const { status } = error.cause;
    // A firewall in front of HelseID refuses with any status but this one.
    return status === 401 ? answered(status) : unavailable(`HelseID answered ${status} without a token`);
  }
  if (error instanceof oidc.ClientError && UNUSABLE.has(error.code ?? '')) {
    return new TokenRefused('the answer holds no token that can be used');
  }
  return unavailable(`no token: ${callErrorCode(error)}`);
}

/** What went wrong at discovery: nothing there is about this client, so it can only be HelseID or the way to it. */
export function discoveryError(error: unknown): AdapterError {
  const known = knownError(error);
  if (known !== undefined) return known;
  const status = error instanceof Error && error.cause instanceof Response ? ` ${error.cause.status}` : '';
  return unavailable(`no discovery:${status} ${callErrorCode(error)}`);
}

/** An error of ours, as it is or as openid-client wraps what its fetch throws. */
function knownError(error: unknown): AdapterError | undefined {
  if (error instanceof AdapterError) return error;
  return error instanceof oidc.ClientError && error.cause instanceof AdapterError ? error.cause : undefined;
}

function answered(status: number, code = '', description = ''): AdapterError {
  const passing = status === 408 || status === 429 || status >= 500 || PASSING.has(code);
  const message = [
    `HelseID answered ${status}`,
    ...(/^[a-z_]{1,40}$/.exec(code) ?? []),
    ...(/\bHID-\d{4}\b/.exec(description) ?? []),
  ].join(' ');
  return passing ? unavailable(message) : new TokenRefused(message);
}

function unavailable(message: string): TokenUnavailable {
  return new TokenUnavailable(message);
}
