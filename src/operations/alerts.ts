import type { Clock } from '../runtime/clock.js';
import { checkHints } from './check-hints.js';
import type { EventSink } from './events.js';
import type { CheckResult, CheckStatus, Health } from './health.js';

/** How often the checks are looked at. */
const LOOK_MILLISECONDS = 5_000;

/** So long something has to be well, or better, before that is told. */
const HOLD_MILLISECONDS = 60_000;

/** What comes and goes is held for longer each time, up to this. */
const LONGEST_HOLD_MILLISECONDS = 15 * 60_000;

/** How long it is remembered that something came and went. */
const REMEMBERED_MILLISECONDS = 60 * 60_000;

/** What alerts are made of. */
export interface AlertsParts {
  readonly health: Pick<Health, 'readiness'>;
  readonly events: EventSink;
  readonly clock: Clock;
}

type TroubleStatus = Exclude<CheckStatus, 'ok'>;

/** A check that is not well, or has not been well for long enough. */
interface Trouble {
  readonly beganAt: number;
  /** What was told last. */
  told: TroubleStatus;
  /** Since when it has been better than was told, without a break. */
  better: { readonly status: CheckStatus; readonly since: number } | undefined;
}

/**
 * Tells once when a check of readiness begins to be in trouble, and once when that is over. What becomes worse is told at once; what
 * becomes better has to stay so for a minute, and longer each time within an hour that it did not, so that something that comes
 * and goes is one trouble and not a hundred.
 */
export class Alerts {
  readonly #troubles = new Map<string, Trouble>();
  /** When each check was told of, within what is remembered. */
  readonly #told = new Map<string, number[]>();

  constructor(private readonly parts: AlertsParts) {}

  /** Looks every few seconds until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const stopped = (): boolean => signal.aborted;
    while (!stopped()) {
      try {
        // First, since what has just been opened has had no time to be well.
        await this.parts.clock.sleep(LOOK_MILLISECONDS, signal);
      } catch (error) {
        if (stopped()) return;
        throw error;
      }
      this.look();
    }
  }

  /** Looks at every check once, and tells what has changed. */
  look(): void {
    const { checks } = this.parts.health.readiness();
    for (const [check, result] of Object.entries(checks)) {
      if (result.status === 'ok') this.#seenWell(check);
      else this.#seenInTrouble(check, result.status, result);
    }
  }

  #seenInTrouble(check: string, status: TroubleStatus, result: CheckResult): void {
    const trouble = this.#troubles.get(check);
    if (trouble === undefined) {
      this.#troubles.set(check, { beganAt: this.#now(), told: status, better: undefined });
      this.#tellBegan(check, status, result);
    } else if (status === trouble.told) {
      trouble.better = undefined;
    } else if (status === 'failed' || this.#hasHeld(check, trouble, status)) {
      trouble.told = status;
      trouble.better = undefined;
      this.#tellBegan(check, status, result);
    }
  }

  #seenWell(check: string): void {
    const trouble = this.#troubles.get(check);
    if (trouble === undefined || !this.#hasHeld(check, trouble, 'ok')) return;
    this.#troubles.delete(check);
    const since = trouble.better?.since ?? this.#now();
    this.parts.events.emit('troubleEnded', { check, seconds: (since - trouble.beganAt) / 1_000 });
  }

  /** Whether it has been so well for long enough; begins to count when it was not. */
  #hasHeld(check: string, trouble: Trouble, status: 'ok' | 'warning'): boolean {
    const now = this.#now();
    // From well to a warning it is still better than the failure that was told, but not as well as it was.
    if (trouble.better?.status !== status) trouble.better = { status, since: now };
    return now - trouble.better.since >= this.#holdOf(check);
  }

  #holdOf(check: string): number {
    const times = (this.#told.get(check) ?? []).length;
    return Math.min(HOLD_MILLISECONDS * 2 ** Math.max(0, times - 1), LONGEST_HOLD_MILLISECONDS);
  }

  #tellBegan(check: string, status: TroubleStatus, { reason = 'no reason given' }: CheckResult): void {
    const now = this.#now();
    const lately = (this.#told.get(check) ?? []).filter((at) => now - at < REMEMBERED_MILLISECONDS);
    this.#told.set(check, [...lately, now]);
    const hint = checkHints[check] ?? 'See the log and the page of health checks.';
    this.parts.events.emit('troubleBegan', { check, status, reason, hint });
  }

  #now(): number {
    return this.parts.clock.now().getTime();
  }
}
