import type { Authenticator } from '../../access/authenticator.js';
import type { RateLimits } from '../../access/rate-limits.js';
import { NotAuthenticated, asAdapterError, type AdapterError } from '../../errors/errors.js';
import type { AuditOutcome, AuditTrail } from '../../operations/audit-trail.js';
import type { EventSink } from '../../operations/events.js';
import { putOnRecord } from '../../operations/on-record.js';
import type { Clock } from '../../runtime/clock.js';
import { newCorrelationId } from '../../runtime/correlation.js';
import type { Random } from '../../runtime/random.js';
import { charsetLabel } from '../../xml/charset.js';
import { encodeXml } from '../../xml/encode.js';
import { BASIC_CHALLENGE } from '../http-basic.js';
import type { FrontDoor, LegacyHttpRequest, LegacyHttpResponse } from '../http.js';
import { answerPost, type Exchange, type ExchangeParts } from './exchange.js';
import { BusyFaults } from './busy-faults.js';
import { faultTable } from './fault-table.js';
import { writeFault } from './fault.js';
import { HttpRefusal } from './http-refusal.js';
import { answerGet } from './metadata.js';
import type { SecurityContexts } from './secure-conversation/security-contexts.js';
import { trustOperations } from './secure-conversation/trust-operations.js';
import type { SoapService } from './soap-service.js';
import { formOf, soap12 } from './soap-version.js';

/** What a SOAP endpoint is made of. */
export interface SoapEndpointParts {
  readonly service: SoapService;
  readonly authenticator: Authenticator;
  /** How often clients may ask, one for all endpoints. */
  readonly rates: RateLimits;
  /** The sessions of clients, one for all endpoints. */
  readonly contexts: SecurityContexts;
  readonly audit: AuditTrail;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: SoapEndpointSettings;
}

/** The settings of a SOAP endpoint. */
export interface SoapEndpointSettings {
  /** How long a request may take from its arrival to its answer. Decided 14. */
  readonly deadlineMilliseconds: number;
  /** Scheme, host and port that callers see, when a load balancer stands in between. */
  readonly publicBaseUrl?: string | undefined;
  /** Largest body as it comes over the wire. */
  readonly maxRequestBytes: number;
  /** Largest body once decompressed. */
  readonly maxDecompressedBytes: number;
  /** Whether a message without WS-Security may be vouched for by HTTP Basic. */
  readonly httpBasic: boolean;
}

/** How a POST ended. */
interface Ending {
  readonly response: LegacyHttpResponse;
  readonly outcome: AuditOutcome;
  readonly error?: AdapterError;
}

/**
 * The front door of a SOAP service: SOAP over POST, metadata over GET. Every POST leaves an audit entry before its
 * answer leaves; when that fails, the answer is withheld and a fault sent instead. Described in docs/soap.md.
 */
export function createSoapEndpoint(parts: SoapEndpointParts): FrontDoor {
  const endpoint = new SoapEndpoint(parts);
  return {
    paths: parts.service.paths,
    busy: new BusyFaults(parts.service.protocol),
    answer: (request) => endpoint.answer(request),
  };
}

class SoapEndpoint {
  readonly #parts: SoapEndpointParts;
  readonly #exchangeParts: ExchangeParts;

