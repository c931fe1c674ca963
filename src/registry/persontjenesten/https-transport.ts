import { isAxiosError, type AxiosInstance, type AxiosResponse } from 'axios';
import {
  UpstreamInvalidAnswer,
  UpstreamTimeout,
  UpstreamUnavailable,
  asAdapterError,
  AdapterError,
} from '../../errors/errors.js';
import type { AccessToken, AccessTokens } from '../../helseid/access-tokens.js';
import { dpopProof, type DpopKey } from '../../helseid/dpop-key.js';
import type { EventSink } from '../../operations/events.js';
import { callErrorCode, headersOf, wentOverKeptConnection } from '../../outbound/http-client.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import type { ApiVersion } from './api-version.js';
import type { ApiRequest, ApiResponse, Transport } from './transport.js';

/** What the transport is made of. */
export interface HttpsTransportParts {
  /** Base address of Persontjenesten, without a trailing slash. */
  readonly baseUrl: string;
  readonly version: ApiVersion;
  readonly http: AxiosInstance;
  readonly tokens: AccessTokens;
  readonly dpopKey: DpopKey;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventSink;
}

/** Calls over HTTPS, each attempt with its own DPoP proof. */
export class HttpsTransport implements Transport {
  #nonce: string | undefined;

  constructor(private readonly parts: HttpsTransportParts) {}

  /**
   * A 401 is answered with what it asks for, each once at most: the server's nonce, and a new token. Nothing else is
   * repeated here.
   */
  async send(request: ApiRequest): Promise<ApiResponse> {
    let token = await this.#token(request);
    let response = await this.#attempt(request, token);
    const left = new Set(['nonce', 'token'] as const);
    while (response.status === 401) {
      const wanted = asksForNonce(response) ? 'nonce' : 'token';
      if (!left.delete(wanted)) break;
      if (wanted === 'token') {
        this.parts.tokens.drop(token);
        token = await this.#token(request);
      }
      response = await this.#attempt(request, token);
    }
    return response;
  }

  async #token({ access, organisation, signal }: ApiRequest): Promise<AccessToken> {
    const { tokens, version } = this.parts;
    try {
      return await tokens.get(version.scopes[access], organisation, signal);
    } catch (error) {
      if (signal.aborted) throw abortError(signal, 'the deadline passed while waiting for a token');
      throw error;
    }
  }

  async #attempt(request: ApiRequest, token: AccessToken): Promise<ApiResponse> {
    const { clock, events } = this.parts;
    const startedAt = clock.now().getTime();
    const tell = (httpStatus: number | null, call: unknown): void => {
      events.emit('upstreamCalled', {
        correlationId: request.correlationId,
        operation: operationOf(request.path),
        httpStatus,
        milliseconds: clock.now().getTime() - startedAt,
        reusedConnection: wentOverKeptConnection(call),
      });
    };
    try {
      const response = await this.#call(request, token);
      const headers = headersOf(response.headers);
      this.#nonce = headers['dpop-nonce'] ?? this.#nonce;
      tell(response.status, response.request);
      return { status: response.status, headers, body: response.data };
    } catch (error) {
      const trouble = callError(error, request.signal);
      if (isTheirs(trouble)) tell(null, isAxiosError(error) ? error.request : undefined);
      throw trouble;
    }
  }

  async #call(request: ApiRequest, token: AccessToken): Promise<AxiosResponse<string>> {
    const { baseUrl, version, http, dpopKey, clock, random } = this.parts;
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
        ...version.headers,
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

const operations = new Set([
  'get-by-nin',
  'bulk-by-nin',
  'bulk-by-id',
  'paged-match-list',
  'match-count',
  'latest',
  'event',
  'ping',
]);

/** The operation that a path is for. What stands in a path otherwise is an id, and no id is told. */
function operationOf(path: string): string {
  const [kind = '', name = ''] = path.split('/').slice(-2);
  if (operations.has(name)) return name;
  if (kind === 'search' && name === 'person') return 'search';
  return kind === 'person' ? 'person' : 'other';
}

/** Only the code of what was caught is passed on: axios errors carry headers and bodies. */
function callError(error: unknown, signal: AbortSignal): AdapterError {
  if (signal.aborted) return abortError(signal, 'the deadline passed while waiting for the answer');
  const code = callErrorCode(error);
  if (!isAxiosError(error) && !UNREADABLE.has(code)) return asAdapterError(error);
  const hadBegun = isAxiosError(error) && error.response !== undefined;
  return hadBegun || UNREADABLE.has(code)
    ? new UpstreamInvalidAnswer(`the answer was cut short, too large or unreadable: ${code}`)
    : new UpstreamUnavailable(`the call failed: ${code}`);
}

/** Whether it says anything about Persontjenesten. A caller who left, or a mistake of our own, does not. */
function isTheirs(error: AdapterError): boolean {
  return (
    error instanceof UpstreamTimeout ||
    error instanceof UpstreamUnavailable ||
    error instanceof UpstreamInvalidAnswer
  );
}

/** Whoever aborts may say why with an error of ours, such as a caller who left; otherwise time is up. */
function abortError({ reason }: AbortSignal, message: string): AdapterError {
  return reason instanceof AdapterError ? reason : new UpstreamTimeout(message);
}

/** What a call ends with when its answer is larger than axios may read, or is not UTF-8. */
const UNREADABLE = new Set(['ERR_BAD_RESPONSE', 'ERR_ENCODING_INVALID_ENCODED_DATA']);
