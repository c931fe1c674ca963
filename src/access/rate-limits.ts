import { RateLimited } from '../errors/errors.js';
import type { Clock } from '../runtime/clock.js';
import type { LegacyClient } from './legacy-client.js';

interface Bucket {
  /** Requests that may still come, as of then. */
  left: number;
  at: number;
}

/**
 * What is counted, and how many of it are for each question that a client may ask. Who opens a session for each question, and ends it,
 * meets the limit by its questions alone.
 */
const PER_QUESTION = { question: 1, session: 2 } as const;

/** A question, or what opens, renews or ends a session. */
export type Counted = keyof typeof PER_QUESTION;

/**
 * Counts what each client asks, by whatever protocol, against how often it may (`clients[].requestsPerSecond`). The rate is that of
 * the client as it comes, so that a reload changes it at once and gives nobody a fresh start.
 */
export class RateLimits {
  readonly #buckets = new Map<string, Bucket>();

  constructor(private readonly clock: Clock) {}

  /** Counts a request; those about sessions by themselves. @throws RateLimited when the client has asked too often */
  take({ id, rate }: LegacyClient, counted: Counted = 'question'): void {
    const key = `${counted} ${id}`;
    if (rate === undefined) {
      this.#buckets.delete(key);
      return;
    }
    const perSecond = rate.perSecond * PER_QUESTION[counted];
    const burst = rate.burst * PER_QUESTION[counted];
    const now = this.clock.now().getTime();
    const bucket = this.#buckets.get(key) ?? { left: burst, at: now };
    // A clock that is put back gives nothing, and takes nothing.
    const elapsed = Math.max(0, now - bucket.at) / 1_000;
    bucket.left = Math.min(burst, bucket.left + elapsed * perSecond);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    if (bucket.left < 1) {
      throw new RateLimited('the client asks more often than it may', (1 - bucket.left) / perSecond);
    }
    bucket.left -= 1;
  }
}
