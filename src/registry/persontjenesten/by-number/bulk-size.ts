import { MOST_IDS } from '../client.js';

/** A bulk call for so many is never too large. */
const FEW = 10;
/** What was too large for one call is this many times what the next takes. */
const STEP_DOWN = 4;

/** How many people one call asks for: as many as there may be, but fewer for a while after so many took too long. */
export class BulkSize {
  #most = MOST_IDS;

  get most(): number {
    return this.#most;
  }

  /** A call for so many came to nothing in its time, while others for fewer did not. */
  wasTooLarge(people: number): void {
    this.#most = Math.max(FEW, Math.min(this.#most, Math.ceil(people / STEP_DOWN)));
  }

  /** A call for so many was answered. Each that was full makes the next one larger by one. */
  wasAnswered(people: number): void {
    if (people >= this.#most) this.#most = Math.min(this.#most + 1, MOST_IDS);
  }
}
