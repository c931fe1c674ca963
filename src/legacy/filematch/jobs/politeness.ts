import type { Clock } from '../../../runtime/clock.js';

/** How a job keeps out of the way of those who sit and wait for an answer. */
export interface Politeness {
  /** Waits, before a batch is looked up, for as long as the batch would be in the way. @throws the signal's reason */
  standAside(signal: AbortSignal): Promise<void>;
  /** The most rows of the next batch. */
  readonly rowsPerBatch: number;
}

/** For where nobody else asks. */
export const nobodyToHeed: Politeness = {
  standAside: () => Promise.resolve(),
  rowsPerBatch: Number.POSITIVE_INFINITY,
};

/** A batch that people hardly notice: a few milliseconds of work, here and at the register. */
const ROWS_IN_COMPANY = 20;
/** So long from one such batch to the next, in milliseconds: most of the time is left to people. */
const PAUSE_IN_COMPANY = 60;

/** Few rows at a time, and pauses, while people wait for answers; all that goes while nobody does. */
export function politeTo(people: { readonly somebody: boolean }, clock: Clock): Politeness {
  return {
    standAside: async (signal) => {
      if (people.somebody) await clock.sleep(PAUSE_IN_COMPANY, signal);
    },
    get rowsPerBatch() {
      return people.somebody ? ROWS_IN_COMPANY : Number.POSITIVE_INFINITY;
    },
  };
}
