import type { LegacyClient } from '../../access/legacy-client.js';
import { requireAdmitted, requireOperation } from '../../access/permission.js';
import type { RateLimits } from '../../access/rate-limits.js';
import type { Transliteration } from '../../charset/transliteration.js';
import { Overloaded, asAdapterError, type AdapterError } from '../../errors/errors.js';
import type { AuditOutcome, AuditTrail } from '../../operations/audit-trail.js';
import type { EventSink } from '../../operations/events.js';
import { putOnRecord } from '../../operations/on-record.js';
import type { NationalId } from '../../person/national-id.js';
import type { Clock } from '../../runtime/clock.js';
import { newCorrelationId, type CorrelationId } from '../../runtime/correlation.js';
import type { Random } from '../../runtime/random.js';
import { callerOf, type Asking, type RequestProvenance } from '../caller-of.js';
import { withDeadline } from '../../runtime/deadline.js';
import { requestDeadline } from '../request-deadline.js';
import { admit, operationFor, type ProcessingId } from './admission.js';
import type { Hl7v2Endpoint, Hl7v2Reply, MessageOrigin } from './endpoint.js';
import { refusalOf } from './error-table.js';
import type { Acknowledgement, Hl7Error } from './hl7-error.js';
import type { CharsetName } from './message/charsets.js';
import { encodeMessage } from './message/encode.js';
import type { MessageType } from './message/header.js';
import { takeIn, type Intake } from './message/intake.js';
import type { Hl7Message, Hl7Segment } from './message/message.js';
import { timestamp } from './message/timestamp.js';
import type { Hl7v2Answer, Hl7v2Call, Hl7v2Operation, Refusal } from './operation.js';
import { RefusedMessage } from './refused-message.js';
import { replyTo } from './reply.js';

const PROTOCOL = 'hl7v2';

/** What the endpoint is made of. */
export interface MessageEndpointParts {
  readonly operations: readonly Hl7v2Operation[];
  readonly transliteration: Transliteration;
  readonly rates: RateLimits;
  readonly audit: AuditTrail;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: MessageEndpointSettings;
}

/** The settings of the endpoint. */
export interface MessageEndpointSettings {
  /** How long a message may take from its arrival to its answer. Decided 14. */
  readonly deadlineMilliseconds: number;
  readonly processingId: ProcessingId;
  /** The charset of messages that do not tell theirs. */
  readonly defaultCharset: CharsetName;
}

/** What is known of a message so far, for its answer, the audit trail and the log. */
interface Exchange extends RequestProvenance {
  readonly correlationId: CorrelationId;
  readonly receivedAt: Date;
  readonly request: Intake;
  readonly origin: MessageOrigin;
  clientId: string | null;
  /** Once all of it has been read, for a client that is let in. */
  message: Hl7Message | undefined;
  operation: Hl7v2Operation | undefined;
  subjects: readonly NationalId[];
}

/** How a message ended. */
interface Ending {
  readonly reply: Hl7v2Reply;
  readonly outcome: AuditOutcome;
  /** In how many values other letters stand. */
  readonly replaced: number;
  readonly error?: AdapterError;
}

/** What an answer says. */
interface Saying {
  readonly acknowledgement: Acknowledgement;
  readonly error?: Hl7Error;
  readonly segments: readonly Hl7Segment[];
}

/**
 * The way of a message of HL7 v2 to its answer. The order of judgement: who asks, whether the message can be read, whether it
 * is served, and only then what is asked. Described in docs/hl7v2.md.
 */
export function createMessageEndpoint(parts: MessageEndpointParts): Hl7v2Endpoint {
  return new MessageEndpoint(parts);
}

class MessageEndpoint implements Hl7v2Endpoint {
  constructor(private readonly parts: MessageEndpointParts) {}

  answer(octets: Uint8Array, origin: MessageOrigin): Promise<Hl7v2Reply> {
    return this.#answer(octets, origin, (request) => request.read());
  }

