import type { Authenticator } from '../../../access/authenticator.js';
import type { LegacyClient } from '../../../access/legacy-client.js';
import { asAdapterError, type AdapterError } from '../../../errors/errors.js';
import type { AuditTrail } from '../../../operations/audit-trail.js';
import type { EventSink } from '../../../operations/events.js';
import { putOnRecord } from '../../../operations/on-record.js';
import type { Clock } from '../../../runtime/clock.js';
import { newCorrelationId, type CorrelationId } from '../../../runtime/correlation.js';
import type { Random } from '../../../runtime/random.js';
import { identifiedByBasic } from '../../basic-identification.js';
import type { FrontDoor, LegacyHttpRequest, LegacyHttpResponse } from '../../http.js';
import { parseMediaType } from '../../media-type.js';
import { callerLeft } from '../../request-deadline.js';
import { wantedRoute } from '../../wanted-route.js';
import { bareBusy } from '../../busy-door.js';
import type { Hl7v2Endpoint, Hl7v2Reply } from '../endpoint.js';
import { unframed } from '../mllp/frame.js';
import { HttpRefusal, refusalFor } from './http-refusal.js';

const PROTOCOL = 'hl7v2';
const PATH = '/hl7v2';

/** How a message is announced; without an announcement it is taken for one. */
const MEDIA_TYPES: ReadonlySet<string> = new Set([
  'application/hl7-v2',
  'application/hl7-v2+er7',
  'x-application/hl7-v2+er7',
  'text/plain',
]);

/** What the door is made of. */
export interface Hl7v2DoorParts {
  readonly endpoint: Hl7v2Endpoint;
  readonly authenticator: Authenticator;
  readonly audit: AuditTrail;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
}

/** What is known of a request that did not get as far as the endpoint. */
interface Exchange {
  readonly correlationId: CorrelationId;
  readonly receivedAt: Date;
  clientId: string | null;
}

/**
 * HL7 v2 over HTTP, for clients of HTTP Basic: one message by POST, its answer with status 200 whatever it says. Who asks is
 * known before anything else is looked at. Every request leaves an audit entry: the endpoint's where it came that far, the
 * door's otherwise. Described in docs/mllp.md.
 */
export function createHl7v2Door(parts: Hl7v2DoorParts): FrontDoor {
  const door = new Hl7v2Door(parts);
  return {
    paths: [PATH],
    busy: {
      protocol: PROTOCOL,
      refuse: () => bareBusy,
      refuseRead: (body, { correlationId }) => ({
        ...messageResponse(parts.endpoint.refuseBusy(unframed(body), correlationId)),
        // A sender that knows HTTP alone tries again; one that reads on finds an acknowledgement.
        status: 503,
      }),
    },
    answer: (request) => door.answer(request),
  };
}

class Hl7v2Door {
  constructor(private readonly parts: Hl7v2DoorParts) {}

  async answer(request: LegacyHttpRequest): Promise<LegacyHttpResponse> {
    const { authenticator, clock, random, endpoint } = this.parts;
    const exchange: Exchange = {
      correlationId: newCorrelationId(random),
      receivedAt: clock.now(),
      clientId: null,
    };
    let client: LegacyClient;
    try {
      const onClient = ({ id }: LegacyClient): void => {
        exchange.clientId = id;
      };
      client = await identifiedByBasic({ authenticator, protocol: PROTOCOL, onClient }, request);
      demandMessage(request);
    } catch (error) {
      const left = request.signal.aborted ? callerLeft() : undefined;
      return this.#refused(left ?? asAdapterError(error), request, exchange);
    }
    const { body, remoteAddress, signal } = request;
    const reply = await endpoint.answer(unframed(body), {
      remoteAddress,
      wantedRoute: wantedRoute(request.headers),
      signal,
      identify: () => client,
    });
    return messageResponse(reply);
  }

  async #refused(
    error: AdapterError,
    { remoteAddress }: LegacyHttpRequest,
    { correlationId, receivedAt, clientId }: Exchange,
  ): Promise<LegacyHttpResponse> {
    const { audit, clock, events } = this.parts;
    const recorded = await putOnRecord(audit, {
      at: receivedAt,
      correlationId,
      clientId,
      protocol: PROTOCOL,
      operation: null,
      outcome: error.code,
      keptSource: null,
      detail: { remoteAddress },
    }).then(() => error, asAdapterError);
    const response = refusalFor(recorded);
    events.emit('requestAnswered', {
      correlationId,
      clientId,
      protocol: PROTOCOL,
      operation: null,
      outcome: recorded.code,
      httpStatus: response.status,
      milliseconds: clock.now().getTime() - receivedAt.getTime(),
      error: recorded,
    });
    return response;
  }
}

function messageResponse({ octets, charsetLabel }: Hl7v2Reply): LegacyHttpResponse {
  return {
    status: 200,
    headers: {
      'Content-Type': `application/hl7-v2; charset=${charsetLabel}`,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
    body: octets,
  };
}

/** @throws HttpRefusal for what cannot be a message of HL7 v2 */
function demandMessage({ method, headers }: LegacyHttpRequest): void {
  if (method !== 'POST') throw new HttpRefusal(405, 'the method is not POST', { Allow: 'POST' });
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding.trim().toLowerCase() !== 'identity') {
    throw new HttpRefusal(415, 'the body is compressed', { 'Accept-Encoding': 'identity' });
  }
  // The charset is the message's own affair (MSH-18), whatever is said here.
  const type = headers['content-type'];
  if (type !== undefined && !MEDIA_TYPES.has(parseMediaType(type)?.essence ?? '')) {
    throw new HttpRefusal(415, 'the body is of another type', { Accept: [...MEDIA_TYPES].join(', ') });
  }
}
