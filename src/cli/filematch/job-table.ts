import type { JobView } from '../../legacy/filematch/jobs/filematch-jobs.js';
import { isOver } from '../../legacy/filematch/jobs/job.js';
import { aligned } from '../aligned.js';
import { printable } from './job-report.js';
import { grouped, waitingTexts } from './progress-line.js';

/** Jobs as a table for a terminal. The names that files came by are shown where somebody looks, and nowhere else. */
export function jobTable(jobs: readonly JobView[], withNames: boolean): string {
  const titles = ['JOB', 'CLIENT', 'RECEIVED (UTC)', 'ROWS', 'STATE', ...(withNames ? ['FILE'] : [])];
  const rows = jobs.map((view) => {
    const { job } = view;
    return [
      job.id,
      job.clientId,
      minuteOf(job.input.receivedAt),
      rowsOf(view),
      stateOf(view),
      ...(withNames ? [printable(job.input.fileName)] : []),
    ];
  });
  return aligned([titles, ...rows]);
}

/** Everything about one job that is not the file's content. */
export function jobDetails(view: JobView, withNames: boolean): string {
  const { job } = view;
  const { survey, checkpoint, input } = job;
  const { totals } = checkpoint;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['Job', job.id],
    ['Client', job.clientId],
    ['State', stateOf(view)],
    ['Reason', job.ending === null ? undefined : `${job.ending.code}: ${job.ending.reason}`],
    ['Came by', job.door],
    ['File', withNames ? printable(input.fileName) : undefined],
    ['Octets', grouped(input.bytes)],
    ['SHA-256', input.sha256],
    ['Received', timeOf(input.receivedAt)],
    ['Started', timeOf(job.startedAt)],
    ['Finished', timeOf(job.finishedAt)],
    ['Layout', survey === null ? undefined : `${survey.layout}, ${survey.charset}`],
    ['Mode', survey?.header.mode ?? input.mode],
    ['Organisation', survey?.header.orgNumber],
    ['Rows', rowsOf(view)],
    ['Matched', `${grouped(totals.matched)}, ${grouped(totals.changed)} of them with changes`],
    ['Not found', grouped(totals.noMatch)],
    ['Ambiguous', grouped(totals.ambiguous)],
    ['Rejected', grouped(totals.rejected)],
    ['Technical', grouped(totals.technical)],
    ['Texts cut', `${grouped(checkpoint.cut)} rows`],
    ['Letters replaced', `${grouped(checkpoint.replaced)} rows`],
  ];
  return aligned(lines.flatMap(([title, text]) => (text === undefined ? [] : [[title, text]])));
}

function stateOf({ job, hold, waitingFor }: JobView): string {
  if (isOver(job)) return job.ending === null ? job.state : `${job.state} (${job.ending.code})`;
  if (hold === 'cancelled') return `${job.state}, is being cancelled`;
  if (hold === 'paused') return `${job.state}, paused`;
  return waitingFor === null ? job.state : `${job.state}, ${waitingTexts[waitingFor]}`;
}

function rowsOf({ job: { survey, checkpoint } }: JobView): string {
  return survey === null ? '' : `${grouped(checkpoint.rows)} of ${grouped(survey.rows)}`;
}

function minuteOf(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ');
}

function timeOf(at: Date | null): string | undefined {
  return at?.toISOString();
}
