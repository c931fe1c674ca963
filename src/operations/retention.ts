import type { Clock } from '../runtime/clock.js';
import type { Logger } from './logger.js';

/** What retention needs of the audit trail. */
export interface Purgeable {
  /** Deletes some of the entries made before the instant; @returns how many, 0 when none is left. */
  purgeBefore(instant: Date): number;
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
  /** `audit.retentionDays`: days of 24 hours. */
  readonly retentionDays: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

const HOUR = 60 * 60 * 1_000;
const DAY = 24 * HOUR;

/** Deletes audit entries that have reached their age. A purge that fails is logged and tried again in an hour. */
export function createRetention({ audit, retentionDays, clock, logger }: RetentionOptions): Retention {
  const stopping = new AbortController();
  const log = logger.with({ module: 'retention' });
  const stopped = (): boolean => stopping.signal.aborted;
  let work: Promise<void> | undefined;

  const purge = async (): Promise<boolean> => {
    try {
      const oldest = new Date(clock.now().getTime() - retentionDays * DAY);
      let total = 0;
      for (let deleted = audit.purgeBefore(oldest); deleted > 0; deleted = audit.purgeBefore(oldest)) {
        total += deleted;
        if (stopped()) return true;
        // Requests get their turn between two portions.
        await clock.sleep(0, stopping.signal);
      }
      if (total > 0) log.info('audit entries reached their age and were deleted', { deleted: total });
      return true;
    } catch (error) {
      if (!stopped()) log.error('audit entries could not be purged', { error });
      return false;
    }
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
