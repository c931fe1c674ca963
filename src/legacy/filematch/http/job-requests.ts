import type { LegacyClient } from '../../../access/legacy-client.js';
import { InternalError, StoreFailed, type AdapterError } from '../../../errors/errors.js';
import type { CorrelationId } from '../../../runtime/correlation.js';
import type { StreamedHttpRequest } from '../../http.js';
import { PeerTooSlow } from '../../pace.js';
import { canBeTakenUp } from '../jobs/endings.js';
import { FileTooLarge, type Acceptance, type FilematchJobs, type JobView } from '../jobs/filematch-jobs.js';
import { isOver } from '../jobs/job.js';
import { troubleOf } from '../jobs/trouble.js';
import type { Mode } from '../record.js';
import { answer, answerJson, refusal, type Ending } from './answers.js';
import { download } from './downloads.js';
import { HttpRefusal } from './http-refusal.js';
import { statusOf } from './job-status.js';
import { ROOT, type Route } from './routes.js';
import { fileOf, tooLarge } from './upload-body.js';
import { fileNameFor, readUploadParameters } from './upload-parameters.js';

/** The most jobs that a list has. */
const LONGEST_LIST = 100;

/** What serving requests about jobs takes. */
export interface JobRequestsParts {
  readonly jobs: FilematchJobs;
  readonly maxFileBytes: number;
  /** What a client's files are matched for that do not say. */
  readonly modeOf: (client: LegacyClient) => Mode;
}

/** A request of a client that has proven who it is. */
export interface JobRequest {
  readonly request: StreamedHttpRequest;
  readonly client: LegacyClient;
  readonly correlationId: CorrelationId;
  readonly receivedAt: Date;
  /** Told which of the client's jobs the request is about, for the audit trail. */
  readonly onJob: (id: string) => void;
}

/** Serves what clients ask of their jobs. A job of somebody else is as unknown as one that there is not. */
export class JobRequests {
  constructor(private readonly parts: JobRequestsParts) {}

  /** @throws AdapterError */
  async serve(route: Route, asked: JobRequest): Promise<Ending> {
    if (!('jobId' in route)) return route.operation === 'upload' ? this.#upload(asked) : this.#list(asked);
    const { jobs } = this.parts;
    const view = jobs.job(route.jobId, asked.client.id);
    if (view === undefined) return refusal('not-found', asked.correlationId);
    asked.onJob(view.job.id);
    return this.#serveOne(route.operation, view, asked.correlationId);
  }

  #list({ client }: JobRequest): Ending {
    const views = this.parts.jobs.jobs({ clientId: client.id, limit: LONGEST_LIST });
    return answerJson(200, { jobs: views.map(statusOf) });
  }

  async #serveOne(
    operation: Exclude<Route['operation'], 'upload' | 'list'>,
    view: JobView,
    correlationId: CorrelationId,
  ): Promise<Ending> {
    const { jobs } = this.parts;
    const { id } = view.job;
    const doneOr = (isDone: boolean, otherwise: Parameters<typeof refusal>[0]): Ending =>
      isDone ? answer(204, {}, '') : refusal(otherwise, correlationId);
    switch (operation) {
      case 'status':
        return answerJson(200, statusOf(view));
      case 'result':
      case 'rejects':
      case 'receipt':
        return download(jobs, view, operation) ?? refusal('no-such-file', correlationId);
      case 'pause':
        return doneOr(jobs.hold(id, 'paused'), 'job-over');
      case 'cancel':
        return doneOr(jobs.hold(id, 'cancelled'), 'job-over');
      case 'resume':
        return doneOr(jobs.resume(id), canBeTakenUp(view.job) ? 'job-not-over' : 'nothing-to-resume');
      case 'delete':
        // One that has ended may still be put away.
        return doneOr(isOver(view.job) && (await jobs.remove(id)), 'job-not-over');
    }
  }

  async #upload({ request, client, correlationId, receivedAt, onJob }: JobRequest): Promise<Ending> {
    const { maxFileBytes, modeOf } = this.parts;
    const { fileName, mode, customerRef, forced } = readUploadParameters(request.query);
    const file = fileOf(request, maxFileBytes);
    const acceptance = await this.#accept(
      {
        clientId: client.id,
        door: 'http',
        fileName: fileName ?? fileNameFor(client.organisation, receivedAt),
        mode: mode ?? modeOf(client),
        customerRef,
        remoteAddress: request.remoteAddress,
        directory: null,
        forced,
      },
      file,
    );
    switch (acceptance.outcome) {
      case 'accepted': {
        const { id, state } = acceptance.job.job;
        onJob(id);
        return answerJson(202, { jobId: id, state }, { Location: `${ROOT}/${id}` });
      }
      case 'processed-before':
        onJob(acceptance.jobId);
        return refusal('E012', correlationId, { jobId: acceptance.jobId });
      case 'id-in-use':
        throw new InternalError('a new job has the id of another one');
    }
  }

  async #accept(...[file, source]: Parameters<FilematchJobs['accept']>): Promise<Acceptance> {
    try {
      return await this.parts.jobs.accept(file, source);
    } catch (error) {
      throw asUploadTrouble(error, this.parts.maxFileBytes);
    }
  }
}

/** What went wrong with an upload, in terms of who uploads; what says so by itself, and what nobody foresaw, as it is. */
function asUploadTrouble(error: unknown, maxFileBytes: number): unknown {
  if (error instanceof FileTooLarge) return tooLarge(maxFileBytes);
  if (error instanceof PeerTooSlow) return new HttpRefusal(408, 'The file did not come to its end in time.');
  return isOfTheDisk(error) ? diskFailed(error) : error;
}

function isOfTheDisk(error: unknown): boolean {
  return !(error instanceof StoreFailed) && troubleOf(error)?.waitingFor === 'disk';
}

function diskFailed(error: unknown): AdapterError {
  return new StoreFailed('the file could not be kept', error);
}
