import type { EventSink } from '../../../operations/events.js';
import type { Clock } from '../../../runtime/clock.js';
import type { Delivery } from './delivery.js';
import type { BadEnd } from './endings.js';
import { jobOf, rowOf } from './job-record.js';
import type { JobRow, JobRows } from './job-rows.js';
import { spoolFiles, type Spool } from './spool.js';

/** What jobs are deleted from, and when. */
export interface RetentionParts {
  readonly rows: JobRows;
  readonly spool: Spool;
  readonly delivery: Delivery;
  readonly retentionDays: number;
  readonly clock: Clock;
  readonly events: EventSink;
}

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const AT_A_TIME = 1_000;

/** So long is tried, after `retentionDays`, to delete what was delivered to a folder that cannot be used. */
const TRIED_DAYS = 90;

/** A job of the command line that nobody took up again. */
const abandoned: BadEnd = {
  state: 'FAILED',
  ending: { code: 'gave-up', reason: 'Jobben ble ikke kjørt ferdig. Den kan gjenopptas.' },
};

/** Deletes jobs with all their files when they have been over for `filematch.retentionDays`. */
export class JobRetention {
  readonly #parts: RetentionParts;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  /** Deletes at once and then hourly, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.purge(signal);
      await this.#parts.clock.sleep(HOUR, signal).catch(() => undefined);
    }
  }

  /** Deletes what has had its time. What cannot be deleted now is tried again the next time. Never rejects. */
  async purge(signal: AbortSignal): Promise<void> {
    const { rows, clock, retentionDays, events } = this.#parts;
    const before = new Date(clock.now().getTime() - retentionDays * DAY);
    let deleted = 0;
    let left = 0;
    const attempt = async (work: () => Promise<boolean> | boolean): Promise<boolean> => {
      if (signal.aborted) return false;
      let isDeleted = false;
      try {
        isDeleted = await work();
        if (isDeleted) deleted += 1;
      } catch {
        left += 1;
      }
      // Requests get their turn.
      await clock.sleep(0);
      return isDeleted;
    };
    const look = (list: () => readonly JobRow[]): readonly JobRow[] => {
      try {
        return list();
      } catch {
        left += 1;
        return [];
      }
    };
    for (let standing = 0, isMore = true; isMore && !signal.aborted;) {
      const found = look(() => rows.overBefore(before, { limit: AT_A_TIME, after: standing }));
      for (const { id } of found) if (!(await attempt(() => this.remove(id)))) standing += 1;
      isMore = found.length === AT_A_TIME;
    }
    for (const row of look(() => rows.list({ over: false, limit: AT_A_TIME }))) {
      if (row.door !== 'command-line' || row.acceptedAt >= before) continue;
      await attempt(() => {
        this.#abandon(row.id);
        return false;
      });
    }
    for (const id of await this.#orphans()) await attempt(() => this.#discardOrphan(id));
    if (deleted > 0 || left > 0) events.emit('filematchJobsDeleted', { deleted, left });
  }

  /**
   * Deletes a job that is over: first its files, here and outside, then its row, so that it is found again after a crash; its folder
   * last, which is found without a row, too. Under its claim, so that nobody takes it up meanwhile.
   * @returns whether there was one
   * @throws FolderUnusable; then nothing but its row is left here, for another try at what is outside
   */
  async remove(id: string): Promise<boolean> {
    const { rows, spool } = this.#parts;
    // A claim would make a folder for what is not there.
    if (rows.byId(id)?.over !== true) return false;
    const claim = spool.claim(id);
    if (claim === undefined) return false;
    try {
      const row = rows.byId(id);
      if (row?.over !== true) return false;
      for (const file of spoolFiles) await spool.discard(id, file);
      await this.#discardDelivered(row);
      rows.remove(id);
      await spool.discard(id);
      return true;
    } finally {
      claim.release();
    }
  }

  async #discardDelivered(row: JobRow): Promise<void> {
    const { rows, delivery, clock, retentionDays } = this.#parts;
    const job = readable(row);
    if (job === undefined) return;
    try {
      await delivery.discard(job);
    } catch (error) {
      const days = (clock.now().getTime() - (row.overAt?.getTime() ?? 0)) / DAY;
      if (days > retentionDays + TRIED_DAYS) return;
      // Nobody is to be told of a result that cannot be fetched.
      if (job.digests !== null) rows.save(rowOf({ ...job, digests: null }, row.overAt), []);
      throw error;
    }
  }

  #abandon(id: string): void {
    const { rows, spool, clock } = this.#parts;
    const claim = spool.claim(id);
    if (claim === undefined) return;
    try {
      // Whoever had it until now may have come to its end.
      const row = rows.byId(id);
      if (row?.over !== false) return;
      const now = clock.now();
      rows.save(rowOf({ ...jobOf(row), ...abandoned, finishedAt: now }, now), []);
    } finally {
      claim.release();
    }
  }

  /** Folders that a crash left while a file was being taken in. */
  async #orphans(): Promise<readonly string[]> {
    try {
      return await this.#parts.spool.jobs();
    } catch {
      return [];
    }
  }

  async #discardOrphan(id: string): Promise<boolean> {
    const { rows, spool } = this.#parts;
    if (rows.byId(id) !== undefined) return false;
    const claim = spool.claim(id);
    if (claim === undefined) return false;
    try {
      // It may have become a job before the claim.
      const isOrphan = rows.byId(id) === undefined;
      if (isOrphan) await spool.discard(id);
      return isOrphan;
    } finally {
      claim.release();
    }
  }
}

function readable(row: JobRow): ReturnType<typeof jobOf> | undefined {
  try {
    return jobOf(row);
  } catch {
    return undefined;
  }
}
