import type { Random } from '../../runtime/random.js';
import { codeSystems, PREG_DEVICE } from './codes.js';
import type { InstanceIdentifier, TransmissionWrapper } from './request.js';
import { nil, type TypedStructure } from './schema/typed-value.js';

/** A problem told inside of a reply: acknowledgementDetail (preg-hl7v3 5.3). `text` is fixed, never sent text. */
export interface AcknowledgementDetail {
  readonly code: string;
  readonly text: string;
}

/** How a query ended: acknowledgement, queryAck, and the details of what was wrong. */
export interface QueryOutcome {
  readonly acknowledgement: 'AA' | 'AE' | 'AR';
  readonly queryResponse: 'OK' | 'NF' | 'QE' | 'AE';
  readonly details: readonly AcknowledgementDetail[];
}

/** What a reply message is made of. */
export interface ReplyParts {
  /** The reply's type, which is its interaction id. */
  readonly replyType: string;
  readonly request: TransmissionWrapper;
  /** The query's own id, given back where the client sent one. */
  readonly queryId: InstanceIdentifier | undefined;
  readonly outcome: QueryOutcome;
  /** One registration event per person, in order. */
  readonly subjects: readonly TypedStructure[];
  readonly sentAt: Date;
  readonly random: Random;
}

const norwegianTime = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Oslo',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** A point in time as HL7 writes it without a zone: `YYYYMMDDHHMMSS` in Norway. */
export function hl7Time(instant: Date): string {
  return norwegianTime.format(instant).replaceAll(/[^0-9]/g, '');
}

/** An identifier as it goes on the wire; undefined when there is nothing to send. */
export function identifierValue(id: InstanceIdentifier | undefined): TypedStructure | undefined {
  return id === undefined ? undefined : { '@root': id.root, '@extension': id.extension };
}

/** A reply to a query: wrapper, acknowledgement, persons and queryAck (preg-hl7v3 2.3 to 2.5). */
export function queryReply(parts: ReplyParts): TypedStructure {
  const { request, outcome, subjects } = parts;
  return {
    '@ITSVersion': 'XML_1.0',
    id: { '@root': parts.random.uuid() },
    creationTime: { '@value': hl7Time(parts.sentAt) },
    versionCode: { '@code': request.versionCode ?? 'NE2010NO' },
    interactionId: { '@root': codeSystems.interaction, '@extension': parts.replyType },
    processingCode: request.processingCode === undefined ? undefined : { '@code': request.processingCode },
    processingModeCode: { '@code': 'T' },
    acceptAckCode: { '@code': 'NE' },
    receiver: { '@typeCode': 'RCV', device: deviceValue(request.senderDevice) },
    sender: { '@typeCode': 'SND', device: deviceValue([{ root: PREG_DEVICE, extension: undefined }]) },
    acknowledgement: acknowledgementValue(request, outcome),
    controlActProcess: {
      '@classCode': 'CACT',
      '@moodCode': 'EVN',
      subject: subjects,
      queryAck: {
        queryId: identifierValue(parts.queryId),
        statusCode: { '@code': 'deliveredResponse' },
        queryResponseCode: { '@code': outcome.queryResponse },
        resultTotalQuantity: { '@value': subjects.length },
        resultCurrentQuantity: { '@value': subjects.length },
        resultRemainingQuantity: { '@value': 0 },
      },
    },
  };
}

function deviceValue(ids: readonly InstanceIdentifier[]): TypedStructure {
  const values = ids.map(identifierValue).filter((value) => value !== undefined);
  return {
    '@classCode': 'DEV',
    '@determinerCode': 'INSTANCE',
    id: values.length === 0 ? { '@nullFlavor': 'UNK' } : values,
  };
}

function acknowledgementValue(request: TransmissionWrapper, outcome: QueryOutcome): TypedStructure {
  const id = identifierValue(request.id);
  return {
    '@typeCode': outcome.acknowledgement,
    targetMessage: id === undefined ? nil : { id },
    acknowledgementDetail: outcome.details.map(({ code, text }) => ({
      '@typeCode': 'E',
      code: { '@code': code, '@codeSystem': codeSystems.acknowledgementDetail },
      text,
    })),
  };
}
