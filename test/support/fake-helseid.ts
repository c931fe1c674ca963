import nock, { type ReplyFnResult } from 'nock';

export const ISSUER = 'https://helseid.example.invalid';
export const SCOPE = 'nhn:hgd-persontjenesten-api/full-access';

/** One request to the token endpoint. */
export interface TokenRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly form: URLSearchParams;
  readonly assertion: string;
  readonly proof: string;
}

/** What the token endpoint answers. An object becomes JSON. */
export interface TokenAnswer {
  readonly status: number;
  readonly body: string | object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A good token, or one with other members. */
export function granted(members: object = {}): TokenAnswer {
  return {
    status: 200,
    body: { access_token: 'the-token', token_type: 'DPoP', expires_in: 600, scope: SCOPE, ...members },
  };
}

export const useNonce = (nonce: string): TokenAnswer => ({
  status: 400,
  body: { error: 'use_dpop_nonce' },
  headers: { 'DPoP-Nonce': nonce },
});

/** HelseID behind nock: discovery, and a token endpoint that says what a test wants. */
export class FakeHelseId {
  discoveries = 0;
  /** Whether discovery works. */
  describes = true;
  readonly requests: TokenRequest[] = [];
  /** The answer to each request; the count begins at 0. */
  answer: (request: TokenRequest, count: number) => TokenAnswer | Promise<TokenAnswer> = () => granted();

  constructor() {
    const server = nock(ISSUER).persist();
    server.get('/.well-known/openid-configuration').reply(() => {
      this.discoveries += 1;
      if (!this.describes) return [503, 'down'];
      return [
        200,
        {
          issuer: ISSUER,
          token_endpoint: `${ISSUER}/connect/token`,
          jwks_uri: `${ISSUER}/jwks`,
        },
      ];
    });
    const respond = async (request: TokenRequest): Promise<ReplyFnResult> => {
      this.requests.push(request);
      const { status, body, headers = {} } = await this.answer(request, this.requests.length - 1);
      return typeof body === 'string'
        ? [status, body, headers]
        : [status, JSON.stringify(body), { 'Content-Type': 'application/json; charset=utf-8', ...headers }];
    };
    server.post('/connect/token').reply(function (_uri, body) {
      return respond(readRequest(this.req.headers, typeof body === 'string' ? body : ''));
    });
  }
}

function readRequest(headers: Readonly<Record<string, string | string[]>>, body: string): TokenRequest {
  const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const form = new URLSearchParams(body);
  return {
    headers: flat,
    form,
    assertion: form.get('client_assertion') ?? '',
    proof: flat['dpop'] ?? '',
  };
}
