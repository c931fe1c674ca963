import * as oidc from 'openid-client';
import type { Clock } from '../runtime/clock.js';
import { discoveryError } from './token-errors.js';

/** How long HelseID's description of itself is good (helseid 1, FK2). */
const GOOD_MILLISECONDS = 24 * 60 * 60_000;

/** How long an old description goes on being used before reading it is tried again. */
const TRY_AGAIN_MILLISECONDS = 10 * 60_000;

/** What is needed to read it. */
export interface DiscoveryParts {
  readonly issuer: string;
  readonly clientId: string;
  readonly fetch: oidc.CustomFetch;
  readonly timeoutSeconds: number;
  readonly clock: Clock;
}

/** HelseID's description of itself, read when it is first needed and then once a day. */
export class Discovery {
  #found: { readonly server: oidc.ServerMetadata; readonly goodUntil: number } | undefined;
  #reading: Promise<oidc.ServerMetadata> | undefined;

  constructor(private readonly parts: DiscoveryParts) {}

  /** An old description is better than none: TokenUnavailable only where it was never read. @throws TokenUnavailable */
  async server(): Promise<oidc.ServerMetadata> {
    const found = this.#found;
    if (found !== undefined && this.#now() < found.goodUntil) return found.server;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<oidc.ServerMetadata> {
    const { issuer, clientId, fetch, timeoutSeconds, clock } = this.parts;
    try {
      const options = { [oidc.customFetch]: fetch, timeout: timeoutSeconds };
      const found = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), options);
      const server = found.serverMetadata();
      this.#found = { server, goodUntil: this.#now() + GOOD_MILLISECONDS };
      return server;
    } catch (error) {
      if (this.#found === undefined) throw discoveryError(error, clock.now());
      const { server } = this.#found;
      this.#found = { server, goodUntil: this.#now() + TRY_AGAIN_MILLISECONDS };
      return server;
    }
  }

  #now(): number {
    return this.parts.clock.now().getTime();
  }
}
