import { isAxiosError, type AxiosInstance, type AxiosResponse } from 'axios';
import {
  UpstreamInvalidAnswer,
  UpstreamTimeout,
  UpstreamUnavailable,
  asAdapterError,
  type AdapterError,
} from '../../errors/errors.js';
import type { AccessToken, Tokens } from '../../helseid/access-tokens.js';
import type { Authorisation } from '../../helseid/authorisation.js';
import type { EventSink } from '../../operations/events.js';
import { callErrorCode, headersOf, wentOverKeptConnection } from '../../outbound/http-client.js';
import type { Clock } from '../../runtime/clock.js';
import { oncePerObject } from '../../runtime/once-per-object.js';
import { abortError } from './abort-error.js';
import type { ApiVersion } from './api-version.js';
import type { Layer } from './calls/layer.js';
import { operationOf } from './operation-name.js';
import type { ApiRequest, ApiResponse, Transport } from './transport.js';

/** What the transport is made of. */
export interface HttpsTransportParts {
  /** Base address of Persontjenesten, without a trailing slash. */
  readonly baseUrl: string;
  readonly version: ApiVersion;
  readonly http: AxiosInstance;
  readonly tokens: Tokens;
  /** Belongs to this transport alone: it remembers what Persontjenesten asks for. */
  readonly authorisation: Authorisation;
  readonly clock: Clock;
  readonly events: EventSink;
  /** What each attempt passes once there is a token for it, so that nobody's turn is spent on waiting for HelseID. */
  readonly attempts: Layer;
}

/** Calls over HTTPS, each attempt with headers of its own that let it in. */
export class HttpsTransport implements Transport {
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
      const wanted = this.parts.authorisation.asksAgain(response) ? 'nonce' : 'token';
      if (!left.delete(wanted)) break;
      if (wanted === 'token') {
        this.parts.tokens.drop(token);
        const refused = token;
        token = await this.#token(request);
        if (token === refused) break;
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

  #attempt(request: ApiRequest, token: AccessToken): Promise<ApiResponse> {
    return this.parts.attempts.send(request, (one) => this.#exchange(one, token));
  }

  async #exchange(request: ApiRequest, token: AccessToken): Promise<ApiResponse> {
    const { authorisation, clock, events } = this.parts;
    const askedAt = clock.now();
    const tell = (httpStatus: number | null, call: unknown): void => {
      events.emit('upstreamCalled', {
        correlationId: request.correlationId,
        operation: operationOf(request.path),
        httpStatus,
        milliseconds: clock.now().getTime() - askedAt.getTime(),
        reusedConnection: wentOverKeptConnection(call),
      });
    };
    try {
      const response = await this.#call(request, token);
      const headers = headersOf(response.headers);
      authorisation.heard({ status: response.status, headers, askedAt });
      tell(response.status, response.request);
      return { status: response.status, headers, body: response.data };
    } catch (error) {
      const trouble = callError(error, request.signal);
      if (isTheirs(trouble)) tell(null, isAxiosError(error) ? error.request : undefined);
      throw trouble;
    }
  }

  async #call(request: ApiRequest, token: AccessToken): Promise<AxiosResponse<string>> {
    const { baseUrl, version, http, authorisation } = this.parts;
    const url = baseUrl + request.path;
    const letIn = await authorisation.headersFor({ method: request.method, url, token });
    return http.request<string>({
      url: request.query.length === 0 ? url : `${url}?${queryText(request.query)}`,
      method: request.method,
      headers: {
        Accept: 'application/json',
        ...version.headers,
        ...letIn,
        'X-Correlation-ID': request.correlationId,
        ...(request.method === 'POST' ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(request.method === 'POST' ? { data: formText(request.form) } : {}),
      signal: request.signal,
    });
  }
}

/** Most calls ask for the same as another before. */
const queryText = oncePerObject((query: ApiRequest['query']) => formText(query));

function formText(fields: readonly (readonly [string, string])[]): string {
  const form = new URLSearchParams();
  for (const [name, value] of fields) form.append(name, value);
  return form.toString();
}

/** Only the code of what was caught is passed on: axios errors carry headers and bodies. */
function callError(error: unknown, signal: AbortSignal): AdapterError {
  if (signal.aborted) return abortError(signal, 'the deadline passed while waiting for the answer');
  const code = callErrorCode(error);
  if (!isAxiosError(error) && !UNREADABLE.has(code)) return asAdapterError(error);
  const hadBegun = isAxiosError(error) && error.response !== undefined;
  if (hadBegun ? !BROKEN_OFF.has(code) : UNREADABLE.has(code)) {
    return new UpstreamInvalidAnswer(`the answer was too large or unreadable: ${code}`);
  }
  return new UpstreamUnavailable(`the call failed${hadBegun ? ' in the middle of the answer' : ''}: ${code}`);
}

/** Whether it says anything about Persontjenesten. A caller who left, or a mistake of our own, does not. */
function isTheirs(error: AdapterError): boolean {
  return (
    error instanceof UpstreamTimeout ||
    error instanceof UpstreamUnavailable ||
    error instanceof UpstreamInvalidAnswer
  );
}

/** What a call ends with when its answer is larger than axios may read, or is not UTF-8. */
const UNREADABLE = new Set(['ERR_BAD_RESPONSE', 'ERR_ENCODING_INVALID_ENCODED_DATA']);

/** What a call ends with when the connection ends in the middle of its answer; other trouble there is with its content. */
const BROKEN_OFF = new Set(['ERR_BAD_RESPONSE', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT']);
