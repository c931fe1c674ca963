import type { JobView } from '../jobs/filematch-jobs.js';
import { norwegianTimeWithOffset } from '../jobs/norwegian-time.js';

/** What is told of a job to its client while nobody knows how it ends; times are Norwegian, as in receipts. */
export interface JobStatus {
  readonly jobId: string;
  readonly state: string;
  /** `paused`, `cancelled` or null. */
  readonly hold: string | null;
  readonly waitingFor: string | null;
  readonly fileName: string;
  readonly customerRef: string;
  readonly mode: string;
  readonly rows: { readonly done: number; readonly total: number | null };
  readonly counts: Readonly<Record<string, number>>;
  readonly receivedAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** Why it was rejected or failed. */
  readonly errorCode: string | null;
  readonly reason: string | null;
}

/** The status of a job. */
export function statusOf({ job, hold, waitingFor }: JobView): JobStatus {
  const { input, survey, checkpoint, ending } = job;
  return {
    jobId: job.id,
    state: job.state,
    hold,
    waitingFor,
    fileName: input.fileName,
    customerRef: survey?.header.customerRef ?? input.customerRef,
    mode: survey?.header.mode ?? input.mode,
    rows: { done: checkpoint.rows, total: survey?.rows ?? null },
    counts: { ...checkpoint.totals, cut: checkpoint.cut, replaced: checkpoint.replaced },
    receivedAt: norwegianTimeWithOffset(input.receivedAt),
    startedAt: timeOf(job.startedAt),
    finishedAt: timeOf(job.finishedAt),
    errorCode: ending?.code ?? null,
    reason: ending?.reason ?? null,
  };
}

function timeOf(instant: Date | null): string | null {
  return instant === null ? null : norwegianTimeWithOffset(instant);
}
