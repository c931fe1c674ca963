import type { BlankField, FieldOrigin, Lineage } from './lineage.js';

/** A lineage that is put together when somebody first looks into it: of most people nobody asks where a field came from. */
export class LineageOnDemand implements Lineage {
  /** Compared and printed like any other map. */
  readonly [Symbol.toStringTag] = 'Map';
  readonly #tell: () => Lineage;
  readonly #tellBlanks: (() => readonly BlankField[]) | undefined;
  #told: Lineage | undefined;

  /** @param tellBlanks the blank fields among them, for less than everything takes */
  constructor(tell: () => Lineage, tellBlanks?: () => readonly BlankField[]) {
    this.#tell = tell;
    this.#tellBlanks = tellBlanks;
  }

  /** The fields that are blank, in the order of the lineage. */
  get blanks(): readonly BlankField[] {
    return this.#tellBlanks?.() ?? blankOnes(this.#origins);
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

/** The fields that are blank, in the order of the lineage. */
export function blanksIn(lineage: Lineage): readonly BlankField[] {
  return lineage instanceof LineageOnDemand ? lineage.blanks : blankOnes(lineage);
}

function blankOnes(lineage: Lineage): readonly BlankField[] {
  return [...lineage].flatMap(([field, { blank }]) =>
    blank === undefined ? [] : [{ field, reason: blank }],
  );
}
