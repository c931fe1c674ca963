import type { EventSink } from '../operations/events.js';
import { asAdapterError } from '../errors/errors.js';
import type { Organisation } from '../registry/person-registry.js';
import type { Clock } from '../runtime/clock.js';
import type { GrantedToken } from './token-client.js';

/** A token that can be used now. */
export interface AccessToken {
  readonly value: string;
  /** When it stops being handed out, some seconds before HelseID's own end. */
  readonly freshUntil: Date;
}

/** Where fresh tokens come from. */
export interface TokenSource {
  grant(scope: string, organisation: Organisation): Promise<GrantedToken>;
}

/**
 * Tokens, one for each scope and organisation, kept until shortly before they expire.
 * However many ask at once, one request is in flight; an error is told to all who wait and remembered by nobody (helseid 2.4).
 */
export class AccessTokens {
  readonly #held = new Map<string, AccessToken>();
  readonly #inFlight = new Map<string, Promise<AccessToken>>();

  constructor(
    private readonly source: TokenSource,
    private readonly clock: Clock,
    private readonly events: EventSink,
  ) {}

  /** @throws TokenUnavailable, TokenRefused, or the signal's reason when it aborts first. */
  async get(scope: string, organisation: Organisation, signal: AbortSignal): Promise<AccessToken> {
    signal.throwIfAborted();
    const key = [scope, organisation.parent, organisation.child ?? ''].join(' ');
    const held = this.#held.get(key);
    if (held !== undefined && this.clock.now() < held.freshUntil) return held;
    return unlessAborted(this.#fetchOnce(key, scope, organisation), signal);
  }

  /** Forgets a token that was not accepted, unless it has been replaced already. */
  drop(token: AccessToken): void {
    for (const [key, held] of this.#held) {
      if (held === token) this.#held.delete(key);
    }
  }

  async #fetchOnce(key: string, scope: string, organisation: Organisation): Promise<AccessToken> {
    const running = this.#inFlight.get(key);
    if (running !== undefined) return running;
    const fetching = this.#fetch(key, scope, organisation).finally(() => this.#inFlight.delete(key));
    this.#inFlight.set(key, fetching);
    return fetching;
  }

  async #fetch(key: string, scope: string, organisation: Organisation): Promise<AccessToken> {
    const startedAt = this.clock.now();
    try {
      const { accessToken, expiresInSeconds } = await this.source.grant(scope, organisation);
      const token = {
        value: accessToken,
        freshUntil: new Date(startedAt.getTime() + freshSeconds(expiresInSeconds) * 1000),
      };
      this.#held.set(key, token);
      const milliseconds = this.clock.now().getTime() - startedAt.getTime();
      this.events.emit('tokenFetched', { scope, expiresInSeconds, milliseconds });
      return token;
    } catch (error) {
      this.events.emit('tokenFailed', { scope, error: asAdapterError(error) });
      throw error;
    }
  }
}

/** A tenth of the lifetime early, at least 5 and at most 30 seconds (helseid 2.4). */
function freshSeconds(expiresInSeconds: number): number {
  return expiresInSeconds - Math.max(5, Math.min(30, expiresInSeconds / 10));
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
