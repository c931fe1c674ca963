import nock, { type ReplyFnResult } from 'nock';
import { AccessTokens, type TokenSource } from '../../src/helseid/access-tokens.js';
import { DpopAuthorisation } from '../../src/helseid/authorisation.js';
import { newDpopKey } from '../../src/helseid/dpop-key.js';
import type { GrantedToken } from '../../src/helseid/token-client.js';
import { createHttpClient } from '../../src/outbound/http-client.js';
import { apiVersions } from '../../src/registry/persontjenesten/api-version.js';
import { layered } from '../../src/registry/persontjenesten/calls/layer.js';
import { HttpsTransport } from '../../src/registry/persontjenesten/https-transport.js';
import type { ApiRequest } from '../../src/registry/persontjenesten/transport.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { CountedRandom } from '../support/counted-random.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { StandingClock } from '../support/standing-clock.js';
import { syntheticNumber } from '../support/synthetic-number.js';

export const BASE = 'https://persontjenesten.example.invalid';
export const NOW = '2031-05-06T07:08:09.500Z';
export const NIN = syntheticNumber(3);
export const CORRELATION_ID = newCorrelationId({ uuid: () => '11111111-2222-4333-8444-555555555555' });

/** Gives `token-1`, `token-2`, … at once. */
export class CountingSource implements TokenSource {
  granted = 0;

  grant(): Promise<GrantedToken> {
    this.granted += 1;
    return Promise.resolve({ accessToken: `token-${this.granted}`, expiresInSeconds: 600 });
  }
}

export interface TransportBench<Source extends TokenSource> {
  readonly transport: HttpsTransport;
  readonly source: Source;
  readonly events: RecordedEvents;
  readonly clock: StandingClock;
}

/** A transport with everything around it in the test's hands. */
export async function transportBench<Source extends TokenSource>(
  source: Source,
  {
    baseUrl = BASE,
    certificateAuthority = undefined as string | undefined,
    version = apiVersions[3],
    attempts = layered(),
  } = {},
): Promise<TransportBench<Source>> {
  const clock = new StandingClock(NOW);
  const events = new RecordedEvents();
  const random = new CountedRandom();
  const transport = new HttpsTransport({
    baseUrl,
    version,
    http: createHttpClient({ certificateAuthority }),
    tokens: new AccessTokens(source, clock, events, random),
    authorisation: new DpopAuthorisation({ key: await newDpopKey(), clock, random }),
    clock,
    events,
    attempts,
  });
  return { transport, source, events, clock };
}

/** A lookup by number. */
export function lookup(parts: Partial<ApiRequest> = {}): ApiRequest {
  return {
    method: 'POST',
    path: '/api/v3/full-access/person/get-by-nin',
    query: [
      ['informationParts', 'Name'],
      ['informationParts', 'Birth'],
      ['includeHistory', 'false'],
    ],
    form: [['nin', NIN]],
    access: 'full',
    organisation: { parent: '310000027' },
    clientId: 'epj-1',
    lane: 'interactive',
    correlationId: CORRELATION_ID,
    signal: new AbortController().signal,
    ...parts,
  };
}

/** One request that reached Persontjenesten. */
export interface Received {
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly proof: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Persontjenesten behind nock: remembers what it received and says what the test wants. */
export class FakeApi {
  readonly received: Received[] = [];
  /** The answer to each request; the count begins at 0. */
  answer: (request: Received, count: number) => ApiAnswer = () => ({ status: 200, body: '{"id":"e1"}' });

  constructor() {
    const respond = (request: Received): ReplyFnResult => {
      this.received.push(request);
      const { status, body = '', headers = {} } = this.answer(request, this.received.length - 1);
      return [status, body, headers];
    };
    const server = nock(BASE).persist();
    for (const interceptor of [server.get(/./), server.post(/./)]) {
      interceptor.reply(function (uri, body) {
        const { headers } = this.req;
        return respond({
          address: uri,
          headers,
          body: typeof body === 'string' ? body : '',
          proof: headers['dpop'] ?? '',
        });
      });
    }
  }
}
