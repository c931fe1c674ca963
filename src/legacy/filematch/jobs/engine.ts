import type { LegacyClient } from '../../../access/legacy-client.js';
import type { ClientSettings, FilematchSettings } from '../../../config/schema.js';
import { InternalError } from '../../../errors/errors.js';
import type { EventSink } from '../../../operations/events.js';
import type { Clock } from '../../../runtime/clock.js';
import type { Random } from '../../../runtime/random.js';
import type { Matcher, Told } from '../matching/matcher.js';
import { acceptFile } from './acceptance.js';
import type { Delivery } from './delivery.js';
import { canBeTakenUp } from './endings.js';
import type { FileForms } from './file-forms.js';
import type { Acceptance, DeliveredFile, FilematchJobs, JobView } from './filematch-jobs.js';
import { isBeyondPausing, isOver, type Hold } from './job.js';
import type { JobAtWork } from './job-at-work.js';
import { jobOf, rowOf } from './job-record.js';
import type { JobRows, Listed } from './job-rows.js';
import { JobViews } from './job-views.js';
import { JobWorker, type Onlooker, type WorkEnd } from './job-worker.js';
import type { Politeness } from './politeness.js';
import type { Receipt } from './receipt.js';
import { receiptOf } from './receipts.js';
import { JobRetention } from './retention.js';
import { RowBudget } from './row-budget.js';
import { Schedule } from './schedule.js';
import type { Spool } from './spool.js';

/** What the engine is made of. */
export interface FilematchJobsParts {
  readonly settings: EngineSettings;
  /** Those that are switched on and may speak Filematch, as they are now. Jobs of others wait, and give up in the end. */
  readonly clients: FilematchClients;
  readonly forms: FileForms;
  readonly matcher: Matcher;
  readonly told: Told;
  readonly rows: JobRows;
  readonly spool: Spool;
  readonly delivery: Delivery;
  readonly politeness: Politeness;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventSink;
}

/** The settings that the engine goes by. */
export type EngineSettings = Pick<
  FilematchSettings,
  | 'rowsPerBatch'
  | 'maxConcurrentBatches'
  | 'rowsPerSecond'
  | 'window'
  | 'maxFileBytes'
  | 'patienceHours'
  | 'keepInput'
  | 'retentionDays'
> & {
  /** `listeners.legacy.requestDeadlineSeconds`; a batch has several times that. */
  readonly requestDeadlineSeconds: number;
};

/** Clients by id; one whose settings have changed is another object. */
export type FilematchClients = Pick<ReadonlyMap<string, FilematchClient>, 'get' | 'has' | 'keys'>;

/** A client, and what its settings say of its files. */
export interface FilematchClient {
  readonly client: LegacyClient;
  readonly settings: Pick<ClientSettings['filematch'], 'layouts' | 'weakMatches'>;
}

/** How often somebody who waits for a job looks how it is, in milliseconds. */
const LOOKED_EVERY = 1_000;

/** The engine behind all doors. Nothing is worked on before `run` or `finish`. */
export function createFilematchJobs(parts: FilematchJobsParts): FilematchJobs {
  return new Engine(parts);
}

class Engine implements FilematchJobs {
  readonly #parts: FilematchJobsParts;
  readonly #worker: JobWorker;
  readonly #schedule: Schedule;
  readonly #retention: JobRetention;
  readonly #views: JobViews;

