import type { AdapterEvents } from '../events.js';

/** So many are remembered. */
const AT_MOST = 20;

/** A check of readiness that was not well for a while, as the log told of it. */
export interface TroubleSeen {
  /** Its name in `/health/ready`. */
  readonly check: string;
  /** Which of the things that can be the matter with it; undefined where it tells none. */
  readonly cause: string | undefined;
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

  began({ check, cause, status, reason }: AdapterEvents['troubleBegan'], now: Date): void {
    this.ended({ check, cause }, now);
    const trouble = { check, cause, status, reason, beganAt: now, endedAt: undefined };
    this.#troubles = [trouble, ...this.#troubles].slice(0, AT_MOST);
  }

  ended({ check, cause }: Pick<AdapterEvents['troubleEnded'], 'check' | 'cause'>, now: Date): void {
    this.#troubles = this.#troubles.map((trouble) =>
      trouble.check === check && trouble.cause === cause && trouble.endedAt === undefined
        ? { ...trouble, endedAt: now }
        : trouble,
    );
  }

  all(): readonly TroubleSeen[] {
    return this.#troubles;
  }
}
