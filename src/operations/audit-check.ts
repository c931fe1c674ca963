import type { EventListener } from './events.js';
import type { HealthCheck } from './health.js';
import type { Watch } from './health-checks.js';

/** What the check needs of the audit trail. */
export interface TrailAtHand {
  /** What is wrong with the end of the chain, in words; undefined where it is as it was left. May throw. */
  endTrouble(): string | undefined;
}

/**
 * Whether entries are written, and follow what was written before. Never `failed`: only the next request could show that it is over,
 * and none would be sent. The check of the store tries on the spot.
 */
export function watchAudit(trail: TrailAtHand): Watch {
  let trouble: { readonly withheld: boolean } | undefined;
  const listener: EventListener = (name, event) => {
    if (name === 'auditWritable') trouble = undefined;
    if (name === 'auditUnwritable' && 'withheld' in event) trouble = { withheld: event.withheld };
  };
  const check: HealthCheck = () => {
    if (trouble !== undefined) {
      const meanwhile = trouble.withheld ? 'answers are withheld' : 'answers leave without them';
      return {
        status: 'warning',
        reason: `audit entries could not be written when last tried, and ${meanwhile}`,
      };
    }
    const found = endOf(trail);
    return found === undefined ? { status: 'ok' } : { status: 'warning', reason: found };
  };
  return { listener, check };
}

function endOf(trail: TrailAtHand): string | undefined {
  try {
    return trail.endTrouble();
  } catch {
    // The store has a check of its own, which tells why.
    return 'the end of the audit trail cannot be read';
  }
}
