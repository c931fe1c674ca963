import { charsetNamed, latin1 } from '../message/charsets.js';
import { encodeMessage } from '../message/encode.js';
import { headerSegment, type HeaderParty, type MessageType } from '../message/header.js';
import type { Hl7Message } from '../message/message.js';
import { segment, text } from '../message/segment.js';
import { timestamp } from '../message/timestamp.js';
import { noVisit, type PersonSegments } from '../person/person-segments.js';
import type { Transliteration } from '../../../charset/transliteration.js';
import type { EventSink } from '../../../operations/events.js';
import type { Clock } from '../../../runtime/clock.js';
import type { Trigger } from './queue.js';
import type { Receiver } from './receiver.js';
import type { MessageToWrite } from './sender-parts.js';

/** What messages are written with. */
export interface MessageWriterParts {
  readonly receiver: Receiver;
  /** MSH-3 and MSH-4. */
  readonly sender: HeaderParty;
  readonly people: PersonSegments;
  readonly transliteration: Transliteration;
  readonly events: EventSink;
  readonly clock: Clock;
}

/** Abstract structures, from 2.3.1 on: MSH EVN PID [PD1] [NK1…] PV1, and MSH EVN PID [PD1] MRG. */
const structures: Readonly<Record<Trigger, string>> = { A28: 'ADT_A05', A31: 'ADT_A05', A40: 'ADT_A39' };

/** The message that tells a receiver of a person (preg-xml-filematch-hl7v2 3.3). */
export function adtMessage(
  { receiver, sender, people, clock }: Omit<MessageWriterParts, 'transliteration' | 'events'>,
  { decision, controlId, seenAt }: MessageToWrite,
): Hl7Message {
  const { version, client } = receiver;
  const event = decision.send;
  const type: MessageType = { code: 'ADT', event, structure: structures[event] };
  const told = people.of(decision.person, { version, visible: client.visible, blanksDelete: true });
  return {
    segments: [
      headerSegment({
        sender: addressOf(sender),
        receiver: addressOf(receiver.party),
        at: timestamp(clock.now()),
        type,
        controlId,
        processingId: receiver.processingId,
        version,
        charset: receiver.charset,
      }),
      segment('EVN', { 1: text(event), 2: text(timestamp(seenAt)) }),
      ...(decision.send === 'A40'
        ? [
            ...told.filter(({ name }) => name !== 'NK1'),
            segment('MRG', { 1: people.identifier(decision.oldNumber) }),
          ]
        : [...told, noVisit]),
    ],
  };
}

/** Writes messages in the receiver's charset; letters that it lacks are replaced, and counted (Safety S11). */
export function messageWriter({
  transliteration,
  events,
  ...parts
}: MessageWriterParts): (message: MessageToWrite) => Uint8Array {
  const charset = charsetNamed(parts.receiver.charset) ?? latin1;
  return (message) => {
    const { octets, replaced } = encodeMessage(adtMessage(parts, message), charset, transliteration);
    if (replaced > 0) {
      const { correlationId } = message;
      events.emit('textTransliterated', { correlationId, protocol: 'hl7v2', values: replaced });
    }
    return octets;
  };
}

function addressOf({ application, facility }: HeaderParty) {
  return { application: text(application), facility: text(facility) };
}
