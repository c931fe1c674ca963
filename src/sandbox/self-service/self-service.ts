import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JSONWebKeySet } from 'jose';
import type { Clock } from '../../runtime/clock.js';
import type { ClientRegister } from '../helseid/client-register.js';
import { SELF_SERVICE_AUDIENCE, SELF_SERVICE_SCOPE } from '../helseid/scopes.js';
import { readBody } from '../persontjenesten/form.js';
import { Problem } from '../persontjenesten/problem.js';
import { TokenCheck } from '../persontjenesten/token-check.js';
import type { Alteration } from '../servers/fault-gate.js';
import type { Handler } from '../servers/https-origin.js';
import { acceptableKey, UnacceptableKey } from './acceptable-key.js';

/** What the stand-in for HelseID's self-service API is made of. */
export interface SelfServiceOptions {
  readonly issuer: string;
  /** Public keys of HelseID. */
  readonly keys: JSONWebKeySet;
  readonly clients: ClientRegister;
  /** How long a registered key is good, in days. */
  readonly keyLifeDays: number;
  readonly clock: Clock;
  /** What a fault changes in the answer to a request. */
  readonly alterationOf: (request: IncomingMessage) => Alteration;
  /** Told of errors that are the sandbox's own fault. */
  readonly onTrouble: (error: unknown) => void;
}

/** Where the API begins, on HelseID's origin: the real one has an origin of its own. */
export const SELF_SERVICE_PATH = '/selvbetjening';

const ROUTE = `${SELF_SERVICE_PATH}/v1/client-secret`;
const DAY = 24 * 60 * 60 * 1000;

/** Whether a request is for the self-service API and not for HelseID itself. */
export function isSelfServicePath({ url = '' }: IncomingMessage): boolean {
  return url.startsWith(`${SELF_SERVICE_PATH}/`);
}

/**
 * `POST /v1/client-secret` with a new public JWK: it takes the place of the caller's key at once, and the answer tells when it ends
 * (helseid 5). The token has to be a DPoP token for self service; errors are problem details.
 */
export function createSelfService(options: SelfServiceOptions): Handler {
  const { issuer, keys, clock } = options;
  const tokenCheck = new TokenCheck({
    issuer,
    audience: SELF_SERVICE_AUDIENCE,
    keys,
    clock,
    // A key belongs to the client, whomever that acts for.
    needsParentOrganisation: false,
  });
  return (request, response) => {
    answerOf(request, tokenCheck, options)
      .catch((error: unknown) => problemFor(error, options.onTrouble))
      .then((answer) => {
        send(response, answer);
      }, options.onTrouble);
  };
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

async function answerOf(
  request: IncomingMessage,
  tokenCheck: TokenCheck,
  { clients, keyLifeDays, clock, alterationOf }: SelfServiceOptions,
): Promise<Answer> {
  const path = request.url?.split('?')[0] ?? '';
  if (path !== ROUTE) return problem(404, 'There is no such route.');
  if (request.method !== 'POST') return problem(405, 'Only POST is possible.', { allow: 'POST' });
  const { alter, clockSkewSeconds } = alterationOf(request);
  const { authorization, dpop } = request.headers;
  const judged = await tokenCheck.judge(
    {
      method: request.method,
      url: `https://${request.headers.host ?? ''}${path}`,
      authorization,
      proof: typeof dpop === 'string' ? dpop : undefined,
      clockSkewSeconds,
    },
    SELF_SERVICE_SCOPE,
  );
  if (judged.refusal !== undefined) {
    const { status, description } = judged.refusal;
    return problem(status, description, { 'www-authenticate': tokenCheck.challenge(judged.refusal) });
  }
  const key = await acceptableKey(parsed(await readBody(request, 'application/json')));
  if (clients.find(judged.clientId) === undefined) return problem(404, 'There is no such client.');
  const expires = new Date(clock.now().getTime() + keyLifeDays * DAY);
  clients.replaceKey(judged.clientId, key, expires);
  const body = { expiration: expires.toISOString() };
  return { status: 200, body: alter === undefined ? body : alter(body) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnacceptableKey('The body is not JSON.');
  }
}

function problemFor(error: unknown, onTrouble: (error: unknown) => void): Answer {
  if (error instanceof UnacceptableKey) return problem(400, error.message);
  if (error instanceof Problem) return { status: error.status, body: error.details() };
  onTrouble(error);
  return problem(500, 'The sandbox failed.');
}

function problem(status: number, title: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, body: { title, status } };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const type = status === 200 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(JSON.stringify(body));
}
