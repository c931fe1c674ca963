import type { ChangedPerson } from '../../changes/change-log.js';
import { namesOf } from './kept-documents.js';

/** More names than that are not told apart any more. */
const MOST_NAMES = 20_000;

/**
 * Whom events told of a little while ago. What is fetched about them meanwhile may still be what was before: it may have been
 * on its way when the event was read, or come from a server of the register that has not heard of the change yet.
 */
export class ToldLately {
  /** Names and when they were told, in that order. */
  readonly #names = new Map<string, number>();
  #everybodyAt = -Infinity;

  /** @param milliseconds how long a little while is */
  constructor(private readonly milliseconds: number) {}

  add(people: readonly ChangedPerson[], now: number): void {
    for (const [name, at] of this.#names) {
      if (this.#isLate(at, now)) break;
      this.#names.delete(name);
    }
    for (const name of people.flatMap(namesOf)) {
      this.#names.delete(name);
      this.#names.set(name, now);
    }
    if (this.#names.size > MOST_NAMES) this.addEverybody(now);
  }

  /** Anybody may have been told of. */
  addEverybody(now: number): void {
    this.#names.clear();
    this.#everybodyAt = now;
  }

  /** Whether what was asked for at that time about somebody with those names may be what was before a change. */
  mayBeOld(names: readonly string[], askedAt: number, now: number): boolean {
    // A clock that was set back: the little while begins anew, rather than lasting until the clock is where it was.
    this.#everybodyAt = Math.min(this.#everybodyAt, now);
    // What takes longer than is remembered here may have missed anything.
    if (askedAt > now || !this.#isLate(askedAt, now) || this.#isLate(this.#everybodyAt, now)) return true;
    return names.some((name) => this.#isLate(this.#names.get(name) ?? -Infinity, now));
  }

  /** Within the little while; a time ahead of now, which a clock that was set back gives, counts as such. */
  #isLate(at: number, now: number): boolean {
    return at > now - this.milliseconds;
  }
}
