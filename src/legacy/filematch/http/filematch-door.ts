import type { Authenticator } from '../../../access/authenticator.js';
import type { LegacyClient } from '../../../access/legacy-client.js';
import { requireOperation } from '../../../access/permission.js';
import type { RateLimits } from '../../../access/rate-limits.js';
import { AdapterError, asAdapterError } from '../../../errors/errors.js';
import type { AuditTrail } from '../../../operations/audit-trail.js';
import type { EventSink } from '../../../operations/events.js';
import { putOnRecord } from '../../../operations/on-record.js';
import type { Clock } from '../../../runtime/clock.js';
import { newCorrelationId, type CorrelationId } from '../../../runtime/correlation.js';
import type { Random } from '../../../runtime/random.js';
import { identifiedByBasic } from '../../basic-identification.js';
import type { StreamedHttpRequest, StreamedHttpResponse, StreamingDoor } from '../../http.js';
import { callerLeft } from '../../request-deadline.js';
import { busyAnswer, failure, refusal, type Ending } from './answers.js';
import { JobRequests, type JobRequestsParts } from './job-requests.js';
import { destinationOf, ROOT, type Destination } from './routes.js';

const PROTOCOL = 'filematch';

/** What the door of Filematch is made of. */
export interface FilematchDoorParts extends JobRequestsParts {
  readonly authenticator: Authenticator;
  readonly rates: RateLimits;
  readonly audit: AuditTrail;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
}

/** What is known of a request so far, for the audit trail and the log. */
interface Exchange {
  readonly correlationId: CorrelationId;
  readonly receivedAt: Date;
  readonly operation: string | null;
  clientId: string | null;
  jobId: string | undefined;
}

/**
 * Files and their jobs over HTTP, for clients of HTTP Basic: who asks is known before anything else is looked at, and before
 * the body is taken. Every request leaves an audit entry before its answer leaves. Described in docs/filematch.md.
 */
export function createFilematchDoor(parts: FilematchDoorParts): StreamingDoor {
  const door = new FilematchDoor(parts);
  return {
    root: ROOT,
    busy: {
      protocol: PROTOCOL,
      refuse: (_, { correlationId }) => busyAnswer(correlationId),
    },
    answer: (request) => door.answer(request),
  };
}

class FilematchDoor {
  readonly #requests: JobRequests;

  constructor(private readonly parts: FilematchDoorParts) {
    this.#requests = new JobRequests(parts);
  }

  async answer(request: StreamedHttpRequest): Promise<StreamedHttpResponse> {
    const { clock, random } = this.parts;
    const destination = destinationOf(request.method, request.path);
    const exchange: Exchange = {
      correlationId: newCorrelationId(random),
      receivedAt: clock.now(),
      operation: destination.found === 'route' ? destination.route.operation : null,
      clientId: null,
      jobId: undefined,
    };
    const ending = await this.#recorded(
      await this.#ending(destination, request, exchange),
      request,
      exchange,
    );
    this.#tell(ending, exchange);
    return ending.response;
  }

  async #ending(destination: Destination, request: StreamedHttpRequest, exchange: Exchange): Promise<Ending> {
    const { correlationId, receivedAt } = exchange;
    const { authenticator, rates } = this.parts;
    try {
      const onClient = ({ id }: LegacyClient): void => {
        exchange.clientId = id;
      };
      const client = await identifiedByBasic({ authenticator, protocol: PROTOCOL, onClient }, request);
      rates.take(client);
      switch (destination.found) {
        case 'nothing':
          return refusal('not-found', correlationId);
        case 'other-methods':
          return refusal('method-not-allowed', correlationId, { headers: { Allow: destination.allow } });
        case 'route':
          requireOperation(client, destination.route.operation);
          return await this.#requests.serve(destination.route, {
            request,
            client,
            correlationId,
            receivedAt,
            onJob: (id) => {
              exchange.jobId = id;
            },
          });
      }
    } catch (error) {
      // What gives up since the caller is gone says so in words of its own.
      const left = request.signal.aborted && !(error instanceof AdapterError);
      return failure(left ? callerLeft() : asAdapterError(error), correlationId);
    }
  }

  async #recorded(
    ending: Ending,
    { remoteAddress }: StreamedHttpRequest,
    { correlationId, receivedAt, clientId, operation, jobId }: Exchange,
  ): Promise<Ending> {
    try {
      await putOnRecord(this.parts.audit, {
        at: receivedAt,
        correlationId,
        clientId,
        protocol: PROTOCOL,
        operation,
        outcome: ending.outcome,
        keptSource: null,
        detail: { remoteAddress, job: jobId },
      });
      return ending;
    } catch (error) {
      return failure(asAdapterError(error), correlationId);
    }
  }

  #tell({ response, outcome, error }: Ending, exchange: Exchange): void {
    const { clock, events } = this.parts;
    events.emit('requestAnswered', {
      correlationId: exchange.correlationId,
      clientId: exchange.clientId,
      protocol: PROTOCOL,
      operation: exchange.operation,
      outcome,
      httpStatus: response.status,
      milliseconds: clock.now().getTime() - exchange.receivedAt.getTime(),
      error,
    });
  }
}
