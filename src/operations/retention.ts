import type { Clock } from '../runtime/clock.js';
import type { Logger } from './logger.js';

/** What retention needs of the audit trail. */
export interface Purgeable {
  /** Deletes some of the entries made before the instant; @returns how many, 0 when none is left. */
  purgeBefore(instant: Date): number;
}

/** What retention needs of a table whose rows say themselves until when they are kept. */
export interface Forgettable {
  /** Deletes some of the rows whose time had come at the instant; @returns how many, 0 when none is left. */
  forgetBefore(instant: Date): number;
}

/** Retention at work. */
export interface Retention {
  /** Purges at once and then daily, in the background. */
  start(): void;
  /** Ends the work; resolves when nothing is touched any more. */
  stop(): Promise<void>;
}

/** What to keep, and for how long. */
export interface RetentionOptions {
  readonly audit: Purgeable;
  readonly forgettable?: readonly Forgettable[];
  /** `audit.retentionDays`: days of 24 hours. */
  readonly retentionDays: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

const HOUR = 60 * 60 * 1_000;
const DAY = 24 * HOUR;

/**
 * Deletes audit entries that have reached their age, and whatever else has had its time. A purge that fails is logged and
 * tried again in an hour.
 */
export function createRetention({
  audit,
  forgettable = [],
  retentionDays,
  clock,
  logger,
}: RetentionOptions): Retention {
  const stopping = new AbortController();
  const log = logger.with({ module: 'retention' });
  const stopped = (): boolean => stopping.signal.aborted;
  let work: Promise<void> | undefined;

  /** Repeats a portion until there is nothing left of it. @returns how much it was in all */
  const exhaust = async (portion: () => number): Promise<number> => {
    let total = 0;
    for (let deleted = portion(); deleted > 0; deleted = portion()) {
      total += deleted;
      if (stopped()) return total;
      // Requests get their turn between two portions.
      await clock.sleep(0, stopping.signal);
    }
    return total;
  };

  const attempt = async (work: () => Promise<void>, failure: string): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      if (!stopped()) log.error(failure, { error });
      return false;
    }
  };

  const purge = async (): Promise<boolean> => {
    const now = clock.now();
    const purged = await attempt(async () => {
      const oldest = new Date(now.getTime() - retentionDays * DAY);
      const deleted = await exhaust(() => audit.purgeBefore(oldest));
      if (deleted > 0 && !stopped())
        log.info('audit entries reached their age and were deleted', { deleted });
    }, 'audit entries could not be purged');
    const forgotten = await attempt(async () => {
      for (const table of forgettable) {
        if (stopped()) return;
        await exhaust(() => table.forgetBefore(now));
      }
    }, 'what has had its time could not be deleted');
    return purged && forgotten;
  };

  const run = async (): Promise<void> => {
    while (!stopped()) {
      const pause = (await purge()) ? DAY : HOUR;
      try {
        await clock.sleep(pause, stopping.signal);
      } catch (error) {
        if (!stopped()) throw error;
      }
    }
  };

  return {
    start: () => {
      work ??= run();
    },
    stop: async () => {
      stopping.abort();
      await work;
    },
  };
}
