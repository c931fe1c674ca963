import type { Clock } from '../runtime/clock.js';
import type { CheckResult, HealthCheck } from './health.js';

/** What the check needs to know of a log of changes and of who writes it. */
export interface Following {
  /** How far the log is; undefined before its beginning. */
  state():
    | {
        readonly next: bigint;
        readonly answersFrom: Date;
        readonly caughtUpAt: Date | undefined;
        readonly newest: bigint | undefined;
      }
    | undefined;
  /** The code of what went wrong at the last attempt; undefined after one that succeeded. */
  trouble(): string | undefined;
  /** How far the log may be behind, in milliseconds. */
  readonly lagLimit: number;
}

/**
 * How far the log of changes is behind the event feed, and since when changes are known. Never `failed`: people can be looked
 * up without it.
 */
export function followerCheck(following: Following, clock: Clock): HealthCheck {
  return () => {
    const trouble = following.trouble();
    const attempt = trouble === undefined ? '' : `; the last attempt failed (${trouble})`;
    const state = following.state();
    if (state === undefined) {
      return { status: 'warning', reason: `the event feed has not been reached yet${attempt}` };
    }
    const { caughtUpAt, answersFrom, newest = 0n, next } = state;
    const behind = newest >= next ? newest - next + 1n : 0n;
    const lag = caughtUpAt === undefined ? Infinity : clock.now().getTime() - caughtUpAt.getTime();
    const known = `can answer from ${answersFrom.toISOString()}`;
    const at = caughtUpAt === undefined ? {} : { at: caughtUpAt.toISOString() };
    const result: CheckResult = {
      status: lag > following.lagLimit ? 'warning' : 'ok',
      reason: `${known}; at most ${behind} events and ${seconds(lag)} s behind${attempt}`,
      ...at,
    };
    return result;
  };
}

function seconds(milliseconds: number): string {
  return Number.isFinite(milliseconds) ? String(Math.max(0, Math.round(milliseconds / 1_000))) : 'unknown';
}
