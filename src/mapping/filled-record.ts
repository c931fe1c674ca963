import type { BlankField, FieldOrigin } from '../person/lineage.js';
import type { RecordRows } from './record-rows.js';
import type { FieldValue, Outcome } from './transform.js';

/** What the rows made of the fields of one record, which is a person or one of the person's addresses. */
export class FilledRecord {
  /** In the order of the rows. */
  readonly #outcomes: (Outcome | undefined)[];

  /** @param place what the record's fields begin with in the lineage, such as `addresses[0].` */
  constructor(
    readonly rows: RecordRows,
    readonly place: string,
  ) {
    this.#outcomes = new Array<Outcome | undefined>(rows.all.length);
  }

  /** Fills a field, or blanks it. @throws RangeError for one without a row */
  put(field: string, outcome: Outcome): void {
    this.putAt(this.rows.indexOf(field), outcome);
  }

  /** The same by the place of the field's row among all. */
  putAt(index: number, outcome: Outcome): void {
    this.#outcomes[index] = outcome;
  }

  /** What a field holds; null for a blank. @throws RangeError for one without a row */
  valueOf(field: string): FieldValue | null {
    const outcome = this.#outcomes[this.rows.indexOf(field)];
    return outcome?.kind === 'value' ? outcome.value : null;
  }

  /** Where each field came from, in the order of the rows. */
  *origins(): Iterable<readonly [place: string, origin: FieldOrigin]> {
    for (const [index, { field, target }] of this.rows.all.entries()) {
      const outcome = this.#outcomes[index];
      if (outcome !== undefined) yield [this.place + field, originOf(target, outcome)];
    }
  }

  /** The fields that are blank and why, in the order of the rows. */
  blanks(): readonly BlankField[] {
    const blanks: BlankField[] = [];
    for (const [index, { field }] of this.rows.all.entries()) {
      const outcome = this.#outcomes[index];
      if (outcome?.kind === 'blank') blanks.push({ field: this.place + field, reason: outcome.reason });
    }
    return blanks;
  }
}

function originOf(row: string, outcome: Outcome): FieldOrigin {
  return outcome.kind === 'blank'
    ? { row, sources: [], blank: outcome.reason }
    : { row, sources: outcome.from.map(({ path }) => path) };
}