  refuseTooLarge(beginning: Uint8Array, origin: MessageOrigin): Promise<Hl7v2Reply> {
    return this.#answer(beginning, origin, () => {
      throw new RefusedMessage({ code: '100', text: 'The message is longer than is taken.' }, 'AR');
    });
  }

  refuseBusy(octets: Uint8Array, correlationId: CorrelationId): Hl7v2Reply {
    const request = takeIn(octets, this.parts.settings.defaultCharset);
    const operation = operationFor(this.parts.operations, request.header.type);
    const { acknowledgement, error } = refusalOf(new Overloaded('there is too much to do'), correlationId);
    return this.#said({ correlationId, request, operation }, { acknowledgement, error, segments: [] }).reply;
  }

  async #answer(
    octets: Uint8Array,
    origin: MessageOrigin,
    read: (request: Intake) => Hl7Message,
  ): Promise<Hl7v2Reply> {
    const { clock, random, settings } = this.parts;
    const exchange: Exchange = {
      correlationId: newCorrelationId(random),
      receivedAt: clock.now(),
      request: takeIn(octets, settings.defaultCharset),
      origin,
      clientId: null,
      message: undefined,
      operation: undefined,
      subjects: [],
      keptSource: null,
      answeredBy: [],
    };
    const ending = await this.#recorded(await this.#ending(exchange, read), exchange);
    this.#tell(ending, exchange);
    return ending.reply;
  }

  async #ending(exchange: Exchange, read: (request: Intake) => Hl7Message): Promise<Ending> {
    try {
      const { segments, outcome } = await this.#work(exchange, read);
      return { ...this.#said(exchange, { acknowledgement: 'AA', segments }), outcome };
    } catch (error) {
      return this.#failure(asAdapterError(error), exchange);
    }
  }

  /** @throws AdapterError */
  async #work(exchange: Exchange, read: (request: Intake) => Hl7Message): Promise<Hl7v2Answer> {
    const { clock, operations, settings } = this.parts;
    const { request, origin, receivedAt } = exchange;
    return withDeadline(
      requestDeadline({ clock, milliseconds: settings.deadlineMilliseconds, signal: origin.signal }),
      async (signal) => {
        const client = origin.identify(request.header);
        exchange.clientId = client.id;
        requireAdmitted(client, PROTOCOL, origin.remoteAddress);
        exchange.operation = operationFor(operations, request.header.type);
        this.parts.rates.take(client);
        const message = read(request);
        exchange.message = message;
        const { operation, version } = admit(request.header, operations, settings.processingId);
        requireOperation(client, operation.name);
        const deadline = new Date(receivedAt.getTime() + settings.deadlineMilliseconds);
        return operation.answer(
          message,
          this.#call(exchange, client, { operation: operation.name, version, signal, deadline }),
        );
      },
    );
  }

  #call(
    exchange: Exchange,
    client: LegacyClient,
    { version, ...asking }: Pick<Hl7v2Call, 'version'> & Pick<Asking, 'operation' | 'signal' | 'deadline'>,
  ): Hl7v2Call {
    return {
      client,
      caller: callerOf(client, exchange, {
        protocol: PROTOCOL,
        wantedRoute: exchange.origin.wantedRoute,
        ...asking,
      }),
      version,
      receivedAt: exchange.receivedAt,
      describe: (subjects) => {
        exchange.subjects = subjects;
      },
    };
  }

  #failure(error: AdapterError, exchange: Exchange): Ending {
    try {
      return this.#refused(error, exchange, refusalSegments);
    } catch (fault) {
      // Ours, and told as such: the message is answered and on record all the same.
      return this.#refused(asAdapterError(fault), exchange, () => []);
    }
  }

  #refused(error: AdapterError, exchange: Exchange, inItsTerms: typeof refusalSegments): Ending {
    const { acknowledgement, error: fault } = refusalOf(error, exchange.correlationId);
    const segments = inItsTerms(exchange, acknowledgement);
    return {
      ...this.#said(exchange, { acknowledgement, error: fault, segments }),
      outcome: error.code,
      error,
    };
  }

  #said(
    exchange: Pick<Exchange, 'correlationId' | 'request' | 'operation'>,
    saying: Saying,
  ): Pick<Ending, 'reply' | 'replaced'> {
    const { transliteration, clock, random, settings } = this.parts;
    const { request, correlationId } = exchange;
    const parts = {
      ...saying,
      type: exchange.operation?.answerType ?? acknowledgementType(request.header.type),
      at: timestamp(clock.now()),
      controlId: Buffer.from(random.bytes(CONTROL_ID_OCTETS)).toString('hex').toUpperCase(),
      processingId: settings.processingId === 'any' ? 'P' : settings.processingId,
      correlationId,
    };
    const encode = (replaced: number): ReturnType<typeof encodeMessage> =>
      encodeMessage(replyTo(request, { ...parts, replaced }), request.charset, transliteration);
    const first = encode(0);
    const { replaced } = first;
    // The answer itself says that it is not quite what the register says (Safety S11).
    const { octets } = replaced === 0 ? first : encode(replaced);
    return { reply: { octets, charsetLabel: request.charset.label }, replaced };
  }

  async #recorded(ending: Ending, exchange: Exchange): Promise<Ending> {
    const { origin, operation, correlationId, receivedAt, clientId } = exchange;
    try {
      await putOnRecord(this.parts.audit, {
        at: receivedAt,
        correlationId,
        clientId,
        protocol: PROTOCOL,
        operation: operation?.name ?? null,
        subjects: exchange.subjects,
        outcome: ending.outcome,
        keptSource: ending.error === undefined ? exchange.keptSource : null,
        detail: {
          remoteAddress: origin.remoteAddress,
          answeredBy: exchange.answeredBy.length === 0 ? undefined : exchange.answeredBy,
        },
      });
      return ending;
    } catch (error) {
      return this.#failure(asAdapterError(error), exchange);
    }
  }

  #tell({ outcome, error, replaced }: Ending, exchange: Exchange): void {
    const { clock, events } = this.parts;
    const { correlationId, clientId, receivedAt } = exchange;
    if (replaced > 0)
      events.emit('textTransliterated', { correlationId, protocol: PROTOCOL, values: replaced });
    events.emit('requestAnswered', {
      correlationId,
      clientId,
      protocol: PROTOCOL,
      operation: exchange.operation?.name ?? null,
      outcome,
      milliseconds: clock.now().getTime() - receivedAt.getTime(),
      error,
    });
  }
}

/** MSH-10 has room for 20 characters. */
const CONTROL_ID_OCTETS = 10;

/** What follows MSH, MSA and ERR for a client that is let in, once its message could be read. */
function refusalSegments(
  { message, operation }: Exchange,
  acknowledgement: Refusal['acknowledgement'],
): readonly Hl7Segment[] {
  if (message === undefined || operation === undefined) return [];
  return operation.refusal(message, acknowledgement);
}

/** The answer to what is for no operation: a bare acknowledgement, with the event where it looks like one. */
function acknowledgementType({ event }: MessageType): MessageType {
  return /^[A-Z][0-9]{2}$/.test(event)
    ? { code: 'ACK', event, structure: 'ACK' }
    : { code: 'ACK', event: '', structure: 'ACK' };
}
