import type { AdapterError } from '../../../errors/errors.js';
import type { Random } from '../../../runtime/random.js';
import { fraction } from '../calls/fraction.js';
import { wishOf } from '../calls/retry-after.js';

const FIRST_MILLISECONDS = 1_000;
/** The longest pause, so that trouble that lasted hours is over within minutes of its end. */
export const LONGEST_MILLISECONDS = 5 * 60_000;

/**
 * How long to leave the feed alone after so many failures in a row, in milliseconds: doubled each time up to five minutes, from
 * half of that on at random, and never shorter than the other side asked for, an hour at most.
 */
export function backOff(failures: number, error: AdapterError, random: Random): number {
  const whole = Math.min(FIRST_MILLISECONDS * 2 ** Math.min(failures - 1, 30), LONGEST_MILLISECONDS);
  const pause = Math.round((whole / 2) * (1 + fraction(random)));
  return Math.max(pause, (wishOf(error) ?? 0) * 1_000);
}
