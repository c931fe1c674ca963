import type { HealthCheck } from './health.js';

/** What the check needs to know of the cutover. */
export interface CutoverAtHand {
  /** Clients that the guard holds back. */
  readonly heldBack: readonly string[];
  /** People who were not compared lately, since too much was to be done. */
  readonly dropped: number;
}

/** Whom the guard holds back, and whether comparisons are left out. Never `failed`: everybody has their answers. */
export function cutoverCheck(state: () => CutoverAtHand): HealthCheck {
  return () => {
    const { heldBack, dropped } = state();
    const problems = [
      ...(heldBack.length === 0 ? [] : [`moved back to PREG until an operator acts: ${heldBack.join(', ')}`]),
      ...(dropped === 0 ? [] : [`${dropped} people were not compared lately, since too many waited`]),
    ];
    return problems.length === 0 ? { status: 'ok' } : { status: 'warning', reason: problems.join('; ') };
  };
}
