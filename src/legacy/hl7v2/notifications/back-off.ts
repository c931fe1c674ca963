import type { Random } from '../../../runtime/random.js';

const FIRST_MILLISECONDS = 5_000;
/** The longest pause, so that trouble that lasted hours is over within minutes of its end. */
const LONGEST_MILLISECONDS = 10 * 60_000;

/** How long to wait after so many failures in a row, in milliseconds: doubled each time, half of it at random. */
export function backOff(failures: number, random: Random): number {
  const whole = Math.min(FIRST_MILLISECONDS * 2 ** Math.min(failures - 1, 30), LONGEST_MILLISECONDS);
  const [chance = 0] = random.bytes(1);
  return Math.round((whole / 2) * (1 + chance / 255));
}
