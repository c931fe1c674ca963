import { deliveredName } from './delivered-names.js';
import type { FileForms, FormDescription } from './file-forms.js';
import type { Checkpoint, Job } from './job.js';
import { norwegianTimeWithOffset } from './norwegian-time.js';
import type { Receipt } from './receipt.js';

/** What the result of a job is called. */
export function resultName(job: Job, { extension }: FormDescription): string {
  return deliveredName(job, `resultat.${extension}`);
}

/** What the list of its rejected rows is called. */
export function rejectsName(job: Job): string {
  return deliveredName(job, 'avvist.csv');
}

/** What is known of a layout of a job; undefined before its file was read, and when the layout is not configured any more. */
export function formOf({ survey }: Job, forms: Pick<FileForms, 'describe'>): FormDescription | undefined {
  return survey === null ? undefined : forms.describe(survey.layout);
}

/** What is said of a job to its client. Files are named once they are complete and the job is not a failure. */
export function receiptOf(job: Job, forms: Pick<FileForms, 'describe'>): Receipt {
  const { input, survey, ending, digests } = job;
  const form = formOf(job, forms);
  // A result that is complete counts, even while it is still being delivered.
  const state = digests !== null && ending === null ? 'COMPLETED' : job.state;
  return {
    jobId: job.id,
    state,
    orgNumber: survey?.header.orgNumber,
    customerRef: survey?.header.customerRef ?? input.customerRef,
    inputFile: input.fileName,
    inputSha256: input.sha256,
    format: form?.format,
    formatVersion: form?.formatVersion,
    charset: survey?.charset,
    receivedAt: norwegianTimeWithOffset(input.receivedAt),
    startedAt: timeOf(job.startedAt),
    finishedAt: timeOf(job.finishedAt),
    counts: survey === null ? undefined : countsOf(job.checkpoint),
    ...(state === 'COMPLETED' && form !== undefined ? filesOf(job, form) : {}),
    errorCode: ending?.code,
    reason: ending?.reason,
  };
}

function filesOf(job: Job, form: FormDescription): Partial<Receipt> {
  const { digests } = job;
  if (digests === null) return {};
  const result = { outputFile: resultName(job, form), outputSha256: digests.result };
  if (digests.rejects === null) return result;
  return { ...result, rejectFile: rejectsName(job), rejectSha256: digests.rejects };
}

function countsOf({ totals, cut, replaced }: Checkpoint): Readonly<Record<string, number>> {
  return { ...totals, cut, replaced };
}

function timeOf(instant: Date | null): string | undefined {
  return instant === null ? undefined : norwegianTimeWithOffset(instant);
}
