import type { EventListener } from './events.js';
import type { HealthCheck } from './health.js';
import type { Watch } from './health-checks.js';
import { warningOf } from './warning.js';

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
    const unwritable = trouble && unwritableText(trouble);
    let end: string | undefined;
    try {
      end = trail.endTrouble();
    } catch {
      // The store has a check of its own, which tells why.
      return { status: 'warning', reason: unwritable ?? 'the end of the audit trail cannot be read' };
    }
    return warningOf([
      ...(unwritable === undefined ? [] : [['unwritable', unwritable] as const]),
      ...(end === undefined ? [] : [['end', end] as const]),
    ]);
  };
  return { listener, check };
}

function unwritableText({ withheld }: { readonly withheld: boolean }): string {
  const meanwhile = withheld ? 'answers are withheld' : 'answers leave without them';
  return `audit entries could not be written when last tried, and ${meanwhile}`;
}