  constructor(parts: FilematchJobsParts) {
    const { settings, clients, rows, clock, events } = parts;
    this.#parts = parts;
    this.#worker = new JobWorker(parts, new RowBudget(clock, settings.rowsPerSecond));
    this.#views = new JobViews(rows, { window: settings.window, clock });
    this.#retention = new JobRetention({ ...parts, retentionDays: settings.retentionDays });
    this.#schedule = new Schedule({
      rows,
      clientIds: () => [...clients.keys()],
      window: settings.window,
      clock,
      events,
      work: (id, ending, onMatched) =>
        this.#work(id, ending, { matched: onMatched, changed: () => undefined }),
    });
  }

  async accept(file: DeliveredFile, source: AsyncIterable<Uint8Array>): Promise<Acceptance> {
    const { maxFileBytes } = this.#parts.settings;
    const accepted = await acceptFile({ ...this.#parts, maxFileBytes }, file, source);
    if (accepted.outcome !== 'accepted') return accepted;
    this.#schedule.wake();
    const view = this.#views.of(accepted.job.id);
    if (view === undefined) throw new InternalError('a job is gone as soon as it was accepted');
    return { outcome: 'accepted', job: view };
  }

  job(id: string, clientId?: string): JobView | undefined {
    const view = this.#views.of(id);
    return clientId === undefined || view?.job.clientId === clientId ? view : undefined;
  }

  jobs(which: Listed): readonly JobView[] {
    return this.#views.list(which);
  }

  hold(id: string, hold: Hold): boolean {
    const job = this.#views.of(id)?.job;
    if (job === undefined || (hold === 'paused' && isBeyondPausing(job))) return false;
    const isHeld = this.#parts.rows.setHold(id, hold);
    this.#views.look(id);
    this.#schedule.wake();
    return isHeld;
  }

  resume(id: string): boolean {
    const { rows, spool } = this.#parts;
    const row = rows.byId(id);
    if (row === undefined) return false;
    if (isOver(jobOf(row)) ? !takeUp(id, rows, spool) : row.hold !== 'paused') return false;
    const isResumed = rows.setHold(id, null);
    this.#schedule.wake();
    return isResumed;
  }

  read(id: string, file: 'result' | 'rejects'): AsyncIterable<Uint8Array> | undefined {
    const job = this.#views.of(id)?.job;
    if (job?.state !== 'COMPLETED') return undefined;
    const extent = job.checkpoint[file];
    return file === 'rejects' && extent.pieces === 0 ? undefined : this.#parts.spool.read(id, file, extent);
  }

  receipt(id: string): Receipt | undefined {
    const job = this.#views.of(id)?.job;
    return job === undefined ? undefined : receiptOf(job, this.#parts.forms);
  }

  async remove(id: string): Promise<boolean> {
    return this.#retention.remove(id);
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#schedule.run(signal), this.#retention.run(signal)]);
  }

  async finish(id: string, signal: AbortSignal, onProgress: (job: JobView) => void): Promise<JobView> {
    const { rows, clock } = this.#parts;
    const now = (): JobView => {
      const view = this.#views.of(id);
      if (view === undefined) throw new TypeError('there is no such job');
      onProgress(view);
      return view;
    };
    const onlooker = {
      matched: () => undefined,
      changed: ({ job, waitingFor }: JobAtWork) => {
        onProgress({ job, hold: null, waitingFor });
      },
    };
    for (;;) {
      const view = now();
      if (rows.byId(id)?.over === true || signal.aborted) return view;
      const end = await this.#work(id, signal, onlooker);
      if (end !== 'over') await clock.sleep(LOOKED_EVERY, signal).catch(() => undefined);
    }
  }

  async #work(id: string, ending: AbortSignal, onlooker: Omit<Onlooker, 'begins'>): Promise<WorkEnd> {
    let end = (): void => undefined;
    try {
      return await this.#worker.work(id, ending, {
        ...onlooker,
        begins: (job, watch) => {
          this.#views.begins(job, watch);
          end = () => {
            this.#views.ends(id);
          };
        },
      });
    } finally {
      end();
    }
  }
}

/**
 * Makes a job that failed for a reason that may be gone one that is worked on again.
 * @returns whether it is one; not while somebody still puts away or deletes its files
 */
function takeUp(id: string, rows: JobRows, spool: Spool): boolean {
  const claim = spool.claim(id);
  if (claim === undefined) return false;
  try {
    // Under the claim nobody else changes it.
    const row = rows.byId(id);
    const job = row === undefined ? undefined : jobOf(row);
    if (job === undefined || !canBeTakenUp(job)) return false;
    const state = job.survey === null ? 'RECEIVED' : 'RUNNING';
    const finishedAt = job.checkpoint.complete ? job.finishedAt : null;
    rows.save(rowOf({ ...job, state, ending: null, finishedAt, delivered: false }, null), []);
    return true;
  } finally {
    claim.release();
  }
}
