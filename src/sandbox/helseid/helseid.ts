import { exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import type { Alteration } from '../servers/fault-gate.js';
import type { ClientRegister } from './client-register.js';
import { loadOidcProvider } from './load-oidc-provider.js';
import { providerConfiguration } from './provider-configuration.js';

/** What the stand-in for HelseID is made of. */
export interface HelseIdOptions {
  /** Address that clients call, without a path. */
  readonly issuer: string;
  /** Judges HelseID's own rules. It has to agree with the computer's clock, which the library beneath reads. */
  readonly clock: Clock;
  readonly random: Random;
  readonly clients: ClientRegister;
  /** `bearer`: every token is unbound and proofs are not looked at, as in 2021–2022; default `dpop`, but see the clients. */
  readonly tokens?: 'dpop' | 'bearer';
  /** Algorithm of access tokens; default ES256, whose keys are made in no time. */
  readonly signingAlgorithm?: 'ES256' | 'RS256';
  /** Life of access tokens in seconds; default 600, as the test token service has it (helseid 2.3). */
  readonly tokenLife?: number;
  /** What a fault changes in the answer to a request. */
  readonly alterationOf: (request: IncomingMessage) => Alteration;
  /** Told of errors that are the sandbox's own fault. */
  readonly onTrouble: (error: unknown) => void;
}

/** A stand-in for HelseID: discovery, keys and the token endpoint. */
export interface HelseId {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** Public keys that sign access tokens. */
  readonly keys: JSONWebKeySet;
}

/** Builds HelseID's stand-in on oidc-provider, so that clients are judged by a certified server. */
export async function createHelseId(options: HelseIdOptions): Promise<HelseId> {
  const { Provider, errors } = await loadOidcProvider();
  const algorithm = options.signingAlgorithm ?? 'ES256';
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const marks = { kid: options.random.uuid(), alg: algorithm, use: 'sig' };
  const rejected = new WeakMap<IncomingMessage, readonly string[]>();
  const onRejected = (request: IncomingMessage, scopes: readonly string[]): void => {
    rejected.set(request, scopes);
  };
  const provider = new Provider(options.issuer, {
    ...providerConfiguration({ ...options, errors, algorithm, onRejected }),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), ...marks }] },
  });
  provider.on('server_error', (_, error) => {
    options.onTrouble(error);
  });
  // Koa would print the errors of connections that broke; what matters comes by the event above.
  provider.silent = true;
  provider.use(async (context, next) => {
    await next();
    const missing = rejected.get(context.req);
    const body: unknown = context.body;
    if (missing !== undefined && context.status === 200 && typeof body === 'object') {
      context.body = { ...body, rejected_scope: missing.join(' ') };
    }
    const { alter } = options.alterationOf(context.req);
    if (alter !== undefined && context.status === 200) context.body = alter(context.body);
  });
  const handle = provider.callback();
  return {
    handle: (request, response) => {
      handle(request, response).catch(options.onTrouble);
    },
    keys: { keys: [{ ...(await exportJWK(publicKey)), ...marks }] },
  };
}
