import type { AxiosInstance } from 'axios';
import type * as oidc from 'openid-client';
import { headersOf } from '../outbound/http-client.js';
import { callTrouble } from './token-errors.js';

/** Statuses whose answers have no body (Fetch standard, "null body status"). */
const WITHOUT_BODY = new Set([204, 205, 304]);

/**
 * openid-client speaks fetch; the connections, certificates and caps are those of every other call.
 * @throws TokenUnavailable for a call without an answer; an answer of any status is given back
 */
export function fetchOver(http: AxiosInstance): oidc.CustomFetch {
  return async (url, options) => {
    try {
      const response = await http.request<string>({
        url,
        method: options.method,
        headers: options.headers,
        ...(options.body === undefined || options.body === null ? {} : { data: bodyText(options.body) }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
      return new Response(WITHOUT_BODY.has(response.status) ? null : response.data, {
        status: response.status,
        headers: { ...headersOf(response.headers) },
      });
    } catch (error) {
      // What axios throws carries the request, with its assertion; nothing but its code goes on.
      throw callTrouble(error, options.signal?.aborted === true);
    }
  };
}

function bodyText(body: NonNullable<oidc.FetchBody>): string {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('a token request has a form as its body');
}
