import { z } from 'zod';
import { InternalError } from '../../../errors/errors.js';
import { charsets, filematchErrorCodes, modes } from '../record.js';
import { doors, jobStates, type Hold, type Job } from './job.js';
import type { JobRow } from './job-rows.js';

const count = z.int().min(0);
const instant = z.iso.datetime().transform((text) => new Date(text));
const extent = z.strictObject({ pieces: count, length: count });
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** How jobs are written. A field that an older program did not know needs a default here. */
const record = z.strictObject({
  id: z.string(),
  clientId: z.string(),
  door: z.enum(doors),
  state: z.enum(jobStates),
  input: z.strictObject({
    fileName: z.string(),
    bytes: count,
    sha256: digest,
    sealed: extent,
    receivedAt: instant,
    registerTimestamp: instant,
    mode: z.enum(modes),
    customerRef: z.string(),
    remoteAddress: z.string(),
    directory: z.string().nullable(),
  }),
  survey: z
    .strictObject({
      layout: z.string(),
      charset: z.enum(charsets),
      header: z.strictObject({
        orgNumber: z.string(),
        customerRef: z.string(),
        createdAt: z.string(),
        mode: z.enum(modes),
      }),
      rows: count,
    })
    .nullable(),
  checkpoint: z.strictObject({
    rows: count,
    result: extent,
    rejects: extent,
    totals: z.strictObject({
      recordCount: count,
      matched: count,
      changed: count,
      noMatch: count,
      ambiguous: count,
      rejected: count,
      technical: count,
    }),
    cut: count,
    replaced: count,
    complete: z.boolean(),
  }),
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
  digests: z.strictObject({ result: digest, rejects: digest.nullable() }).nullable(),
  ending: z
    .strictObject({
      code: z.enum([...filematchErrorCodes, 'cancelled', 'gave-up', 'input-lost', 'internal']),
      reason: z.string(),
    })
    .nullable(),
  delivered: z.boolean(),
});

/**
 * A job as the store keeps it.
 * @param overAt when nothing was left to do for it; null before, even in a final state whose receipt is still to be delivered
 */
export function rowOf(job: Job, overAt: Date | null): Omit<JobRow, 'hold'> {
  return {
    id: job.id,
    clientId: job.clientId,
    door: job.door,
    state: job.state,
    over: overAt !== null,
    acceptedAt: job.input.receivedAt,
    overAt,
    record: JSON.stringify(job),
  };
}

/** A job as it was kept. @throws InternalError when it does not open or was written otherwise than here */
export function jobOf(row: Pick<JobRow, 'record'>): Job {
  const read = record.safeParse(parsed(opened(row)));
  // The reasons may quote what the file is called.
  if (!read.success) throw new InternalError('a job in the store cannot be read');
  return read.data;
}

/** What is wanted of a job that is not over. */
export function holdOf({ hold }: Pick<JobRow, 'hold'>): Hold | null {
  return hold === 'paused' || hold === 'cancelled' ? hold : null;
}

function opened(row: Pick<JobRow, 'record'>): string {
  try {
    return row.record;
  } catch (error) {
    throw new InternalError('a job in the store cannot be opened', error);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
