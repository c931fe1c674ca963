import type { CheckResult } from './health.js';

/** Something that is the matter, by the name that stays, and the sentence for it. */
export type Found = readonly [cause: string, reason: string];

/** A warning of all that is the matter, or that all is well. */
export function warningOf(found: readonly Found[]): CheckResult {
  if (found.length === 0) return { status: 'ok' };
  return {
    status: 'warning',
    reason: [...new Set(found.map(([, reason]) => reason))].join('; '),
    causes: [...new Set(found.map(([cause]) => cause))],
  };
}
