import { join } from 'node:path';
import { deliveredName } from '../../legacy/filematch/jobs/delivered-names.js';
import type { JobView } from '../../legacy/filematch/jobs/filematch-jobs.js';
import { isOver } from '../../legacy/filematch/jobs/job.js';
import type { Receipt } from '../../legacy/filematch/jobs/receipt.js';
import type { Mode } from '../../legacy/filematch/record.js';
import { CommandFailed } from '../report.js';
import { INTERRUPTED } from './exit-codes.js';
import { grouped } from './progress-line.js';

/**
 * What is said of a job that has completed: how the rows came out, and where the files lie.
 * @throws CommandFailed for a job that came to another end, or to none
 */
export function conclusion(view: JobView, receipt: Receipt | undefined): string {
  const { id, state, checkpoint, ending } = view.job;
  if (!isOver(view.job)) throw new CommandFailed(standing(view), INTERRUPTED);
  if (state === 'REJECTED') {
    throw new CommandFailed(
      `Job ${id}: the file was rejected and nothing was looked up (${ending?.code ?? 'unknown'}). ${ending?.reason ?? ''}`.trimEnd(),
    );
  }
  if (state === 'FAILED') {
    const way =
      ending?.code === 'gave-up'
        ? ` "preg-adapter filematch resume ${id}" and then the same command go on where it stands.`
        : '';
    throw new CommandFailed(`Job ${id} failed (${ending?.code ?? 'unknown'}). ${ending?.reason ?? ''}${way}`);
  }
  const { totals } = checkpoint;
  const counts = [
    `${grouped(checkpoint.rows)} rows`,
    `${grouped(totals.matched)} matched (${grouped(totals.changed)} with changes)`,
    `${grouped(totals.noMatch)} not found`,
    `${grouped(totals.ambiguous)} ambiguous`,
    `${grouped(totals.rejected)} rejected`,
    `${grouped(totals.technical)} with technical errors`,
  ];
  return [`Job ${id} is complete: ${counts.join(', ')}.`, ...fileLines(view, receipt), ''].join('\n');
}

function fileLines({ job }: JobView, receipt: Receipt | undefined): readonly string[] {
  const { directory } = job.input;
  if (directory === null) return [];
  const files = [
    ['Result', receipt?.outputFile],
    ['Rejects', receipt?.rejectFile],
    ['Receipt', deliveredName(job, 'kvittering.json')],
  ] as const;
  return files.flatMap(([what, name]) =>
    name === undefined ? [] : [`  ${what.padEnd(8)} ${printable(join(directory, name))}`],
  );
}

/** Where an unfinished job stands, and how it goes on. */
function standing({ job }: JobView): string {
  const { id, survey, checkpoint } = job;
  const place =
    survey === null
      ? 'has been taken in'
      : `stands at row ${grouped(checkpoint.rows)} of ${grouped(survey.rows)}`;
  return `Interrupted. Job ${id} ${place}. The same command goes on from there; "preg-adapter filematch cancel ${id}" ends it.`;
}

/** What the command line says of the job; undefined where it says nothing. */
export interface Asked {
  readonly mode: Mode | undefined;
  readonly customerRef: string | undefined;
  readonly directory: string | null | undefined;
}

/** What of the command line does not count, since the file has a header of its own; undefined where all of it does. */
export function passedOver({ job }: JobView, asked: Asked): string | undefined {
  const told = othersThan(asked, job.survey?.header);
  return told.length === 0 ? undefined : `The header of the file says ${told.join(' and ')}, which counts.`;
}

/** What of the command line does not count, since the job was taken in before with something else; undefined where all of it does. */
export function settledBefore({ job }: JobView, asked: Asked): string | undefined {
  const { directory } = job.input;
  const told = [
    ...othersThan(asked, job.survey?.header ?? job.input),
    ...(asked.directory === undefined || asked.directory === directory || directory === null
      ? []
      : [`results in ${printable(directory)}`]),
  ];
  return told.length === 0 ? undefined : `It goes on as it was taken in: with ${told.join(' and ')}.`;
}

function othersThan(
  asked: Asked,
  settled: { readonly mode: Mode; readonly customerRef: string } | undefined,
): readonly string[] {
  if (settled === undefined) return [];
  return [
    asked.mode === undefined || asked.mode === settled.mode ? [] : [`mode ${settled.mode}`],
    asked.customerRef === undefined || asked.customerRef === settled.customerRef
      ? []
      : ['a customer reference of its own'],
  ].flat();
}

/** A name of somebody else's making, without what a terminal would obey. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}|\p{Cf}/gu, '?');
}
