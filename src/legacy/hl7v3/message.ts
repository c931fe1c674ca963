import type { AuditOutcome } from '../../operations/audit-trail.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import type { XmlElement } from '../../xml/element.js';
import type { SoapAnswer, SoapCall } from '../soap/soap-service.js';
import { rejectionOf, type ProcessingMode } from './acceptance.js';
import { replyMessage, type Acknowledgement } from './reply.js';
import { messageIn, readTransmissionWrapper, type TransmissionWrapper } from './request.js';
import { wrapperNamespace, type Hl7v3Operation } from '../../contract/hl7v3/operations.js';
import { replyBody } from './schema/reply-body.js';
import type { TypedStructure } from './schema/typed-value.js';
import type { TypedWriter } from './schema/typed-writer.js';

/** What every operation is made of. */
export interface MessageParts {
  readonly writer: TypedWriter;
  readonly processingMode: ProcessingMode;
  readonly clock: Clock;
  readonly random: Random;
}

/** A message that has been taken in: its wrapper is read and accepted. */
export interface AcceptedMessage {
  readonly message: XmlElement;
  readonly wrapper: TransmissionWrapper;
  readonly call: SoapCall;
  /** Who asks, where the message tells: `root^extension`. */
  readonly requester: string | undefined;
  /** The reply as it would go on the wire, for an operation that has to know its length. */
  readonly replyWith: (answer: MessageAnswer) => SoapAnswer;
}

/** How a message is answered: inside of the wrapper, and for the audit trail. */
export interface MessageAnswer {
  readonly acknowledgement: Acknowledgement;
  readonly controlAct: TypedStructure;
  readonly outcome: AuditOutcome;
}

/** The part of an operation that is its own. */
export interface MessageHandler {
  /** @throws AdapterError for what is not an answer in the protocol's own terms. */
  answer(accepted: AcceptedMessage): Promise<MessageAnswer>;
  /** The control act of a reply that says no more than that the message was rejected. */
  rejection(message: XmlElement): TypedStructure;
}

/**
 * Answers one message: takes it out of its wrappers, judges the transmission wrapper, has the operation answered and
 * wraps the reply (preg-hl7v3 2.1, 2.3). A message of another mode, version or interaction gets `AR` (part 7).
 * @throws AdapterError
 */
export async function answerMessage(
  body: XmlElement,
  call: SoapCall,
  operation: Hl7v3Operation,
  handler: MessageHandler,
  parts: MessageParts,
): Promise<SoapAnswer> {
  const message = messageIn(body, { namespace: wrapperNamespace, localName: operation.requestElement });
  const wrapper = readTransmissionWrapper(message);
  const requester = requesterOf(wrapper);
  call.describe([], { requester });
  const replyWith = ({ acknowledgement, controlAct, outcome }: MessageAnswer): SoapAnswer => {
    const reply = replyMessage({
      replyType: operation.replyType,
      request: wrapper,
      acknowledgement,
      controlAct,
      sentAt: parts.clock.now(),
      random: parts.random,
    });
    return { body: replyBody(parts.writer, operation, reply), outcome };
  };

  const rejected = rejectionOf(wrapper, operation.requestType, parts.processingMode);
  if (rejected !== undefined) {
    return replyWith({
      acknowledgement: { typeCode: 'AR', details: [rejected] },
      controlAct: handler.rejection(message),
      outcome: 'invalid-query',
    });
  }
  return replyWith(await handler.answer({ message, wrapper, call, requester, replyWith }));
}

function requesterOf({ requester }: TransmissionWrapper): string | undefined {
  return requester === undefined ? undefined : `${requester.root ?? ''}^${requester.extension ?? ''}`;
}
