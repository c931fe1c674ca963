import type { Clock } from './clock.js';
import { Span } from './span.js';

/** The same is told at most so often, in milliseconds: whoever is turned away tries again. */
const TELLING = 60_000;

/** Counts what happens again and again, so that the log tells of each kind at most once in a minute. */
export class ToldSparingly<Kind> {
  readonly #told = new Map<Kind, { quiet: Span; untold: number }>();

  constructor(private readonly clock: Clock) {}

  /** @returns how many there were of the kind since it was told before, this one included; undefined where it is not to be told now */
  count(kind: Kind): number | undefined {
    const told = this.#told.get(kind);
    const count = (told?.untold ?? 0) + 1;
    if (told !== undefined && told.quiet.left > 0) {
      told.untold = count;
      return undefined;
    }
    this.#told.set(kind, { quiet: new Span(this.clock, TELLING), untold: 0 });
    return count;
  }
}
