import type { Clock } from '../runtime/clock.js';
import type { Readiness } from './health.js';

/** So often in a second the checks are asked. */
const MOST = 20;

const SECOND = 1_000;

/**
 * The same question, which asks the checks only so often: one of them writes to the disk, everybody may ask, and whoever asks without end
 * must not hold up those who look people up. Beyond that, the last answer is given again.
 */
export function sparedReadiness(ask: () => Readiness, clock: Clock): () => Readiness {
  let since = Number.NEGATIVE_INFINITY;
  let asked = 0;
  let last: Readiness | undefined;
  return () => {
    const now = clock.now().getTime();
    if (now - since >= SECOND || now < since) {
      since = now;
      asked = 0;
    }
    if (last !== undefined && asked >= MOST) return last;
    asked += 1;
    last = ask();
    return last;
  };
}
