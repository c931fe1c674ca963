import type { AxiosInstance, AxiosResponse } from 'axios';
import {
  UpstreamInvalidAnswer,
  UpstreamTimeout,
  UpstreamUnavailable,
  type AdapterError,
} from '../../errors/errors.js';
import type { AccessToken, AccessTokens } from '../../helseid/access-tokens.js';
import { dpopProof, type DpopKey } from '../../helseid/dpop-key.js';
import type { EventSink } from '../../operations/events.js';
import { callErrorCode, headersOf } from '../../outbound/http-client.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import type { ApiRequest, ApiResponse, Transport } from './transport.js';

/** What the transport is made of. */
export interface HttpsTransportParts {
  /** Base address of Persontjenesten, without a trailing slash. */
  readonly baseUrl: string;
  readonly http: AxiosInstance;
  readonly tokens: AccessTokens;
  readonly dpopKey: DpopKey;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventSink;
}

/** The scope that goes with each view of the API (persontjenesten-api 4). */
const scopes = {
  full: 'nhn:hgd-persontjenesten-api/full-access',
  restricted: 'nhn:hgd-persontjenesten-api/restricted-access',
} as const;

/** Calls over HTTPS, each attempt with its own DPoP proof. */
export class HttpsTransport implements Transport {
  #nonce: string | undefined;

  constructor(private readonly parts: HttpsTransportParts) {}

  /** A 401 is answered once with what it asks for: the server's nonce, or else a new token. Nothing else is repeated here. */
  async send(request: ApiRequest): Promise<ApiResponse> {
    const token = await this.#token(request);
    const first = await this.#attempt(request, token);
    if (first.status !== 401) return first;
    if (asksForNonce(first)) return this.#attempt(request, token);
    this.parts.tokens.drop(token);
    return this.#attempt(request, await this.#token(request));
  }

  async #token({ access, organisation, signal }: ApiRequest): Promise<AccessToken> {
    try {
      return await this.parts.tokens.get(scopes[access], organisation, signal);
    } catch (error) {
      if (signal.aborted) throw new UpstreamTimeout('the deadline passed while waiting for a token');
      throw error;
    }
  }

  async #attempt(request: ApiRequest, token: AccessToken): Promise<ApiResponse> {
    const { clock, events } = this.parts;
    const startedAt = clock.now().getTime();
    let httpStatus: number | null = null;
    try {
      const response = await this.#call(request, token);
      httpStatus = response.status;
      const headers = headersOf(response.headers);
      this.#nonce = headers['dpop-nonce'] ?? this.#nonce;
      return { status: response.status, headers, body: response.data };
    } catch (error) {
      throw callError(error, request.signal);
    } finally {
      events.emit('upstreamCalled', {
        correlationId: request.correlationId,
        operation: operationOf(request.path),
        httpStatus,
        milliseconds: clock.now().getTime() - startedAt,
      });
    }
  }

  async #call(request: ApiRequest, token: AccessToken): Promise<AxiosResponse<string>> {
    const { baseUrl, http, dpopKey, clock, random } = this.parts;
    const url = baseUrl + request.path;
    const proof = await dpopProof(dpopKey, {
      method: request.method,
      url,
      accessToken: token.value,
      nonce: this.#nonce,
      jti: random.uuid(),
      issuedAt: clock.now(),
    });
    return http.request<string>({
      url: request.query.length === 0 ? url : `${url}?${formText(request.query)}`,
      method: request.method,
      headers: {
        Accept: 'application/json',
        Authorization: `DPoP ${token.value}`,
        DPoP: proof,
        'X-Correlation-ID': request.correlationId,
        ...(request.method === 'POST' ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(request.method === 'POST' ? { data: formText(request.form) } : {}),
      signal: request.signal,
    });
  }
}

function formText(fields: readonly (readonly [string, string])[]): string {
  const form = new URLSearchParams();
  for (const [name, value] of fields) form.append(name, value);
  return form.toString();
}

function asksForNonce({ headers }: ApiResponse): boolean {
  return (
    headers['dpop-nonce'] !== undefined && (headers['www-authenticate'] ?? '').includes('use_dpop_nonce')
  );
}

/** The last part of the path, which for `person/{id}` is an opaque id: told as `person`. */
function operationOf(path: string): string {
  const [kind, name] = path.split('/').slice(-2);
  return kind === 'person' && name !== undefined && !/^[a-z]+(-[a-z]+)+$/.test(name)
    ? 'person'
    : (name ?? '');
}

/** Only the code of what was caught is passed on: axios errors carry headers and bodies. */
function callError(error: unknown, signal: AbortSignal): AdapterError {
  const code = callErrorCode(error);
  if (signal.aborted) return new UpstreamTimeout('the deadline passed while waiting for the answer');
  if (code === 'ERR_BAD_RESPONSE')
    return new UpstreamInvalidAnswer('the answer was cut short or is too large');
  return new UpstreamUnavailable(`the call failed: ${code}`);
}
