import { StoreFailed } from '../../../../src/errors/errors.js';
import {
  FileTooLarge,
  type Acceptance,
  type DeliveredFile,
  type FilematchJobs,
  type JobView,
} from '../../../../src/legacy/filematch/jobs/filematch-jobs.js';
import { isOver, type Hold, type Job } from '../../../../src/legacy/filematch/jobs/job.js';
import type { Receipt } from '../../../../src/legacy/filematch/jobs/receipt.js';
import { someView } from '../../../support/filematch-job-view.js';

/** What the door of HTTP asks of the engine, out of a list that a test fills. */
export class JobsInMemory implements Omit<FilematchJobs, 'run' | 'finish'> {
  readonly views = new Map<string, JobView>();
  readonly accepted: { readonly file: DeliveredFile; readonly content: Buffer }[] = [];
  /** Uploads of which something has come. */
  begun = 0;
  /** Uploads that did not come to their end. */
  discarded = 0;
  /** What happens in place of an acceptance, or before it. */
  onAccept: () => Acceptance | undefined = () => undefined;
  readonly files = new Map<string, string>();
  isBroken = false;
  /** Whether files of jobs that have ended are still being put away. */
  isPuttingAway = false;
  readonly removed: string[] = [];

  constructor(private readonly maxFileBytes: number) {}

  /** Adds a job of the client, and what is asked otherwise. */
  add(id: string, changes: Partial<Job> = {}, seen: Partial<Omit<JobView, 'job'>> = {}): JobView {
    const view = someView({ id, clientId: 'epj-1', door: 'http', ...changes }, seen);
    this.views.set(id, view);
    return view;
  }

  async accept(file: DeliveredFile, source: AsyncIterable<Uint8Array>): Promise<Acceptance> {
    const pieces: Uint8Array[] = [];
    let octets = 0;
    try {
      for await (const piece of source) {
        if (octets === 0) this.begun += 1;
        octets += piece.length;
        if (octets > this.maxFileBytes) throw new FileTooLarge(this.maxFileBytes);
        pieces.push(piece);
      }
    } catch (error) {
      this.discarded += 1;
      throw error;
    }
    const instead = this.onAccept();
    if (instead !== undefined) return instead;
    this.accepted.push({ file, content: Buffer.concat(pieces) });
    return { outcome: 'accepted', job: this.add(newId(this.accepted.length), { state: 'RECEIVED' }) };
  }

  job(id: string, clientId?: string): JobView | undefined {
    if (this.isBroken) throw new StoreFailed('the disk is on fire');
    const view = this.views.get(id);
    return clientId === undefined || view?.job.clientId === clientId ? view : undefined;
  }

  jobs({ clientId, limit }: Parameters<FilematchJobs['jobs']>[0]): readonly JobView[] {
    return [...this.views.values()].filter(({ job }) => job.clientId === clientId).slice(0, limit);
  }

  hold(id: string, hold: Hold): boolean {
    return this.#change(id, (view) => (isOver(view.job) ? undefined : { ...view, hold }));
  }

  resume(id: string): boolean {
    return this.#change(id, (view) => (view.hold === 'paused' ? { ...view, hold: null } : undefined));
  }

  read(id: string, file: 'result' | 'rejects'): AsyncIterable<Uint8Array> | undefined {
    const text = this.files.get(`${id} ${file}`);
    return text === undefined ? undefined : inTwo(text);
  }

  receipt(id: string): Receipt | undefined {
    const job = this.views.get(id)?.job;
    if (job === undefined) return undefined;
    const has = (file: string): boolean => this.files.has(`${id} ${file}`);
    return {
      jobId: id,
      state: job.state,
      inputFile: job.input.fileName,
      receivedAt: '2026-03-01T13:00:00+01:00',
      outputFile: has('result') ? `people.${id}.resultat.csv` : undefined,
      rejectFile: has('rejects') ? `people.${id}.avvist.csv` : undefined,
    };
  }

  remove(id: string): Promise<boolean> {
    if (this.isPuttingAway) return Promise.resolve(false);
    this.removed.push(id);
    return Promise.resolve(this.views.delete(id));
  }

  #change(id: string, change: (view: JobView) => JobView | undefined): boolean {
    const view = this.views.get(id);
    const changed = view === undefined ? undefined : change(view);
    if (changed !== undefined) this.views.set(id, changed);
    return changed !== undefined;
  }
}

/** A ULID for the number. */
export function newId(number: number): string {
  return `01JBR8Q2W5N7K3M4P6T8V9${String(number).padStart(4, '0')}`;
}

async function* inTwo(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text.slice(0, 3)));
  yield Buffer.from(text.slice(3));
}
