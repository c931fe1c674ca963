import type { Clock } from '../runtime/clock.js';
import type { HealthCheck } from './health.js';

/** So long before the end of a key's registration it is time for another one. */
const WARNING_DAYS = 30;

const DAY = 24 * 60 * 60_000;

/** What is known of the key for HelseID. */
export interface KeyState {
  /** When its registration ends; undefined where nobody said. */
  readonly expiresAt: Date | undefined;
  /** Why what stands in its file is not in use. */
  readonly trouble: string | undefined;
}

/** Whether the key for HelseID will soon have to be replaced. Never `failed`: HelseID's answer decides that. */
export function keyCheck(key: () => KeyState, clock: Clock): HealthCheck {
  return () => {
    const { expiresAt, trouble } = key();
    if (trouble !== undefined) {
      return {
        status: 'warning',
        reason: `the file of the key for HelseID holds ${trouble}; the old key is in use`,
      };
    }
    if (expiresAt === undefined) return { status: 'ok' };
    const left = expiresAt.getTime() - clock.now().getTime();
    if (left > WARNING_DAYS * DAY) return { status: 'ok' };
    const day = expiresAt.toISOString().slice(0, 10);
    return {
      status: 'warning',
      reason:
        left > 0
          ? `the key for HelseID expires on ${day}, in ${Math.floor(left / DAY)} days`
          : `the key for HelseID expired on ${day}`,
    };
  };
}
