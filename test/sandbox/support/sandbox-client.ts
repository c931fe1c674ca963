import { createHash, randomUUID } from 'node:crypto';
import { Agent, request as httpsRequest } from 'node:https';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
} from 'jose';
import type { CustomFetch } from 'openid-client';
import { systemClock } from '../../../src/runtime/system-clock.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/sandbox.js';
import {
  createSelfSignedCertificate,
  type SelfSignedCertificate,
} from '../../../src/sandbox/self-signed-certificate.js';

export const FULL = 'nhn:hgd-persontjenesten-api/full-access';
export const RESTRICTED = 'nhn:hgd-persontjenesten-api/restricted-access';

/** The first step of a path below `/api/`, the scope that goes with it, and what a call needs besides. */
const VIEWS: ReadonlyMap<string, { readonly scope: string; readonly headers: Record<string, string> }> =
  new Map([
    ['v3/full-access', { scope: FULL, headers: {} }],
    ['v3/restricted-access', { scope: RESTRICTED, headers: {} }],
    [
      'legal-basis',
      { scope: 'nhn:hgd-persontjenesten-api/read-with-legal-basis', headers: { 'api-version': '2' } },
    ],
    [
      'no-legal-basis',
      { scope: 'nhn:hgd-persontjenesten-api/read-no-legal-basis', headers: { 'api-version': '2' } },
    ],
  ]);
export const SELF_SERVICE = 'nhn:selvbetjening/client';

/** An answer as it came, its body as text. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

let certificate: Promise<SelfSignedCertificate> | undefined;

/** One certificate for all suites: its key is the slow part of a start. */
export function testCertificate(): Promise<SelfSignedCertificate> {
  certificate ??= createSelfSignedCertificate({
    commonName: 'sandbox under test',
    clock: systemClock,
    random: systemRandom,
  });
  return certificate;
}

/** A sandbox on free ports, empty unless told otherwise. HelseID reads the computer's clock, so the sandbox does too. */
export async function startTestSandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  return startSandbox({
    clock: systemClock,
    random: systemRandom,
    host: '127.0.0.1',
    persontjenestenPort: 0,
    helseidPort: 0,
    population: 0,
    personFolders: [],
    certificate: await testCertificate(),
    ...options,
  });
}

/** A key pair with its public JWK. */
export interface TestKey {
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** A new ES256 key. */
export async function newKey(): Promise<TestKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  return { privateKey, publicJwk: await exportJWK(publicKey) };
}

/** Changes to a JWT: undefined removes a member. */
export interface JwtChanges {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly key?: CryptoKey;
}

/** Signs a JWT with changes applied. */
export function signed(
  header: JWTHeaderParameters,
  claims: JWTPayload,
  key: CryptoKey,
  changes: JwtChanges = {},
): Promise<string> {
  return new SignJWT({ ...claims, ...changes.claims })
    .setProtectedHeader({ ...header, ...changes.header })
    .sign(changes.key ?? key);
}

/** Seconds since 1970 by the computer's clock, which oidc-provider reads. */
export function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** `ath` of RFC 9449. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** What to ask of an API route. */
export interface Call {
  readonly method?: 'GET' | 'POST';
  readonly query?: string;
  readonly form?: string | URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string;
  readonly proof?: string;
}

/** A hand-made client of a sandbox, for requests that no library would send. */
export class SandboxClient {
  readonly sandbox: Sandbox;
  readonly dpopKey: TestKey;
  readonly agent: Agent;
  readonly #tokens = new Map<string, string>();

  private constructor(sandbox: Sandbox, dpopKey: TestKey) {
    this.sandbox = sandbox;
    this.dpopKey = dpopKey;
    this.agent = new Agent({ ca: sandbox.certificatePem, keepAlive: true });
  }

  static async for(sandbox: Sandbox): Promise<SandboxClient> {
    return new SandboxClient(sandbox, await newKey());
  }

  close(): void {
    this.agent.destroy();
  }

