import { ADDRESSING, ANONYMOUS, TRUST } from '../../../contract/soap/namespaces.js';
import type { DescribedOperation } from '../../../contract/soap/wsdl.js';
import { asAdapterError, PregRejected, type AdapterError } from '../../../errors/errors.js';
import type { AdapterEvents, EventSink } from '../../../operations/events.js';
import type { Clock } from '../../../runtime/clock.js';
import type { CorrelationId } from '../../../runtime/correlation.js';
import type { Random } from '../../../runtime/random.js';
import { isNamed } from '../../../xml/element-reading.js';
import { writeXml } from '../../../xml/writer.js';
import type { PregServiceName } from '../preg-service.js';
import { abortError } from '../../persontjenesten/abort-error.js';
import { readHeard, type Heard } from './heard.js';
import { KeptConnectionGone, type HttpAnswer } from './http-answer.js';
import { FaultHeard, faultError } from './preg-fault.js';
import { SecurityHeader, type Proof } from './security-header.js';
import type { SoapSender } from './soap-sender.js';

/** A message to one of PREG's services. */
export interface PregMessage {
  readonly operation: DescribedOperation;
  /** The only child of the Body, which declares every prefix it uses. */
  readonly body: string;
  readonly proof: Proof;
  /** Whether it may be sent again where nobody knows whether it arrived. */
  readonly isRepeatable: boolean;
}

/** On whose behalf a message is sent. */
export interface Sender {
  readonly clientId: string;
  readonly correlationId: CorrelationId;
  readonly signal: AbortSignal;
}

/** What an endpoint is made of. */
export interface PregEndpointParts {
  readonly service: PregServiceName;
  readonly address: string;
  /** Namespace of the elements around parameters and results. */
  readonly namespace: string;
  readonly sender: SoapSender;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
}

/** One of PREG's services at its address: sends messages with headers of addressing and security, and knows whose answer it got. */
export class PregEndpoint {
  constructor(private readonly parts: PregEndpointParts) {}

  /**
   * What PREG answers.
   * @throws FaultHeard, PregUnavailable, PregRejected; what the signal was aborted with
   */
  async ask(message: PregMessage, sender: Sender): Promise<Heard> {
    try {
      return await this.#exchange(message, sender);
    } catch (error) {
      // It was closed while nobody used it, which tells nothing of PREG.
      if (!(error instanceof KeptConnectionGone) || !message.isRepeatable) throw error;
      return this.#exchange(message, sender);
    }
  }

  async #exchange(message: PregMessage, { clientId, correlationId, signal }: Sender): Promise<Heard> {
    const { service, sender, events, clock, random } = this.parts;
    const messageId = `urn:uuid:${random.uuid()}`;
    if (signal.aborted) throw abortError(signal, 'the deadline passed before PREG was asked');
    const sentAt = clock.now();
    let answer: HttpAnswer | undefined;
    const tell = (outcome: AdapterEvents['pregCalled']['outcome'], error?: AdapterError): void => {
      events.emit('pregCalled', {
        correlationId,
        clientId,
        service,
        operation: message.operation.name,
        outcome,
        httpStatus: answer?.status ?? null,
        milliseconds: clock.now().getTime() - sentAt.getTime(),
        reusedConnection: answer?.reusedConnection ?? false,
        error,
      });
    };
    try {
      answer = await sender.send(
        {
          operation: message.operation.name,
          headers: this.#headers(message.operation, messageId),
          security: new SecurityHeader(message.proof, sentAt),
          body: message.body,
        },
        signal,
      );
      const heard = readHeard(answer);
      if (heard.fault !== undefined) throw new FaultHeard(heard.fault);
      this.#mustAnswer(heard, message.operation, messageId);
      tell('answered');
      return heard;
    } catch (error) {
      tell(...endingOf(error));
      throw error;
    }
  }

  #headers({ action }: DescribedOperation, messageId: string): readonly string[] {
    return [
      addressingHeader('Action', action, true),
      addressingHeader('MessageID', messageId),
      writeXml({
        name: 'a:ReplyTo',
        attributes: { 'xmlns:a': ADDRESSING },
        content: [{ name: 'a:Address', content: [ANONYMOUS] }],
      }),
      addressingHeader('To', this.parts.address, true),
    ];
  }

  /** An answer to another message, from wherever it came, is of another person. */
  #mustAnswer({ action, relatesTo, body }: Heard, operation: DescribedOperation, messageId: string): void {
    if (relatesTo !== messageId) throw new PregRejected('wrong-answer', 'it relates to another message');
    if (action !== operation.replyAction) throw new PregRejected('wrong-answer', 'it has another action');
    const isOfTrust = operation.action.startsWith(TRUST);
    const isExpected = isOfTrust
      ? isNamed(body, TRUST, 'RequestSecurityTokenResponse')
      : isNamed(body, this.parts.namespace, `${operation.name}Response`);
    if (!isExpected) throw new PregRejected('wrong-answer', 'its body is of another operation');
  }
}

/** How a message ended that has no answer: a session that can be mended is no error yet. */
function endingOf(caught: unknown): [AdapterEvents['pregCalled']['outcome'], AdapterError?] {
  if (caught instanceof FaultHeard) {
    const { fault } = caught;
    if (fault.meaning === 'session-over' || fault.meaning === 'renewal-wanted') return [fault.meaning];
  }
  const error = caught instanceof FaultHeard ? faultError(caught.fault) : asAdapterError(caught);
  return [error.code, error];
}

function addressingHeader(localName: string, text: string, mustUnderstand = false): string {
  return writeXml({
    name: `a:${localName}`,
    attributes: { 'xmlns:a': ADDRESSING, ...(mustUnderstand ? { 's:mustUnderstand': '1' } : {}) },
    content: [text],
  });
}
