import type { FieldOrigin, Lineage } from './lineage.js';

/** A lineage that is put together when somebody first looks into it: of most people nobody asks where a field came from. */
export class LineageOnDemand implements Lineage {
  /** Compared and printed like any other map. */
  readonly [Symbol.toStringTag] = 'Map';
  readonly #tell: () => Lineage;
  #told: Lineage | undefined;

  constructor(tell: () => Lineage) {
    this.#tell = tell;
  }

  get size(): number {
    return this.#origins.size;
  }

  get(place: string): FieldOrigin | undefined {
    return this.#origins.get(place);
  }

  has(place: string): boolean {
    return this.#origins.has(place);
  }

  forEach(each: (origin: FieldOrigin, place: string, lineage: Lineage) => void): void {
    this.#origins.forEach(each);
  }

  entries(): MapIterator<[string, FieldOrigin]> {
    return this.#origins.entries();
  }

  keys(): MapIterator<string> {
    return this.#origins.keys();
  }

  values(): MapIterator<FieldOrigin> {
    return this.#origins.values();
  }

  [Symbol.iterator](): MapIterator<[string, FieldOrigin]> {
    return this.entries();
  }

  get #origins(): Lineage {
    this.#told ??= this.#tell();
    return this.#told;
  }
}
