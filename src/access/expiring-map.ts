import type { Clock } from '../runtime/clock.js';

/** A map that forgets: each entry after its time, and the oldest ones when there are too many. */
export class ExpiringMap<Value> {
  readonly #entries = new Map<string, { readonly value: Value; readonly expires: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly limits: { readonly lifetimeMilliseconds: number; readonly entries: number },
  ) {}

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expires > this.clock.now().getTime()) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  /** Sets the value; its lifetime begins anew. */
  set(key: string, value: Value): void {
    // Deleted first, so that the map's order is the order of writing and the first entry is the oldest.
    this.#entries.delete(key);
    this.#entries.set(key, {
      value,
      expires: this.clock.now().getTime() + this.limits.lifetimeMilliseconds,
    });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.limits.entries) break;
      this.#entries.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
