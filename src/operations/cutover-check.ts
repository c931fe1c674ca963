import type { HealthCheck } from './health.js';

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
    const inVain = heldInVain.join(', ');
    const problems = [
      ...(inVain === ''
        ? []
        : [`moved back to PREG, which does not answer them: ${inVain} (cutover clear or set ends that)`]),
      ...(heldBack.length === 0 ? [] : [`moved back to PREG until an operator acts: ${heldBack.join(', ')}`]),
      ...(dropped === 0 ? [] : [`${dropped} people were not compared lately, since too many waited`]),
    ];
    return problems.length === 0 ? { status: 'ok' } : { status: 'warning', reason: problems.join('; ') };
  };
}