  /** Sends a request. Rejects when the connection breaks, also in the middle of the body. */
  send(
    method: string,
    url: string,
    headers: Readonly<Record<string, string>> = {},
    body?: string,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = httpsRequest(url, { method, headers, agent: this.agent }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () => {
          const received = new Headers();
          for (const [name, value] of Object.entries(response.headers)) {
            if (typeof value === 'string') received.set(name, value);
          }
          const text = Buffer.concat(pieces).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: received, text });
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  /** fetch for openid-client, over the same connections. */
  readonly fetch: CustomFetch = async (url, { method, headers, body }) => {
    const text = body instanceof URLSearchParams || typeof body === 'string' ? String(body) : undefined;
    const answer = await this.send(method, url, headers, text);
    return new Response(answer.text, { status: answer.status, headers: answer.headers });
  };

  /** A client assertion as it should be, but for the changes. */
  async assertion(changes: JwtChanges = {}): Promise<string> {
    const { clientId, clientPrivateJwk, issuer } = this.sandbox;
    const key = await importJWK(clientPrivateJwk, clientPrivateJwk.alg);
    if (key instanceof Uint8Array) throw new TypeError('a secret instead of a key');
    const now = nowInSeconds();
    return signed(
      { alg: clientPrivateJwk.alg, kid: clientPrivateJwk.kid, typ: 'client-authentication+jwt' },
      {
        iss: clientId,
        sub: clientId,
        aud: issuer,
        jti: randomUUID(),
        iat: now,
        nbf: now,
        exp: now + 30,
      },
      key,
      changes,
    );
  }

  /** A DPoP proof as it should be, but for the changes. */
  proof(method: string, url: string, changes: JwtChanges = {}): Promise<string> {
    return signed(
      { alg: 'ES256', typ: 'dpop+jwt', jwk: this.dpopKey.publicJwk },
      { jti: randomUUID(), htm: method, htu: url, iat: nowInSeconds() },
      this.dpopKey.privateKey,
      changes,
    );
  }

  get tokenUrl(): string {
    return `${this.sandbox.issuer}/connect/token`;
  }

  /** One request to the token endpoint; `proof` undefined sends none. */
  askForToken(
    assertion: string,
    proof: string | undefined,
    scope: string | undefined = FULL,
    clientId = this.sandbox.clientId,
  ): Promise<Answer> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
    if (scope !== '') form.set('scope', scope);
    return this.send(
      'POST',
      this.tokenUrl,
      {
        'content-type': 'application/x-www-form-urlencoded',
        ...(proof === undefined ? {} : { dpop: proof }),
      },
      form.toString(),
    );
  }

  /** A nonce that the token endpoint accepts. */
  async nonce(): Promise<string> {
    const answer = await this.askForToken(await this.assertion(), await this.proof('POST', this.tokenUrl));
    return answer.headers.get('dpop-nonce') ?? '';
  }

  /** The second request of the flow, with a nonce, but for the changes. */
  async tokenAnswer(
    assertionChanges: JwtChanges = {},
    proofChanges: JwtChanges = {},
    scope: string = FULL,
  ): Promise<Answer> {
    const nonce = await this.nonce();
    const proof = await this.proof('POST', this.tokenUrl, {
      ...proofChanges,
      claims: { nonce, ...proofChanges.claims },
    });
    return this.askForToken(await this.assertion(assertionChanges), proof, scope);
  }

  /** An access token for a scope; fetched once. */
  async token(scope: string = FULL): Promise<string> {
    const known = this.#tokens.get(scope);
    if (known !== undefined) return known;
    const token = memberOf(json(await this.tokenAnswer({}, {}, scope)), 'access_token');
    if (typeof token !== 'string') throw new Error('no token was issued');
    this.#tokens.set(scope, token);
    return token;
  }

  /** Calls `/api/v3/…`, or version 2 for a path of its own, with a token and a fresh proof; a form makes it a POST. */
  async call(path: string, call: Call = {}): Promise<Answer> {
    const { form, query = '', headers = {} } = call;
    const method = call.method ?? (form === undefined ? 'GET' : 'POST');
    const below = /^(?:no-)?legal-basis/.test(path) ? path : `v3/${path}`;
    const url = `${this.sandbox.persontjenestenUrl}/api/${below}`;
    const view = [...VIEWS].find(([start]) => below.startsWith(`${start}/`))?.[1];
    const token = call.token ?? (await this.token(view?.scope));
    const proof = call.proof ?? (await this.proof(method, url, { claims: { ath: hashOf(token) } }));
    return this.send(
      method,
      `${url}${query === '' ? '' : `?${query}`}`,
      {
        authorization: `DPoP ${token}`,
        dpop: proof,
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...view?.headers,
        ...headers,
      },
      form?.toString(),
    );
  }

  /** Thumbprint of the key that proofs are made with. */
  thumbprint(): Promise<string> {
    return calculateJwkThumbprint(this.dpopKey.publicJwk);
  }
}

/** The body of an answer as JSON. */
export function json(answer: Answer): unknown {
  return JSON.parse(answer.text);
}

/** A member of an object; undefined for anything else. */
export function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

/** A list, or an error. */
export function listIn(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError('no list');
  return value;
}
