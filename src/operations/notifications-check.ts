import { StoreFailed } from '../errors/errors.js';
import type { Clock } from '../runtime/clock.js';
import type { CheckResult, HealthCheck } from './health.js';
import { warningOf, type Found } from './warning.js';

/** What the check needs to know of messages to receivers. */
export interface NotificationsAtHand {
  readonly waiting: number;
  readonly failing: number;
  /** When the change was seen that waits longest. */
  readonly oldest: Date | undefined;
  /** Given up, and looked at by nobody yet. */
  readonly unseen: number;
  /** Receivers of messages that fail, and of those that nobody has looked at. */
  readonly receivers: { readonly failing: readonly string[]; readonly unseen: readonly string[] };
  /** Receivers that could not be reached at the last attempt. */
  readonly unreachable: readonly string[];
  /** The code of what keeps changes from being looked through. */
  readonly trouble: string | undefined;
  /** The codes of what keeps people from being looked up for some receiver. */
  readonly lookupTroubles: readonly string[];
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
  { waiting, failing, oldest, unseen, receivers, unreachable, trouble, lookupTroubles }: NotificationsAtHand,
  clock: Clock,
): CheckResult {
  const age = oldest === undefined ? 0 : clock.now().getTime() - oldest.getTime();
  const since = oldest === undefined ? '' : `, the oldest for ${Math.max(0, Math.round(age / 1_000))} s`;
  const { reason, ...result } = warningOf([
    ...receivers.unseen.map((receiver): Found => [
      `given-up ${receiver}`,
      `${messages(unseen)} given up that nobody has looked at`,
    ]),
    ...receivers.failing.map((receiver): Found => [`failing ${receiver}`, `${messages(failing)} failing`]),
    ...unreachable.map((receiver): Found => [
      `unreachable ${receiver}`,
      `${unreachable.length} of the receivers not reached`,
    ]),
    ...(trouble === undefined
      ? []
      : [[`changes ${trouble}`, `changes cannot be looked through (${trouble})`] as const]),
    ...lookupTroubles.map((code): Found => [`lookups ${code}`, `people cannot be looked up (${code})`]),
    ...(age < LONG_MILLISECONDS ? [] : [['late', 'it has waited for too long'] as const]),
  ]);
  const counts = `${messages(waiting)} waiting${since}`;
  return { ...result, reason: reason === undefined ? counts : `${counts}; ${reason}` };
}

function messages(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}
