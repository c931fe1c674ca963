import { UpstreamRateLimited, type AdapterError } from '../../../errors/errors.js';
import type { Random } from '../../../runtime/random.js';

const FIRST_MILLISECONDS = 1_000;
/** The longest pause, so that trouble that lasted hours is over within minutes of its end. */
export const LONGEST_MILLISECONDS = 5 * 60_000;
/** No wish to be left alone is heeded for longer. */
const LONGEST_WISH_MILLISECONDS = 60 * 60_000;

/**
 * How long to leave the feed alone after so many failures in a row, in milliseconds: doubled each time up to five minutes, from
 * half of that on at random, and never shorter than the other side asked for, an hour at most.
 */
export function backOff(failures: number, error: AdapterError, random: Random): number {
  const whole = Math.min(FIRST_MILLISECONDS * 2 ** Math.min(failures - 1, 30), LONGEST_MILLISECONDS);
  const [high = 0, low = 0] = random.bytes(2);
  const pause = Math.round((whole / 2) * (1 + (high * 256 + low) / 65_535));
  const asked = error instanceof UpstreamRateLimited ? (error.retryAfterSeconds ?? 0) * 1_000 : 0;
  return Math.max(pause, Math.min(asked, LONGEST_WISH_MILLISECONDS));
}
