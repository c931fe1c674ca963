import type { Clock } from '../runtime/clock.js';
import { ExpiringMap } from './expiring-map.js';

/** How guessing is slowed down. */
export interface DelaySettings {
  /** Attempts that are not slowed down, for typing errors. */
  readonly freeAttempts: number;
  /** The first delay; each further failure doubles it. */
  readonly firstDelayMilliseconds: number;
  /** The longest delay: nobody is ever locked out. */
  readonly longestDelayMilliseconds: number;
}

/** Counts failed attempts per key (a user, an address) and tells how long the next one has to wait. Bounded. */
export class FailedAttempts {
  readonly #counts: ExpiringMap<number>;

  constructor(
    clock: Clock,
    private readonly settings: DelaySettings,
  ) {
    this.#counts = new ExpiringMap(clock, { lifetimeMilliseconds: 15 * 60_000, entries: 10_000 });
  }

  count(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  /** Milliseconds that the next attempt has to wait. */
  delay(key: string): number {
    const { freeAttempts, firstDelayMilliseconds, longestDelayMilliseconds } = this.settings;
    const charged = this.count(key) - freeAttempts;
    return charged < 0 ? 0 : Math.min(firstDelayMilliseconds * 2 ** charged, longestDelayMilliseconds);
  }

  add(key: string): void {
    this.#counts.set(key, this.count(key) + 1);
  }

  /** Takes back an attempt that was never tried. */
  takeBack(key: string): void {
    const count = this.count(key);
    if (count > 1) this.#counts.set(key, count - 1);
    else this.#counts.delete(key);
  }

  forget(key: string): void {
    this.#counts.delete(key);
  }
}
