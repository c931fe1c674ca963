import type { FieldRow } from './field-table.js';

/** The rows that fill one kind of record: a person, or an address. */
export class RecordRows {
  readonly #indexes: ReadonlyMap<string, number>;

  constructor(readonly all: readonly FieldRow[]) {
    this.#indexes = new Map(all.map(({ field }, index) => [field, index]));
  }

  /** Where among them the row of a field stands. @throws RangeError when it has none */
  indexOf(field: string): number {
    const index = this.#indexes.get(field);
    if (index === undefined) throw new RangeError(`mappings/person.yaml has no row for ${field}`);
    return index;
  }
}
