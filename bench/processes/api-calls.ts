import { randomUUID } from 'node:crypto';
import type { AxiosInstance } from 'axios';
import { AccessTokens } from '../../src/helseid/access-tokens.js';
import { dpopProof, newDpopKey } from '../../src/helseid/dpop-key.js';
import { TokenClient } from '../../src/helseid/token-client.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { PEOPLE_BY_NUMBER, PERSON_BY_NUMBER, SCOPE } from './lookup-calls.js';
import type { ServerStart } from './running-upstream.js';

/** Calls with a token and a proof, and nothing else around them. */
export interface ApiCalls {
  /** Looks a number up; the query says what of it. @returns status and body */
  personByNumber(nin: string, query: string): Promise<ApiAnswer>;
  /** Looks many up in one call. */
  peopleByNumber(nins: readonly string[], query: string): Promise<ApiAnswer>;
}

interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/** Calls through that HTTP client, with the adapter's own tokens and proofs. */
export async function createApiCalls(
  http: AxiosInstance,
  { baseUrl, parent, privateJwk, ...client }: ServerStart['upstream'],
): Promise<ApiCalls> {
  const dpopKey = await newDpopKey();
  const settings = { ...client, privateKey: privateJwk, tenancy: 'single' } as const;
  const grants = new TokenClient(settings, http, dpopKey, systemClock);
  const tokens = new AccessTokens(grants, systemClock, { emit: () => undefined }, systemRandom);
  const post = async (path: string, query: string, form: readonly [string, string][]): Promise<ApiAnswer> => {
    const url = baseUrl + path;
    const token = await tokens.get(SCOPE, { parent }, new AbortController().signal);
    const proof = await dpopProof(dpopKey, {
      method: 'POST',
      url,
      accessToken: token.value,
      nonce: undefined,
      jti: randomUUID(),
      issuedAt: systemClock.now(),
    });
    const { status, data } = await http.request<string>({
      url: `${url}?${query}`,
      method: 'POST',
      headers: {
        Accept: 'application/json',
        Authorization: `DPoP ${token.value}`,
        DPoP: proof,
        'X-Correlation-ID': randomUUID(),
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      data: new URLSearchParams(form).toString(),
    });
    return { status, body: data };
  };
  return {
    personByNumber: (nin, query) => post(PERSON_BY_NUMBER, query, [['nin', nin]]),
    peopleByNumber: (nins, query) =>
      post(
        PEOPLE_BY_NUMBER,
        query,
        nins.map((nin) => ['nins', nin]),
      ),
  };
}
