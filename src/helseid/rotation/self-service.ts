import type { AxiosInstance, AxiosResponse } from 'axios';
import type { JWK } from 'jose';
import { z } from 'zod';
import { callErrorCode, headersOf } from '../../outbound/http-client.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import { dpopProof, type DpopKey } from '../dpop-key.js';

/** What became of a key that was sent to be registered. */
export type UploadAnswer =
  /** Registered, until then. */
  | { readonly kind: 'accepted'; readonly expiresAt: Date }
  /** Not registered, and sending it again would not help. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Nobody knows: the answer got lost, or is none of self service's. */
  | { readonly kind: 'unclear'; readonly reason: string };

/** What calls to the self-service API are made with. */
export interface SelfServiceParts {
  /** Address of the API, to which `/v1/client-secret` is appended. */
  readonly url: string;
  readonly http: AxiosInstance;
  /** The key that the token is bound to. */
  readonly dpopKey: DpopKey;
  readonly clock: Clock;
  readonly random: Random;
}

const TIMEOUT_MILLISECONDS = 30_000;

const accepted = z.looseObject({ expiration: z.iso.datetime({ offset: true, local: true }) });

/** Statuses after which the same request may succeed, or has succeeded although this answer came. */
const UNCLEAR = new Set([408, 425, 429]);

/** HelseID's self-service API, as far as it replaces one's own key (helseid 5). */
export class SelfService {
  constructor(private readonly parts: SelfServiceParts) {}

  /** Registers the public half of a key in place of the caller's. Never throws for what the network or the service does. */
  async register(publicJwk: JWK, accessToken: string): Promise<UploadAnswer> {
    try {
      const first = await this.#post(publicJwk, accessToken, undefined);
      const nonce = headersOf(first.headers)['dpop-nonce'];
      const answer =
        first.status === 401 && nonce !== undefined ? await this.#post(publicJwk, accessToken, nonce) : first;
      return meaningOf(answer);
    } catch (error) {
      // What axios throws carries the request, with its token; nothing but its code goes on.
      return { kind: 'unclear', reason: `no answer from self service (${callErrorCode(error)})` };
    }
  }

  async #post(
    publicJwk: JWK,
    accessToken: string,
    nonce: string | undefined,
  ): Promise<AxiosResponse<string>> {
    const { http, dpopKey, clock, random } = this.parts;
    const url = `${this.parts.url.replace(/\/$/, '')}/v1/client-secret`;
    const proof = await dpopProof(dpopKey, {
      method: 'POST',
      url,
      accessToken,
      nonce,
      jti: random.uuid(),
      issuedAt: clock.now(),
    });
    const answered = new AbortController();
    const late = new AbortController();
    clock.sleep(TIMEOUT_MILLISECONDS, answered.signal).then(
      () => {
        late.abort();
      },
      () => undefined,
    );
    try {
      return await http.post<string>(url, JSON.stringify(publicJwk), {
        headers: {
          authorization: `DPoP ${accessToken}`,
          dpop: proof,
          'content-type': 'application/json',
          accept: 'application/json',
        },
        signal: late.signal,
      });
    } finally {
      answered.abort();
    }
  }
}

function meaningOf({ status, data }: AxiosResponse<string>): UploadAnswer {
  if (status >= 200 && status < 300) {
    const body = accepted.safeParse(jsonIn(data)).data;
    return body === undefined
      ? { kind: 'unclear', reason: `self service answered ${status} without a date` }
      : { kind: 'accepted', expiresAt: dateIn(body.expiration) };
  }
  const reason = `self service answered ${status}`;
  const isRefusal = status >= 400 && status < 500 && !UNCLEAR.has(status);
  return { kind: isRefusal ? 'refused' : 'unclear', reason };
}

/** A time without a zone is taken for UTC, as the rest of HelseID's times are. */
function dateIn(text: string): Date {
  return new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
