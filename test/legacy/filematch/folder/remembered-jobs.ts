import { createHash } from 'node:crypto';
import type {
  Acceptance,
  DeliveredFile,
  FilematchJobs,
  JobView,
} from '../../../../src/legacy/filematch/jobs/filematch-jobs.js';
import { FileTooLarge } from '../../../../src/legacy/filematch/jobs/filematch-jobs.js';
import { isOver, type Job, type JobState } from '../../../../src/legacy/filematch/jobs/job.js';
import { fileJob } from './file-job.js';

/** What a door asks of the engine, answered as the engine does, in memory that outlives the door. */
export class RememberedJobs implements Pick<FilematchJobs, 'accept' | 'job' | 'jobs'> {
  readonly accepted: { readonly file: DeliveredFile; readonly text: string }[] = [];
  maxBytes = Number.POSITIVE_INFINITY;
  /** Called with every file before it is read, and when it has become a job; may throw. */
  onAccept: (moment: 'before' | 'after') => void | Promise<void> = () => undefined;
  readonly #jobs = new Map<string, Job>();
  readonly #underWay = new Set<string>();

  /** Every job, in the order of acceptance. */
  get all(): readonly Job[] {
    return [...this.#jobs.values()];
  }

  job(id: string, clientId?: string): JobView | undefined {
    const job = this.#jobs.get(id);
    if (job === undefined || (clientId !== undefined && job.clientId !== clientId)) return undefined;
    return { job, hold: null, waitingFor: null };
  }

  jobs({ clientId, over }: Parameters<FilematchJobs['jobs']>[0]): readonly JobView[] {
    return this.all
      .filter((job) => clientId === undefined || job.clientId === clientId)
      .filter((job) => over === undefined || isOver(job) === over)
      .map((job) => ({ job, hold: null, waitingFor: null }));
  }

  end(id: string, state: JobState): void {
    const job = this.#jobs.get(id);
    if (job !== undefined) this.#jobs.set(id, { ...job, state });
  }

  /** Gives a job to another client. */
  rename(id: string, clientId: string): void {
    const job = this.#jobs.get(id);
    if (job !== undefined) this.#jobs.set(id, { ...job, clientId });
  }

  forget(id: string): void {
    this.#jobs.delete(id);
  }

  async accept(file: DeliveredFile, source: AsyncIterable<Uint8Array>): Promise<Acceptance> {
    const id = file.id ?? '';
    const known = this.#jobs.get(id);
    if (known !== undefined) {
      return known.clientId === file.clientId
        ? { outcome: 'accepted', job: { job: known, hold: null, waitingFor: null } }
        : { outcome: 'id-in-use' };
    }
    if (this.#underWay.has(id)) return { outcome: 'id-in-use' };
    this.#underWay.add(id);
    try {
      return await this.#take(id, file, source);
    } finally {
      this.#underWay.delete(id);
    }
  }

  async #take(id: string, file: DeliveredFile, source: AsyncIterable<Uint8Array>): Promise<Acceptance> {
    await this.onAccept('before');
    const pieces: Uint8Array[] = [];
    for await (const piece of source) {
      pieces.push(piece);
      if (Buffer.concat(pieces).length > this.maxBytes) throw new FileTooLarge(this.maxBytes);
    }
    const text = Buffer.concat(pieces).toString('latin1');
    const sha256 = createHash('sha256').update(text, 'latin1').digest('hex');
    const earlier = this.all.find(
      (job) =>
        job.clientId === file.clientId &&
        job.input.sha256 === sha256 &&
        job.state !== 'REJECTED' &&
        job.state !== 'FAILED',
    );
    if (earlier !== undefined && !file.forced) return { outcome: 'processed-before', jobId: earlier.id };
    const { fileName, directory } = file;
    const job = fileJob(id, { fileName, directory, sha256 }, { clientId: file.clientId });
    this.#jobs.set(id, job);
    this.accepted.push({ file, text });
    await this.onAccept('after');
    return { outcome: 'accepted', job: { job, hold: null, waitingFor: null } };
  }
}
