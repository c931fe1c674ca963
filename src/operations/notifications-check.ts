import { StoreFailed } from '../errors/errors.js';
import type { Clock } from '../runtime/clock.js';
import type { CheckResult, HealthCheck } from './health.js';

/** What the check needs to know of messages to receivers. */
export interface NotificationsAtHand {
  readonly waiting: number;
  readonly failing: number;
  /** When the change was seen that waits longest. */
  readonly oldest: Date | undefined;
  /** Given up, and looked at by nobody yet. */
  readonly unseen: number;
  /** Receivers that could not be reached at the last attempt. */
  readonly unreachable: number;
  /** The code of what keeps changes from being looked through. */
  readonly trouble: string | undefined;
  /** The code of what keeps people from being looked up for some receiver. */
  readonly lookupTrouble: string | undefined;
}

/** Nothing that is well waits for so long. */
const LONG_MILLISECONDS = 15 * 60_000;

/** How many messages to receivers wait, and how many were given up. Never `failed`: people can be looked up without it. */
export function notificationsCheck(state: () => NotificationsAtHand, clock: Clock): HealthCheck {
  return () => {
    try {
      return found(state(), clock);
    } catch (error) {
      if (!(error instanceof StoreFailed)) throw error;
      // The store has a check of its own.
      return { status: 'warning', reason: 'the messages cannot be read' };
    }
  };
}

function found(
  { waiting, failing, oldest, unseen, unreachable, trouble, lookupTrouble }: NotificationsAtHand,
  clock: Clock,
): CheckResult {
  const age = oldest === undefined ? 0 : clock.now().getTime() - oldest.getTime();
  const since = oldest === undefined ? '' : `, the oldest for ${Math.max(0, Math.round(age / 1_000))} s`;
  const problems = [
    ...(unseen === 0 ? [] : [`${messages(unseen)} given up that nobody has looked at`]),
    ...(failing === 0 ? [] : [`${messages(failing)} failing`]),
    ...(unreachable === 0 ? [] : [`${unreachable} of the receivers not reached`]),
    ...(trouble === undefined ? [] : [`changes cannot be looked through (${trouble})`]),
    ...(lookupTrouble === undefined ? [] : [`people cannot be looked up (${lookupTrouble})`]),
    ...(age < LONG_MILLISECONDS ? [] : ['it has waited for too long']),
  ];
  return {
    status: problems.length === 0 ? 'ok' : 'warning',
    reason: [`${messages(waiting)} waiting${since}`, ...problems].join('; '),
  };
}

function messages(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}
