import type { Clock } from '../../runtime/clock.js';
import { FairTurns } from './fair-turns.js';

/** Each that is begun is read, judged and asked for before anybody else has a turn. */
const BEGUN_IN_A_TURN = 8;

/** How long a request may wait for its turn when many have come at once, in milliseconds, where nobody says. */
const LONGEST_WAIT = 1_000;

/** The part of it that it may wait where somebody has been waiting all the time, which makes nobody's answer come sooner. */
const STANDING_PART = 0.2;

/** After so long a queue that was never empty is taken to be one that does not go away, in milliseconds. */
const STANDING_AFTER = 1_000;

/** Of so many places there is one more for those who hold few. */
const PLACES_PER_SPARE = 10;

/** Why somebody is not let in: all places are taken, or those who wait are more than there is time for. */
export type Crowding = 'no-place' | 'long-wait';

/** A request that was let in. */
export interface Place {
  /** Resolves when it may begin with what takes long. */
  turn(): Promise<void>;
  /** Gives the place back; again, nothing happens. */
  leave(): void;
}

/**
 * Says of each request whether there is time for it, before anything else is done for it. It goes by how many are under way and
 * by how long those who wait for their turn will wait, as measured: waiting for others, such as the register, is no reason to
 * turn anybody away. Those who hold fewer places than their share find a few that are kept for them.
 */
export class Gate {
  readonly #turns: FairTurns;
  readonly #held = new Map<string, number>();
  readonly #spare: number;
  #places = 0;
  #spareTaken = 0;

  /**
   * @param places how many may be under way at a time, beside a tenth as many that are kept for those who hold few
   * @param longestWait for a turn, when many have come at once, in milliseconds
   */
  constructor(
    clock: Clock,
    private readonly places: number,
    private readonly longestWait = LONGEST_WAIT,
  ) {
    this.#turns = new FairTurns(clock, BEGUN_IN_A_TURN);
    this.#spare = Math.ceil(places / PLACES_PER_SPARE);
  }

  /** Lets somebody of that group in, or says why not. */
  enter(group: string): Place | Crowding {
    const crowding = this.#crowding();
    if (crowding === undefined) {
      this.#places += 1;
      return this.#place(group, () => {
        this.#places -= 1;
      });
    }
    if (this.#spareTaken >= this.#spare || !this.#holdsFew(group)) return crowding;
    this.#spareTaken += 1;
    return this.#place(group, () => {
      this.#spareTaken -= 1;
    });
  }

  #crowding(): Crowding | undefined {
    if (this.#places >= this.places) return 'no-place';
    const { expectedWait, crowdedFor } = this.#turns;
    const longest = this.longestWait * (crowdedFor > STANDING_AFTER ? STANDING_PART : 1);
    return expectedWait > longest ? 'long-wait' : undefined;
  }

  #holdsFew(group: string): boolean {
    const own = this.#held.get(group) ?? 0;
    const groups = this.#held.size + (own === 0 ? 1 : 0);
    return groups > 1 && own < Math.floor((this.#places + this.#spareTaken) / groups);
  }

  #place(group: string, leave: () => void): Place {
    this.#held.set(group, (this.#held.get(group) ?? 0) + 1);
    let isHeld = true;
    return {
      turn: () => this.#turns.pass(group),
      leave: () => {
        if (!isHeld) return;
        isHeld = false;
        leave();
        const left = (this.#held.get(group) ?? 1) - 1;
        if (left === 0) this.#held.delete(group);
        else this.#held.set(group, left);
      },
    };
  }
}
