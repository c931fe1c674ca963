import type { Clock } from '../runtime/clock.js';

/** Remembers values until they expire; for ids that may be used once. */
export class ExpiringSet {
  readonly #clock: Clock;
  readonly #expiry = new Map<string, number>();
  #pruneAt = 1000;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Claims a value for some seconds. False when it is claimed already. */
  claim(value: string, seconds: number): boolean {
    if (this.has(value)) return false;
    this.#expiry.set(value, this.#now() + seconds * 1000);
    if (this.#expiry.size >= this.#pruneAt) this.#prune();
    return true;
  }

  /** Whether the value is claimed and has not expired. */
  has(value: string): boolean {
    const expiry = this.#expiry.get(value);
    return expiry !== undefined && expiry > this.#now();
  }

  #prune(): void {
    const now = this.#now();
    for (const [value, expiry] of this.#expiry) {
      if (expiry <= now) this.#expiry.delete(value);
    }
    this.#pruneAt = Math.max(1000, this.#expiry.size * 2);
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}
