import type { LabelOf } from '../metrics/known-names.js';

/** So many values of a row are told apart. */
const VALUES_OF_A_ROW = 10;

/** A value, or a kind of trouble with values, of one row of the mappings; since the start. */
export interface ValueSeen {
  /** Row of mappings/person.yaml. */
  readonly row: string;
  /** A code that mappings/ does not know; undefined for a value that was cut. */
  readonly value: string | undefined;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** Values of the register that the adapter could not pass on as they are. Holds codes, never anybody's data. */
export class ValuesSeen {
  readonly #values = new Map<string, ValueSeen>();
  readonly #ofRow = new Map<string, number>();

  /** @param row the names that are told apart */
  constructor(private readonly row: LabelOf) {}

  unmapped(row: string, value: string, now: Date): void {
    this.#note(this.row(row), asCode(value), now);
  }

  cut(row: string, now: Date): void {
    this.#note(this.row(row), undefined, now);
  }

  /** The last seen first. */
  all(): readonly ValueSeen[] {
    return [...this.#values.values()].sort((a, b) => b.lastAt.getTime() - a.lastAt.getTime());
  }

  #note(row: string, value: string | undefined, now: Date): void {
    const known = this.#values.get(keyOf(row, value));
    if (known !== undefined) {
      this.#values.set(keyOf(row, value), { ...known, count: known.count + 1, lastAt: now });
      return;
    }
    const values = this.#ofRow.get(row) ?? 0;
    if (value !== undefined && value !== OTHERS && values >= VALUES_OF_A_ROW) {
      this.#note(row, OTHERS, now);
      return;
    }
    if (value !== undefined && value !== OTHERS) this.#ofRow.set(row, values + 1);
    this.#values.set(keyOf(row, value), { row, value, count: 1, firstAt: now, lastAt: now });
  }
}

/** What stands for values that are too many, or that are no codes. */
const OTHERS = '…';

function keyOf(row: string, value: string | undefined): string {
  return JSON.stringify([row, value ?? null]);
}

/** The event promises a code; what does not look like one might be a person's data. */
function asCode(value: string): string {
  return /^[A-Za-z]{1,40}$/.test(value) ? value : OTHERS;
}
