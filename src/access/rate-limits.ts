import { RateLimited } from '../errors/errors.js';
import type { Clock } from '../runtime/clock.js';
import type { LegacyClient } from './legacy-client.js';

interface Bucket {
  /** Requests that may still come, as of then. */
  left: number;
  at: number;
}

/**
 * Counts what each client asks, by whatever protocol, against how often it may (`clients[].requestsPerSecond`). The rate is that of
 * the client as it comes, so that a reload changes it at once and gives nobody a fresh start.
 */
export class RateLimits {
  readonly #buckets = new Map<string, Bucket>();

  constructor(private readonly clock: Clock) {}

  /** Counts a request. @throws RateLimited when the client has asked too often */
  take({ id, rate }: LegacyClient): void {
    if (rate === undefined) {
      this.#buckets.delete(id);
      return;
    }
    const now = this.clock.now().getTime();
    const bucket = this.#buckets.get(id) ?? { left: rate.burst, at: now };
    // A clock that is put back gives nothing, and takes nothing.
    const elapsed = Math.max(0, now - bucket.at) / 1_000;
    bucket.left = Math.min(rate.burst, bucket.left + elapsed * rate.perSecond);
    bucket.at = now;
    this.#buckets.set(id, bucket);
    if (bucket.left < 1) {
      throw new RateLimited('the client asks more often than it may', (1 - bucket.left) / rate.perSecond);
    }
    bucket.left -= 1;
  }
}
