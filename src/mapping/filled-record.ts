import type { FieldOrigin } from '../person/lineage.js';
import type { FieldValue, Outcome } from './transform.js';

/** What the rows made of the fields of one record, which is a person or one of the person's addresses. */
export class FilledRecord {
  readonly #outcomes = new Map<string, Outcome>();

  /**
   * @param rows what the targets of the record's rows begin with
   * @param place what the record's fields begin with in the lineage, such as `addresses[0].`
   */
  constructor(
    readonly rows: string,
    readonly place: string,
  ) {}

  /** Fills a field, or blanks it. */
  put(field: string, outcome: Outcome): void {
    this.#outcomes.set(field, outcome);
  }

  /** What a field holds; null for a blank. */
  valueOf(field: string): FieldValue | null {
    const outcome = this.#outcomes.get(field);
    return outcome?.kind === 'value' ? outcome.value : null;
  }

  /** Where each field came from, in the order in which they were filled first. */
  *origins(): Iterable<readonly [place: string, origin: FieldOrigin]> {
    for (const [field, outcome] of this.#outcomes) {
      yield [this.place + field, originOf(this.rows + field, outcome)];
    }
  }
}

function originOf(row: string, outcome: Outcome): FieldOrigin {
  return outcome.kind === 'blank'
    ? { row, sources: [], blank: outcome.reason }
    : { row, sources: outcome.from.map(({ path }) => path) };
}
