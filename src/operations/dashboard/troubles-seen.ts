import type { AdapterEvents } from '../events.js';

/** So many are remembered. */
const AT_MOST = 20;

/** A check of readiness that was not well for a while, as the log told of it. */
export interface TroubleSeen {
  /** Its name in `/health/ready`. */
  readonly check: string;
  readonly status: 'warning' | 'failed';
  readonly reason: string;
  readonly beganAt: Date;
  /** When it was over or became another one; undefined while it lasts. */
  readonly endedAt: Date | undefined;
}

/** Trouble that came and went. */
export class TroublesSeen {
  /** The last one first. */
  #troubles: readonly TroubleSeen[] = [];

  began({ check, status, reason }: AdapterEvents['troubleBegan'], now: Date): void {
    this.ended(check, now);
    const trouble = { check, status, reason, beganAt: now, endedAt: undefined };
    this.#troubles = [trouble, ...this.#troubles].slice(0, AT_MOST);
  }

  ended(check: string, now: Date): void {
    this.#troubles = this.#troubles.map((trouble) =>
      trouble.check === check && trouble.endedAt === undefined ? { ...trouble, endedAt: now } : trouble,
    );
  }

  all(): readonly TroubleSeen[] {
    return this.#troubles;
  }
}
