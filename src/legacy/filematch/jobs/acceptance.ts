import { createHash } from 'node:crypto';
import { NotAuthorised } from '../../../errors/errors.js';
import type { EventSink } from '../../../operations/events.js';
import type { Clock } from '../../../runtime/clock.js';
import type { Random } from '../../../runtime/random.js';
import { NOTHING, START } from './checkpoint.js';
import { FileTooLarge, type DeliveredFile } from './filematch-jobs.js';
import type { Job, JobInput } from './job.js';
import { jobOf, rowOf } from './job-record.js';
import type { JobRows } from './job-rows.js';
import type { Spool } from './spool.js';
import { isUlid, newUlid } from './ulid.js';

/** What taking files in needs. */
export interface AcceptanceParts {
  readonly clients: { has(id: string): boolean };
  readonly rows: JobRows;
  readonly spool: Spool;
  readonly maxFileBytes: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventSink;
}

/** What came of a file. */
export type Accepted =
  | { readonly outcome: 'accepted'; readonly job: Job }
  | { readonly outcome: 'processed-before'; readonly jobId: string }
  | { readonly outcome: 'id-in-use' };

/** Pieces of this length are sealed. */
const PIECE_OCTETS = 64 * 1024;

/**
 * Takes a file in: sealed in the spool and synced first, then as a row of the store. Whatever goes wrong before that leaves
 * nothing behind, but for a folder without a row after a crash, which retention finds.
 * @throws as `FilematchJobs.accept`; TypeError for an id that is no ULID
 */
export async function acceptFile(
  parts: AcceptanceParts,
  file: DeliveredFile,
  source: AsyncIterable<Uint8Array>,
): Promise<Accepted> {
  const { clients, rows, spool, clock, random } = parts;
  if (!clients.has(file.clientId)) throw new NotAuthorised('the client may not bring files');
  const id = file.id ?? newUlid(clock, random);
  if (!isUlid(id)) throw new TypeError('the id of a job is no ULID');
  const known = knownJob(rows, id, file.clientId);
  if (known !== undefined) return known;
  const claim = spool.claim(id);
  if (claim === undefined) return { outcome: 'id-in-use' };
  try {
    // Somebody may have been faster before the claim.
    return knownJob(rows, id, file.clientId) ?? (await takeIn(parts, id, file, source));
  } finally {
    claim.release();
  }
}

async function takeIn(
  parts: AcceptanceParts,
  id: string,
  file: DeliveredFile,
  source: AsyncIterable<Uint8Array>,
): Promise<Accepted> {
  const { rows, spool, events } = parts;
  let isKept = false;
  try {
    const input = await sealed(parts, id, file, source);
    const job = newJob(id, file, input);
    // From here on nobody can be sure that there is no row before the store has said so.
    isKept = true;
    const earlier = rows.add(rowOf(job, null), { sha256: input.sha256, forced: file.forced });
    isKept = earlier === undefined;
    if (earlier !== undefined) return { outcome: 'processed-before', jobId: earlier };
    const { clientId, door } = file;
    events.emit('filematchJobAccepted', { jobId: id, clientId, door, bytes: input.bytes });
    return { outcome: 'accepted', job };
  } finally {
    // What cannot be deleted now is found by retention; the sender is told of the first trouble.
    if (!isKept) await spool.discard(id).catch(() => undefined);
  }
}

function knownJob(rows: JobRows, id: string, clientId: string): Accepted | undefined {
  const row = rows.byId(id);
  if (row === undefined) return undefined;
  return row.clientId === clientId ? { outcome: 'accepted', job: jobOf(row) } : { outcome: 'id-in-use' };
}

async function sealed(
  { spool, maxFileBytes, clock }: AcceptanceParts,
  id: string,
  file: DeliveredFile,
  source: AsyncIterable<Uint8Array>,
): Promise<JobInput> {
  await spool.create(id);
  const writer = await spool.append(id, 'input', NOTHING);
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const piece of inPieces(source)) {
      bytes += piece.length;
      if (bytes > maxFileBytes) throw new FileTooLarge(maxFileBytes);
      hash.update(piece);
      await writer.append(piece);
    }
    const extent = await writer.sync();
    const receivedAt = clock.now();
    return {
      fileName: file.fileName,
      bytes,
      sha256: hash.digest('hex'),
      sealed: extent,
      receivedAt,
      registerTimestamp: receivedAt,
      mode: file.mode,
      customerRef: file.customerRef,
      remoteAddress: file.remoteAddress,
      directory: file.directory,
    };
  } finally {
    await writer.close();
  }
}

/** The same octets in pieces of one length, which do not live longer than until the next one is asked for. */
async function* inPieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const piece = Buffer.allocUnsafe(PIECE_OCTETS);
  let filled = 0;
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length;) {
      const part = chunk.subarray(from, from + PIECE_OCTETS - filled);
      piece.set(part, filled);
      from += part.length;
      filled += part.length;
      if (filled < PIECE_OCTETS) continue;
      yield piece;
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

function newJob(id: string, file: DeliveredFile, input: JobInput): Job {
  return {
    id,
    clientId: file.clientId,
    door: file.door,
    state: 'RECEIVED',
    input,
    survey: null,
    checkpoint: START,
    startedAt: null,
    finishedAt: null,
    digests: null,
    ending: null,
    delivered: false,
  };
}
