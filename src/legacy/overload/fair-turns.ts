import type { Clock } from '../../runtime/clock.js';
import { PassingMap } from '../../runtime/passing-map.js';

/** What one who waits takes of the time before anything was measured, in milliseconds. */
const FIRST_GUESS = 1;

/** Where those who pass take longer than usual, fewer do, so that a turn takes no more than about this, in milliseconds. */
const TURN = 20;

/** How much the latest turn says of the next one. */
const WEIGHT = 0.1;

/** No turn is taken to say that one who waits takes longer than this, in milliseconds: a machine that slept says nothing. */
const LONGEST = 50;

/**
 * Lets a few pass in each turn of the event loop, however many come at once: whoever passes goes on to work for milliseconds,
 * and others, such as those who ask for health, want their turn too. Those who wait pass one of each group after another, so
 * that a group that sends very many holds up itself more than others. Measures how quickly they get on.
 */
export class FairTurns {
  /** Those who wait, by group; the group whose turn it is comes first. */
  readonly #groups = new PassingMap<string, (() => void)[]>();
  #waiting = 0;
  #left: number;
  #isCounting = false;
  #crowdedSince: number | undefined;
  /** The last turn, if more waited than it let pass: when it was, and how many passed. */
  #fullTurn: { readonly at: number; readonly passed: number } | undefined;
  /** Milliseconds for each who passes. */
  #each = FIRST_GUESS;

  /** @param most how many pass in a turn; fewer where each takes long */
  constructor(
    private readonly clock: Clock,
    private readonly most: number,
  ) {
    this.#left = most;
  }

  /** Milliseconds that one more would wait, by what was measured lately. */
  get expectedWait(): number {
    return this.#waiting * this.#each;
  }

  /** For how many milliseconds somebody has been waiting at all times; 0 where nobody waits. */
  get crowdedFor(): number {
    return this.#crowdedSince === undefined ? 0 : this.#now() - this.#crowdedSince;
  }

  /** Resolves when one of that group may pass. */
  async pass(group: string): Promise<void> {
    this.#count();
    if (this.#left > 0) {
      this.#left -= 1;
      return;
    }
    this.#crowdedSince ??= this.#now();
    this.#waiting += 1;
    await new Promise<void>((resolve) => {
      const others = this.#groups.get(group);
      if (others === undefined) this.#groups.set(group, [resolve]);
      else others.push(resolve);
    });
  }

  /** From the first who passes until a turn in which nobody did. */
  #count(): void {
    if (this.#isCounting) return;
    this.#isCounting = true;
    setImmediate(() => {
      this.#isCounting = false;
      this.#measure();
      const few = Math.max(1, Math.min(this.most, Math.floor(TURN / this.#each)));
      const next = this.#take(few);
      this.#left = few - next.length;
      if (this.#waiting > 0) this.#fullTurn = { at: this.#now(), passed: next.length };
      if (this.#waiting === 0) this.#crowdedSince = undefined;
      if (next.length > 0) this.#count();
      for (const pass of next) pass();
    });
  }

  /** A turn after one that left people waiting tells how long those took who passed in it. */
  #measure(): void {
    if (this.#fullTurn === undefined) return;
    const { at, passed } = this.#fullTurn;
    this.#fullTurn = undefined;
    const each = Math.min(LONGEST, Math.max(0, this.#now() - at) / passed);
    this.#each += (each - this.#each) * WEIGHT;
  }

  #take(few: number): readonly (() => void)[] {
    const taken: (() => void)[] = [];
    while (taken.length < few) {
      const { first } = this.#groups;
      if (first === undefined) break;
      const [group, [next, ...others]] = first;
      // Its next one comes after one of each other group.
      this.#groups.delete(group);
      if (others.length > 0) this.#groups.set(group, others);
      if (next !== undefined) taken.push(next);
    }
    this.#waiting -= taken.length;
    return taken;
  }

  #now(): number {
    return this.clock.now().getTime();
  }
}