  constructor(parts: SoapEndpointParts) {
    this.#parts = parts;
    const { service, authenticator, rates, contexts, clock, random, settings } = parts;
    this.#exchangeParts = {
      service,
      authenticator,
      rates,
      contexts,
      trustOperations: trustOperations(contexts, random),
      clock,
      limits: settings,
      deadlineMilliseconds: settings.deadlineMilliseconds,
      httpBasic: settings.httpBasic,
    };
  }

  async answer(request: LegacyHttpRequest): Promise<LegacyHttpResponse> {
    const { service, settings } = this.#parts;
    const path = service.paths.find((known) => known.toLowerCase() === request.path.toLowerCase());
    if (path === undefined) return bare(404);
    switch (request.method) {
      case 'POST':
        return this.#post(request);
      // HTTP itself leaves the body of an answer to HEAD away, and needs it to tell the length.
      case 'HEAD':
      case 'GET':
        return answerGet(service, path, request, settings.publicBaseUrl);
      default:
        return bare(405, { Allow: 'GET, HEAD, POST' });
    }
  }

  async #post(request: LegacyHttpRequest): Promise<LegacyHttpResponse> {
    const { clock, random } = this.#parts;
    const exchange: Exchange = {
      correlationId: newCorrelationId(random),
      receivedAt: clock.now(),
      charset: 'utf-8',
      form: formOf(soap12),
      relatesTo: undefined,
      clientId: null,
      operation: null,
      subjects: [],
      requester: undefined,
      keptSource: null,
      answeredBy: [],
      clockSkewSeconds: undefined,
    };
    const ending = await this.#recorded(await this.#ending(request, exchange), request, exchange);
    this.#tell(ending, exchange);
    return ending.response;
  }

  async #ending(request: LegacyHttpRequest, exchange: Exchange): Promise<Ending> {
    try {
      const { xml, outcome } = await answerPost(this.#exchangeParts, exchange, request);
      return { response: soapResponse(200, xml, exchange), outcome };
    } catch (error) {
      return this.#failure(asAdapterError(error), exchange);
    }
  }

  #failure(error: AdapterError, exchange: Exchange): Ending {
    return { response: this.#refusal(error, exchange), outcome: error.code, error };
  }

  #refusal(error: AdapterError, exchange: Exchange): LegacyHttpResponse {
    if (error instanceof HttpRefusal) return bare(error.status, error.headers);
    // Who speaks HTTP alone is refused in its terms, and asked.
    if (error instanceof NotAuthenticated && !exchange.form.secured) return bare(401, BASIC_CHALLENGE);
    const row = faultTable[error.code];
    const xml = writeFault(exchange.form, row, error, {
      correlationId: exchange.correlationId,
      relatesTo: exchange.relatesTo,
      now: this.#parts.clock.now(),
    });
    const { status = 500 } = row;
    const fault = soapResponse(status, xml, exchange);
    return status === 500 ? fault : { ...fault, headers: { ...fault.headers, 'Retry-After': '1' } };
  }

  async #recorded(ending: Ending, request: LegacyHttpRequest, exchange: Exchange): Promise<Ending> {
    try {
      await putOnRecord(this.#parts.audit, {
        at: exchange.receivedAt,
        correlationId: exchange.correlationId,
        clientId: exchange.clientId,
        protocol: this.#parts.service.protocol,
        operation: exchange.operation,
        subjects: exchange.subjects,
        outcome: ending.outcome,
        keptSource: ending.error === undefined ? exchange.keptSource : null,
        detail: {
          remoteAddress: request.remoteAddress,
          requester: exchange.requester,
          answeredBy: exchange.answeredBy.length === 0 ? undefined : exchange.answeredBy,
        },
      });
      return ending;
    } catch (error) {
      return this.#failure(asAdapterError(error), exchange);
    }
  }

  #tell({ response, outcome, error }: Ending, exchange: Exchange): void {
    const { clock, events, service } = this.#parts;
    events.emit('requestAnswered', {
      correlationId: exchange.correlationId,
      clientId: exchange.clientId,
      protocol: service.protocol,
      operation: exchange.operation,
      outcome,
      httpStatus: response.status,
      milliseconds: clock.now().getTime() - exchange.receivedAt.getTime(),
      clockSkewSeconds: exchange.clockSkewSeconds,
      error,
    });
  }
}

function soapResponse(
  status: number,
  xml: string,
  { charset, form }: Pick<Exchange, 'charset' | 'form'>,
): LegacyHttpResponse {
  return {
    status,
    headers: { 'Content-Type': `${form.version.mediaType}; charset=${charsetLabel(charset)}` },
    body: encodeXml(xml, charset),
  };
}

function bare(status: number, headers: Readonly<Record<string, string>> = {}): LegacyHttpResponse {
  return { status, headers, body: '' };
}
