import type { Random } from '../../src/runtime/random.js';

/** Randomness that repeats itself: octets and UUIDs out of a counter. */
export class CountedRandom implements Random {
  #counter = 0;

  uuid(): string {
    this.#counter += 1;
    return `00000000-0000-4000-8000-${this.#counter.toString(16).padStart(12, '0')}`;
  }

  bytes(length: number): Uint8Array {
    this.#counter += 1;
    return Uint8Array.from({ length }, (_, index) => (this.#counter * 31 + index * 7) & 0xff);
  }
}
