import type { Clock } from '../../../runtime/clock.js';

/** In so many steps the window moves on. */
const SLICES = 10;

interface Slice {
  readonly number: number;
  calls: number;
  failures: number;
}

/** How many of the latest calls failed; what is older than the window is forgotten, a tenth of the window at a time. */
export class FailureWindow {
  #slices: Slice[] = [];

  constructor(
    private readonly milliseconds: number,
    private readonly clock: Clock,
  ) {}

  add(failed: boolean): void {
    const number = this.#now;
    this.#forget(number);
    let slice = this.#slices.at(-1);
    if (slice?.number !== number) {
      slice = { number, calls: 0, failures: 0 };
      this.#slices.push(slice);
    }
    slice.calls += 1;
    if (failed) slice.failures += 1;
  }

  /** What was seen within the window. */
  get counts(): { readonly calls: number; readonly failures: number } {
    this.#forget(this.#now);
    return this.#slices.reduce(
      (sum, { calls, failures }) => ({ calls: sum.calls + calls, failures: sum.failures + failures }),
      { calls: 0, failures: 0 },
    );
  }

  get #now(): number {
    return Math.floor((this.clock.now().getTime() * SLICES) / this.milliseconds);
  }

  /** What seems to lie ahead was seen before the clock was set back, and nobody knows when. */
  #forget(now: number): void {
    const isKnown = ({ number }: Slice): boolean => number > now - SLICES && number <= now;
    if (!this.#slices.every(isKnown)) this.#slices = this.#slices.filter(isKnown);
  }
}
