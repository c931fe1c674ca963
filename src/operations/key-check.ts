import type { Clock } from '../runtime/clock.js';
import type { HealthCheck } from './health.js';
import { warningOf, type Found } from './warning.js';

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
    return warningOf([
      ...(trouble === undefined
        ? []
        : [['unusable', `the file of the key for HelseID holds ${trouble}; the old key is in use`] as const]),
      ...(expiresAt === undefined ? [] : endFound(expiresAt, clock.now())),
    ]);
  };
}

function endFound(end: Date, now: Date): readonly Found[] {
  const left = end.getTime() - now.getTime();
  if (left > WARNING_DAYS * DAY) return [];
  const day = end.toISOString().slice(0, 10);
  if (left > 0) {
    return [['ends', `the key for HelseID expires on ${day}, in ${Math.floor(left / DAY)} days`]];
  }
  const reason = `the key for HelseID expired on ${day}`;
  // That it would was told, and is not over.
  return [
    ['ends', reason],
    ['ended', reason],
  ];
}
