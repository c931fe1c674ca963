import type { FilematchClient } from './engine.js';
import type { Survey } from './job.js';
import { persistently, piecesOf, type JobContext } from './job-context.js';
import type { Stops } from './lookup.js';
import { Lookup } from './lookup.js';
import { MatchingRun } from './matching-run.js';
import { Output } from './output.js';

/**
 * Takes the rows of a job from its checkpoint to the end.
 * @throws JobFilesLost, GaveUp, Stopped
 */
export async function matchRows(context: JobContext, client: FilematchClient, survey: Survey): Promise<void> {
  const { parts, job, watch } = context;
  const stops = watch.inWindow;
  stops.soon.throwIfAborted();
  const { id, clientId, checkpoint } = job.job;
  parts.events.emit('filematchJobStarted', {
    jobId: id,
    clientId,
    rows: survey.rows,
    rowsDone: checkpoint.rows,
  });
  await persistently(context, stops.soon, (goesWell) => runFrom(context, client, survey, stops, goesWell));
}

async function runFrom(
  context: JobContext,
  client: FilematchClient,
  survey: Survey,
  stops: Stops,
  onStored: () => void,
): Promise<void> {
  const { parts, budget, job, claim, patience } = context;
  const { forms, matcher, told, spool, politeness, clock, random, settings } = parts;
  const { input, checkpoint } = job.job;
  await new MatchingRun({
    rows: forms.rows(piecesOf(context, 'input', input.sealed, stops.soon), survey),
    count: survey.rows,
    done: checkpoint.rows,
    claim,
    matcher,
    lookup: new Lookup({
      matcher,
      client,
      patience,
      requestMilliseconds: settings.requestDeadlineSeconds * 1_000,
      clock,
      random,
    }),
    output: new Output({ job, survey, forms, told, spool, patience, clock }),
    patience,
    politeness,
    budget,
    rowsPerBatch: settings.rowsPerBatch,
    maxConcurrentBatches: settings.maxConcurrentBatches,
    random,
    onStored,
  }).run(stops);
}
