import * as oidc from 'openid-client';
import { AdapterError, TokenRefused, TokenUnavailable } from '../errors/errors.js';
import { callErrorCode } from '../outbound/http-client.js';
import { alarm, alarms, isAlarmName, type AlarmName } from './alarms.js';

/** OAuth's codes for trouble that passes by itself and has no row of its own (RFC 6749 4.1.2.1, RFC 8628 3.5). */
const FAILING = new Set(['temporarily_unavailable', 'server_error', 'slow_down']);

/** openid-client's codes for an answer of status 200 that is JSON but no token for us. */
const UNUSABLE = new Set(['OAUTH_INVALID_RESPONSE', 'OAUTH_UNSUPPORTED_OPERATION']);

/** No wish to be left alone is heeded for longer, in seconds. */
const LONGEST_WISH = 3600;

/** The error for a cause out of the table of alarms. @param retryInSeconds how long HelseID wants to be left alone */
export function tokenTrouble(
  name: AlarmName,
  message: string,
  retryInSeconds?: number,
): TokenUnavailable | TokenRefused {
  const trouble = { alarm: alarm(name), retryInSeconds };
  return alarms[name].passing ? new TokenUnavailable(message, trouble) : new TokenRefused(message, trouble);
}

/**
 * What went wrong at the token endpoint. Descriptions may hold anything: of HelseID's answer only the status, the OAuth
 * code and HelseID's own number of the error are passed on.
 * @param now for a wish to be left alone until a certain time
 */
export function tokenError(error: unknown, now: Date): AdapterError {
  const known = knownError(error);
  if (known !== undefined) return known;
  if (error instanceof oidc.ResponseBodyError) {
    return answered(error.response, now, error.error, error.error_description);
  }
  if (error instanceof oidc.WWWAuthenticateChallengeError) {
    return answered(error.response, now, error.cause[0]?.parameters.error);
  }
  if (error instanceof oidc.ClientError && error.cause instanceof Response) {
    const { status } = error.cause;
    // A firewall in front of HelseID refuses with any status but this one.
    return status === 401 || isPassing(status)
      ? answered(error.cause, now)
      : tokenTrouble('not_helseid', `HelseID answered ${status} without a token`);
  }
  if (error instanceof oidc.ClientError && UNUSABLE.has(error.code ?? '')) {
    return tokenTrouble('unusable_answer', 'the answer holds no token that can be used');
  }
  return tokenTrouble(withoutAnswer(error), `no token: ${callErrorCode(error)}`);
}

/** What went wrong at discovery: nothing there is about this client, so it can only be HelseID or the way to it. */
export function discoveryError(error: unknown, now: Date): AdapterError {
  const known = knownError(error);
  if (known !== undefined) return known;
  const answer = error instanceof Error && error.cause instanceof Response ? error.cause : undefined;
  const status = answer === undefined ? '' : ` ${answer.status}`;
  const wish = answer === undefined ? undefined : wishIn(answer, now);
  return tokenTrouble('no_discovery', `no discovery:${status} ${callErrorCode(error)}`, wish);
}

/** What a call to HelseID that ended without an answer is told as. */
export function callTrouble(error: unknown, isOutOfTime: boolean): AdapterError {
  return isOutOfTime
    ? tokenTrouble('no_answer', 'HelseID did not answer in time')
    : tokenTrouble('no_connection', `the call to HelseID failed: ${callErrorCode(error)}`);
}

/** An error of ours, as it is or as openid-client wraps what its fetch throws. */
function knownError(error: unknown): AdapterError | undefined {
  if (error instanceof AdapterError) return error;
  return error instanceof oidc.ClientError && error.cause instanceof AdapterError ? error.cause : undefined;
}

function answered(response: Response, now: Date, code = '', description = ''): AdapterError {
  const { status } = response;
  const number = /\bHID-\d{4}\b/.exec(description)?.[0];
  const message = [
    `HelseID answered ${status}`,
    ...(/^[a-z_]{1,40}$/.exec(code) ?? []),
    ...(number === undefined ? [] : [number]),
  ].join(' ');
  return tokenTrouble(causeOf(status, code, number), message, wishIn(response, now));
}

function causeOf(status: number, code: string, number: string | undefined): AlarmName {
  if (status === 429) return 'too_many_requests';
  if (isPassing(status) || FAILING.has(code)) return 'helseid_failing';
  if (number !== undefined && isAlarmName(number)) return number;
  if (OF_THE_PROTOCOL.has(code) && isAlarmName(code)) return code;
  return status === 401 ? 'invalid_client' : 'refused';
}

/** The codes that may stand in an answer; the names of other rows are not HelseID's to use. */
const OF_THE_PROTOCOL = new Set([
  'use_dpop_nonce',
  'invalid_dpop_proof',
  'invalid_client',
  'invalid_request',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_grant',
  'unsupported_response_type',
]);

function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Retry-After in either of its forms (RFC 9110 10.2.3), in seconds, up to an hour. */
function wishIn({ headers }: Response, now: Date): number | undefined {
  const value = headers.get('retry-after') ?? '';
  const seconds = /^\d{1,9}$/.test(value) ? Number(value) : (Date.parse(value) - now.getTime()) / 1000;
  return seconds > 0 ? Math.min(Math.ceil(seconds), LONGEST_WISH) : undefined;
}

function withoutAnswer(error: unknown): AlarmName {
  const code = callErrorCode(error);
  if (code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT') return 'no_answer';
  return code.startsWith('OAUTH_') ? 'not_helseid' : 'no_connection';
}
