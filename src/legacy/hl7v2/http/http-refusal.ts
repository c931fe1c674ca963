import type { ErrorCode } from '../../../errors/catalogue.js';
import { MalformedRequest, NotAuthenticated, type AdapterError } from '../../../errors/errors.js';
import { BASIC_CHALLENGE } from '../../http-basic.js';
import type { LegacyHttpResponse } from '../../http.js';

/** A request that holds no message of HL7 v2, or not as one can be sent. */
export class HttpRefusal extends MalformedRequest {
  constructor(
    readonly status: 405 | 415,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** What else keeps a message from its endpoint, and passes by itself where it is a 503. */
const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  'not-authorised': 403,
  'caller-left': 408,
  overloaded: 503,
  'audit-unavailable': 503,
  'store-failed': 503,
};

/** A bare status, for whoever is not answered in HL7's own terms. */
export function refusalFor(error: AdapterError): LegacyHttpResponse {
  if (error instanceof HttpRefusal) return bare(error.status, error.headers);
  if (error instanceof NotAuthenticated) return bare(401, BASIC_CHALLENGE);
  const status = statuses[error.code] ?? 500;
  return bare(status, status === 503 ? { 'Retry-After': '5' } : {});
}

function bare(status: number, headers: Readonly<Record<string, string>> = {}): LegacyHttpResponse {
  return { status, headers: { 'Cache-Control': 'no-store', ...headers }, body: '' };
}
