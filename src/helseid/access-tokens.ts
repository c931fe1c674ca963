import type { EventSink } from '../operations/events.js';
import type { Organisation } from '../registry/person-registry.js';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import { IssuerBreaker } from './issuer-breaker.js';
import { KeptToken } from './kept-token.js';
import type { GrantedToken } from './token-client.js';

/** A token that can be used now. */
export interface AccessToken {
  readonly value: string;
  /** When it stops being handed out, some seconds before HelseID's own end. */
  readonly freshUntil: Date;
}

/** Where fresh tokens come from. */
export interface TokenSource {
  /** For whom tokens are given at the moment, by client and key; undefined where that never changes. */
  readonly identity?: string | undefined;
  grant(scope: string, organisation: Organisation): Promise<GrantedToken>;
}

/** Tokens as those who call Persontjenesten see them. */
export interface Tokens {
  /** @throws TokenUnavailable, TokenRefused, or the signal's reason when it aborts first. */
  get(scope: string, organisation: Organisation, signal: AbortSignal): Promise<AccessToken>;
  /** Forgets a token that was not accepted, unless it has been replaced already or itself came in place of such a one just now. */
  drop(token: AccessToken): void;
}

/**
 * Tokens, one for each scope and organisation. Nobody waits for one but who comes first, or after a long silence: a token in use
 * is replaced ahead of its end, in the background, and serves until some seconds before it. However many ask at once, one
 * request is in flight. While HelseID cannot serve or refuses, it is asked ever more seldom, and who asks us gets the last error
 * at once.
 */
export class AccessTokens implements Tokens {
  readonly #kept = new Map<string, KeptToken>();
  readonly #breaker: IssuerBreaker;
  readonly #closing = new AbortController();

  constructor(
    private readonly source: TokenSource,
    private readonly clock: Clock,
    private readonly events: EventSink,
    private readonly random: Random,
  ) {
    this.#breaker = new IssuerBreaker(clock, random);
  }

  async get(scope: string, organisation: Organisation, signal: AbortSignal): Promise<AccessToken> {
    return this.#get(scope, organisation, signal, false);
  }

  /** The same tokens for somebody whose trouble is not to be told. */
  quietly(): Tokens {
    return {
      get: (scope, organisation, signal) => this.#get(scope, organisation, signal, true),
      drop: (token) => {
        this.drop(token);
      },
    };
  }

  drop(token: AccessToken): void {
    for (const kept of this.#kept.values()) kept.drop(token);
  }

  /** Ends the refreshing. What is in flight goes on, and so may those who still ask. */
  close(): void {
    this.#closing.abort();
  }

  async #get(
    scope: string,
    organisation: Organisation,
    signal: AbortSignal,
    quietly: boolean,
  ): Promise<AccessToken> {
    signal.throwIfAborted();
    const kept = this.#for(scope, organisation);
    return kept.atHand(quietly) ?? unlessAborted(kept.fetch(), signal);
  }

  #for(scope: string, organisation: Organisation): KeptToken {
    const name = [scope, organisation.parent, organisation.child ?? ''].join(' ');
    const known = this.#kept.get(name);
    if (known !== undefined) return known;
    const kept = new KeptToken({
      scope,
      organisation,
      source: this.source,
      breaker: this.#breaker,
      clock: this.clock,
      random: this.random,
      events: this.events,
      closed: this.#closing.signal,
      onUnused: () => this.#kept.delete(name),
    });
    this.#kept.set(name, kept);
    return kept;
  }
}

async function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(asError(signal.reason));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort);
    });
  });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted');
}
