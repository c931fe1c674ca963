const MINUTE = 60_000;

/** Which minute an instant is in, counted from 1970. */
export function minuteOf(at: Date): number {
  return Math.floor(at.getTime() / MINUTE);
}

/** Several counts for each of the last minutes. What is older makes room, so that the memory is the same for ever. */
export class MinuteCounts {
  readonly #counts: Uint32Array;
  /** Which minute stands in each place. */
  readonly #minutes: Int32Array;

  /**
   * @param span so many minutes are known, the present one included
   * @param width so many counts there are of each
   */
  constructor(
    readonly span: number,
    readonly width: number,
  ) {
    this.#counts = new Uint32Array(span * width);
    this.#minutes = new Int32Array(span).fill(-1);
  }

  add(minute: number, column: number, count = 1): void {
    const place = minute % this.span;
    const start = place * this.width;
    // Also where the clock was set back: what stands there is of a time that is not known any more.
    if (this.#minutes[place] !== minute) {
      this.#minutes[place] = minute;
      this.#counts.fill(0, start, start + this.width);
    }
    this.#counts[start + column] = (this.#counts[start + column] ?? 0) + count;
  }

  /** One count of one minute. */
  at(minute: number, column: number): number {
    const start = this.#startOf(minute);
    return start === undefined ? 0 : (this.#counts[start + column] ?? 0);
  }

  /** Adds up each count over so many minutes, `last` the last of them. */
  sum(last: number, minutes: number): Uint32Array {
    const sums = new Uint32Array(this.width);
    this.addTo(sums, last, minutes);
    return sums;
  }

  /** As {@link sum}, onto what is there already. */
  addTo(sums: Uint32Array, last: number, minutes: number): void {
    for (let minute = last - minutes + 1; minute <= last; minute += 1) {
      const start = this.#startOf(minute);
      if (start === undefined) continue;
      for (let column = 0; column < this.width; column += 1) {
        sums[column] = (sums[column] ?? 0) + (this.#counts[start + column] ?? 0);
      }
    }
  }

  /** Where the counts of a minute begin; undefined where nothing happened in it, or where it is forgotten. */
  #startOf(minute: number): number | undefined {
    const place = minute % this.span;
    return minute < 0 || this.#minutes[place] !== minute ? undefined : place * this.width;
  }
}
