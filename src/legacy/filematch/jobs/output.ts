import { InternalError } from '../../../errors/errors.js';
import type { AuditEntry } from '../../../operations/audit-trail.js';
import type { Clock } from '../../../runtime/clock.js';
import type { CorrelationId } from '../../../runtime/correlation.js';
import type { RowOutcome, Told } from '../matching/matcher.js';
import type { FilematchErrorCode, InputRow } from '../record.js';
import type { RejectsWriter } from '../writing/rejects-writer.js';
import type { ResultWriter } from '../writing/result-writer.js';
import { isRejected, Tally } from './checkpoint.js';
import type { FileForms } from './file-forms.js';
import type { Checkpoint, Extent, Survey } from './job.js';
import type { JobAtWork } from './job-at-work.js';
import { keepTrying, type Patience } from './patience.js';
import type { Spool, SpoolFile, SpoolWriter } from './spool.js';
import { isDamage, JobFilesLost, troubleOf } from './trouble.js';

/** Rows whose outcome is known, with the correlation id of the question. */
export interface FinishedBatch {
  readonly rows: readonly { readonly row: InputRow; readonly outcome: RowOutcome }[];
  readonly correlationId: CorrelationId;
}

/** What output is written with. */
export interface OutputParts {
  readonly job: JobAtWork;
  readonly survey: Survey;
  readonly forms: FileForms;
  readonly told: Told;
  readonly spool: Spool;
  readonly patience: Patience;
  readonly clock: Clock;
}

/** Pieces of about this length are sealed, so that reading one never takes much memory. */
const PIECE_OCTETS = 64 * 1024;

/**
 * Writes the sealed result and rejects of a job, batch after batch: first both files, synced, then one row of the store with the
 * checkpoint and the audit entries. What stands behind the checkpoint never counts, and is cut off before anything is written.
 */
export class Output {
  readonly #parts: OutputParts;
  readonly #result: ResultWriter;
  readonly #rejects: RejectsWriter;
  readonly #writers = new Map<SpoolFile, SpoolWriter>();

  constructor(parts: OutputParts) {
    this.#parts = parts;
    const { survey, forms, job } = parts;
    const { id, input } = job.job;
    const facts = { header: survey.header, jobId: id, registerTimestamp: input.registerTimestamp };
    this.#result = forms.result(survey, facts);
    this.#rejects = forms.rejects(survey.charset);
  }

  /**
   * Writes what follows on what was written before, and stores that; trouble of the disk is waited out.
   * @param isLast whether nothing follows
   * @throws JobFilesLost, GaveUp, the signal's reason
   */
  async add(batches: readonly FinishedBatch[], isLast: boolean, signal: AbortSignal): Promise<void> {
    const { job, patience, clock } = this.#parts;
    const before = job.job.checkpoint;
    const text = this.#textOf(batches, before, isLast);
    const entries = batches.flatMap((batch) => this.#entriesOf(batch));
    const finishedAt = isLast ? clock.now() : null;
    await keepTrying({
      attempt: async () => {
        if (job.wasStoredAfterAll()) return;
        try {
          const result = await this.#write('result', before.result, text.result);
          const rejects = await this.#write('rejects', before.rejects, text.rejects);
          job.save({ checkpoint: text.tally.checkpoint(result, rejects, isLast), finishedAt }, entries);
        } catch (error) {
          // Opened anew, the files end at the checkpoint again.
          await this.close();
          throw error;
        }
      },
      troubleOf: (error) => (error instanceof JobFilesLost ? undefined : troubleOf(error)),
      patience,
      signal,
    });
    job.goesOn();
  }

  /** Lets go of the files. Never rejects. */
  async close(): Promise<void> {
    const writers = [...this.#writers.values()];
    this.#writers.clear();
    await Promise.allSettled(writers.map(async (writer) => writer.close()));
  }

  async #write(file: SpoolFile, from: Extent, pieces: readonly Uint8Array[]): Promise<Extent> {
    if (pieces.length === 0) return from;
    const writer = this.#writers.get(file) ?? (await this.#open(file, from));
    for (const piece of pieces) await writer.append(piece);
    return writer.sync();
  }

  async #open(file: SpoolFile, from: Extent): Promise<SpoolWriter> {
    const { spool, job } = this.#parts;
    try {
      const writer = await spool.append(job.job.id, file, from);
      this.#writers.set(file, writer);
      return writer;
    } catch (error) {
      throw isDamage(error) ? new JobFilesLost(error) : error;
    }
  }

  #textOf(batches: readonly FinishedBatch[], before: Checkpoint, isLast: boolean): Text {
    const { told, survey } = this.#parts;
    const tally = new Tally(before);
    const result = new Pieces();
    const rejects = new Pieces();
    if (before.rows === 0) result.add(this.#result.opening());
    let areRejects = before.rejects.pieces > 0;
    for (const { row, outcome } of batches.flatMap(({ rows }) => rows)) {
      const output = told(outcome, survey.header.mode);
      const written = output === null ? null : this.#result.row(output);
      if (written !== null) result.add(written.octets);
      tally.add(outcome, written);
      if (!isRejected(outcome)) continue;
      if (!areRejects) rejects.add(this.#rejects.opening());
      areRejects = true;
      rejects.add(this.#rejects.row({ line: row.line, ownRef: row.ownRef, errorCode: reasonOf(outcome) }));
    }
    if (isLast) result.add(this.#result.closing(tally.totals));
    return { result: result.all(), rejects: rejects.all(), tally };
  }

  #entriesOf({ rows, correlationId }: FinishedBatch): readonly AuditEntry[] {
    const { id, clientId, input } = this.#parts.job.job;
    const at = this.#parts.clock.now();
    return rows.map(({ outcome }) => ({
      at,
      correlationId,
      clientId,
      protocol: 'filematch',
      operation: 'match',
      subject: outcome.subject,
      outcome: outcome.auditOutcome,
      // Many people at once and searches are always asked of the register itself.
      keptSource: null,
      detail: { remoteAddress: input.remoteAddress, job: id },
    }));
  }
}

interface Text {
  readonly result: readonly Uint8Array[];
  readonly rejects: readonly Uint8Array[];
  readonly tally: Tally;
}

/** Octets, put together to pieces. */
class Pieces {
  readonly #pieces: Uint8Array[] = [];
  #parts: Uint8Array[] = [];
  #length = 0;

  add(octets: Uint8Array): void {
    if (octets.length === 0) return;
    this.#parts.push(octets);
    this.#length += octets.length;
    if (this.#length >= PIECE_OCTETS) this.#close();
  }

  all(): readonly Uint8Array[] {
    if (this.#length > 0) this.#close();
    return this.#pieces;
  }

  #close(): void {
    this.#pieces.push(Buffer.concat(this.#parts));
    this.#parts = [];
    this.#length = 0;
  }
}

function reasonOf({ errorCode }: RowOutcome): FilematchErrorCode {
  if (errorCode === null) throw new InternalError('a rejected row has no error code');
  return errorCode;
}
