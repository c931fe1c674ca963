import { createHash } from 'node:crypto';
import type { PersonDocument } from '../person-document.js';
import { Dice } from './dice.js';
import { composeFamily } from './family-kinds.js';
import { RememberedNumbers, SyntheticNumbers, type NumberSource } from './synthetic-numbers.js';

/** How a generated population is made. */
export interface GeneratedPeopleOptions {
  readonly size: number;
  readonly seed: number;
  /** Numbers that others have already. */
  readonly isTaken: (number: string) => boolean;
}

interface Family {
  /** Index of its first person. */
  readonly first: number;
  /** The numbers it got, in the order in which it asked for them. */
  readonly numbers: readonly string[];
}

/** The first sequence number of generated documents; loaded ones are usually in the 90 millions. */
const FIRST_SEQUENCE_NUMBER = 1_000_000;
/** Streams of dice: families have the even ones, their numbers the odd ones. */
const stream = (family: number, purpose: 0 | 1): number => family * 2 + purpose;

/**
 * Invented people. Only what cannot be recomputed is kept (the numbers); a document is made again from the seed whenever
 * somebody asks for it, so that 200 000 persons fit in memory easily.
 */
export class GeneratedPeople {
  readonly size: number;
  readonly #seed: number;
  readonly #families: Family[] = [];

  private constructor(size: number, seed: number) {
    this.size = size;
    this.#seed = seed;
  }

  /**
   * Makes the people. `meet` is called once for each, in order, with the finished document.
   * Throws RangeError when a day of birth has no free numbers left (some millions of persons).
   */
  static make(
    { size, seed, isTaken }: GeneratedPeopleOptions,
    meet: (document: PersonDocument, index: number) => void,
  ): GeneratedPeople {
    const people = new GeneratedPeople(size, seed);
    for (let first = 0; first < size;) {
      const family = people.#families.length;
      const numbers = new SyntheticNumbers(new Dice(seed, stream(family, 1)), isTaken);
      const documents = people.#compose(family, first, numbers);
      people.#families.push({ first, numbers: numbers.given });
      for (const document of documents) {
        meet(document, first);
        first += 1;
      }
    }
    return people;
  }

  /** The document of one person; RangeError for an index outside of the population. */
  document(index: number): PersonDocument {
    const family = this.#familyOf(index);
    const { first, numbers } = this.#families[family] ?? { first: 0, numbers: [] };
    const document = this.#compose(family, first, new RememberedNumbers(numbers))[index - first];
    if (document === undefined) throw new RangeError(`nobody has index ${index}`);
    return document;
  }

  #compose(family: number, first: number, numbers: NumberSource): PersonDocument[] {
    const dice = new Dice(this.#seed, stream(family, 0));
    const drafts = composeFamily(family, this.size - first, { dice, numbers });
    return drafts.map((draft, offset) =>
      draft.finish(this.#id(first + offset), FIRST_SEQUENCE_NUMBER + 7 * (first + offset)),
    );
  }

  #id(index: number): string {
    return createHash('sha256').update(`sandbox person ${this.#seed}/${index}`).digest('hex');
  }

  #familyOf(index: number): number {
    let low = 0;
    let high = this.#families.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#families[middle]?.first ?? 0) <= index) low = middle;
      else high = middle;
    }
    return low;
  }
}
