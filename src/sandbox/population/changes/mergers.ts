import type { JsonObject, PersonDocument } from '../person-document.js';

/** What has to be known of a merger to take it back. */
export interface Merger {
  /** The document that was lost, as it was last. */
  readonly lost: PersonDocument;
  /** The number in use of the lost document. */
  readonly number: string | undefined;
  /** Elements of the lost document whose ties went over to the kept person. */
  readonly passedOn: ReadonlySet<JsonObject>;
  /** The marital status of the kept person before a marriage of the lost one took its place; undefined where none did. */
  readonly statusBefore: JsonObject | undefined;
}

/** The mergers that can be taken back. */
export class Mergers {
  readonly #byLost = new Map<string, Merger>();

  note(merger: Merger): void {
    this.#byLost.set(merger.lost.id, merger);
  }

  /** The merger that made an end of the number. */
  of(number: string): Merger | undefined {
    return [...this.#byLost.values()].find((merger) => merger.number === number);
  }

  forget(merger: Merger): void {
    this.#byLost.delete(merger.lost.id);
  }
}
