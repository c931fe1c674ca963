import { setImmediate } from 'node:timers/promises';
import { checkDigitsFor, isNationalId, type NationalId } from '../../person/national-id.js';
import type { Random } from '../../runtime/random.js';

/** A series of numbers as configured: the first nine digits of its first and its last, both included. */
export interface SeriesRange {
  readonly from: string;
  readonly to: string;
}

/** Numbers tried at random before the series is gone through from end to end. */
const RANDOM_DRAWS = 200;

/** How many numbers are looked at before others get their turn. */
const SLICE = 1_000;

/** The numbers that may be given out: those of the series for which the rule has check digits (preg-hl7v3 part 6). */
export class NumberSeries {
  readonly #ranges: readonly { readonly first: number; readonly length: number }[];
  readonly #length: number;

  constructor(
    ranges: readonly SeriesRange[],
    private readonly random: Random,
  ) {
    this.#ranges = ranges.map(({ from, to }) => ({
      first: Number(from),
      length: Number(to) - Number(from) + 1,
    }));
    this.#length = this.#ranges.reduce((total, { length }) => total + length, 0);
  }

  /** Whether there is no series. */
  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /**
   * Numbers that are not taken: first at random, then every one of the series from a random place on, so that the end
   * means that none is left. The same number may come twice while nobody takes it.
   * @throws what the signal aborts with
   */
  async *untaken(isTaken: (number: NationalId) => boolean, signal: AbortSignal): AsyncGenerator<NationalId> {
    if (this.isEmpty) return;
    for (let draw = 0; draw < RANDOM_DRAWS; draw += 1) {
      const number = this.#numberAt(this.#anyPlace());
      if (number !== undefined && !isTaken(number)) yield number;
    }
    const start = this.#anyPlace();
    for (let step = 0; step < this.#length; step += 1) {
      const number = this.#numberAt((start + step) % this.#length);
      if (number !== undefined && !isTaken(number)) yield number;
      if (step % SLICE === SLICE - 1) {
        await setImmediate();
        signal.throwIfAborted();
      }
    }
  }

  /** Every number that may be given out, one after the other. */
  *all(): Generator<NationalId> {
    for (let place = 0; place < this.#length; place += 1) {
      const number = this.#numberAt(place);
      if (number !== undefined) yield number;
    }
  }

  #numberAt(place: number): NationalId | undefined {
    let offset = place;
    for (const { first, length } of this.#ranges) {
      if (offset < length) return withCheckDigits(first + offset);
      offset -= length;
    }
    return undefined;
  }

  /** Every place is as likely as any other: what would favour the first ones is drawn again. */
  #anyPlace(): number {
    const limit = 2 ** 48 - (2 ** 48 % this.#length);
    for (;;) {
      const drawn = Buffer.from(this.random.bytes(6)).readUIntBE(0, 6);
      if (drawn < limit) return drawn % this.#length;
    }
  }
}

function withCheckDigits(nineDigits: number): NationalId | undefined {
  const digits = String(nineDigits).padStart(9, '0');
  const checkDigits = checkDigitsFor(digits);
  const number = digits + (checkDigits ?? '');
  return checkDigits !== undefined && isNationalId(number) ? number : undefined;
}
