import type { FilematchClient } from './engine.js';
import type { Sender } from './file-forms.js';
import type { Job } from './job.js';
import { persistently, piecesOf, type JobContext } from './job-context.js';

/**
 * The first reading of all of a file, before anybody is looked up.
 * @throws FileRejected, JobFilesLost, GaveUp, Stopped
 */
export async function validate(context: JobContext, client: FilematchClient): Promise<void> {
  const { parts, job, watch } = context;
  const { soon } = watch.anyTime;
  await persistently(context, soon, () => {
    job.save({ state: 'VALIDATING', startedAt: job.job.startedAt ?? parts.clock.now() });
  });
  const survey = await persistently(context, soon, () =>
    parts.forms.survey(piecesOf(context, 'input', job.job.input.sealed, soon), senderOf(client, job.job)),
  );
  await persistently(context, soon, () => {
    job.save({ state: 'RUNNING', survey });
  });
}

function senderOf({ client, settings }: FilematchClient, { input }: Job): Sender {
  const { parent, child } = client.organisation;
  return {
    layouts: settings.layouts,
    orgNumber: child ?? parent,
    organisations: child === undefined ? [parent] : [parent, child],
    mode: input.mode,
    customerRef: input.customerRef,
  };
}
