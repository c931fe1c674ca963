import type { HealthCheck } from './health.js';
import { warningOf, type Found } from './warning.js';

/** What the check needs to know of the cutover. */
export interface CutoverAtHand {
  /** Clients that the guard holds back. */
  readonly heldBack: readonly string[];
  /** Those of them whose last question PREG did not answer. */
  readonly heldInVain: readonly string[];
  /** Whether the routes that were set could be read since the start; until then nobody is answered. */
  readonly areRoutesKnown: boolean;
  /** People who were not compared lately, since too much was to be done. */
  readonly dropped: number;
}

/** Whom the guard holds back, and whether comparisons are left out. It fails only while nobody has answers. */
export function cutoverCheck(state: () => CutoverAtHand): HealthCheck {
  return () => {
    const { heldBack, heldInVain, areRoutesKnown, dropped } = state();
    if (!areRoutesKnown) {
      return { status: 'failed', reason: 'the routes that were set could not be read yet' };
    }
    const inVain = `moved back to PREG, which does not answer them: ${heldInVain.join(', ')} (cutover clear or set ends that)`;
    const back = `moved back to PREG until an operator acts: ${heldBack.join(', ')}`;
    return warningOf([
      ...heldInVain.map((client): Found => [`held-in-vain ${client}`, inVain]),
      ...heldBack.map((client): Found => [`held-back ${client}`, back]),
      ...(dropped === 0
        ? []
        : [['dropped', `${dropped} people were not compared lately, since too many waited`] as const]),
    ]);
  };
}
