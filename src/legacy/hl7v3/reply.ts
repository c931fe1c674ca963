import { norwegianTime } from '../../person/norwegian-time.js';
import type { Random } from '../../runtime/random.js';
import { codeSystems, PREG_DEVICE } from '../../contract/hl7v3/code-systems.js';
import type { InstanceIdentifier, TransmissionWrapper } from './request.js';
import { nil, type TypedStructure } from './schema/typed-value.js';

/** Something told inside of a reply: acknowledgementDetail (preg-hl7v3 5.3). `text` is fixed, never sent text. */
export interface AcknowledgementDetail {
  /** An error, when nothing else is said, or a warning. */
  readonly type?: 'E' | 'W';
  readonly code: string;
  /** HL7's acknowledgement detail codes when nothing else is said. */
  readonly codeSystem?: string;
  readonly text: string;
}

/** Whether the message was processed: accepted, an error in it, or rejected (preg-hl7v3 5.3). */
export interface Acknowledgement {
  readonly typeCode: 'AA' | 'AE' | 'AR';
  readonly details: readonly AcknowledgementDetail[];
}

/** What a reply message is made of. */
export interface ReplyParts {
  /** The reply's type, which is its interaction id. */
  readonly replyType: string;
  readonly request: TransmissionWrapper;
  readonly acknowledgement: Acknowledgement;
  readonly controlAct: TypedStructure;
  readonly sentAt: Date;
  readonly random: Random;
}

/** How a query ended, for its queryAck. */
export interface QueryOutcome {
  readonly queryResponse: 'OK' | 'NF' | 'QE' | 'AE';
  /** The query's own id, given back where the client sent one. */
  readonly queryId: InstanceIdentifier | undefined;
  /** One registration event per person, in order. */
  readonly subjects: readonly TypedStructure[];
  /** How many people there are in all; those that were sent when it is left out. */
  readonly total?: number;
}

/** A point in time as HL7 writes it without a zone: `YYYYMMDDHHMMSS` in Norway. */
export function hl7Time(instant: Date): string {
  return norwegianTime(instant).replaceAll(/[^0-9]/g, '');
}

/** An identifier as it goes on the wire; undefined when there is nothing to send. */
export function identifierValue(id: InstanceIdentifier | undefined): TypedStructure | undefined {
  return id === undefined ? undefined : { '@root': id.root, '@extension': id.extension };
}

/** A reply: transmission wrapper, acknowledgement, and the control act given (preg-hl7v3 2.3). */
export function replyMessage(parts: ReplyParts): TypedStructure {
  const { request } = parts;
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
    acknowledgement: acknowledgementValue(request, parts.acknowledgement),
    controlActProcess: parts.controlAct,
  };
}

/** The control act of a reply to a query: persons and queryAck (preg-hl7v3 2.4, 2.5). */
export function queryControlAct({ queryId, queryResponse, subjects, total }: QueryOutcome): TypedStructure {
  const all = total ?? subjects.length;
  return {
    '@classCode': 'CACT',
    '@moodCode': 'EVN',
    subject: subjects,
    queryAck: {
      queryId: identifierValue(queryId),
      statusCode: { '@code': 'deliveredResponse' },
      queryResponseCode: { '@code': queryResponse },
      resultTotalQuantity: { '@value': all },
      resultCurrentQuantity: { '@value': subjects.length },
      resultRemainingQuantity: { '@value': all - subjects.length },
    },
  };
}

/** What a reply to a change holds: the person changed, or what stood in the way (preg-hl7v3 2.4, 2.5). */
export interface RegistrationOutcome {
  /** Registration events, in replies of a type that has them. */
  readonly subjects?: readonly TypedStructure[];
  /** Detected issues, each the content of a `detectedIssueEvent`. */
  readonly issues?: readonly TypedStructure[];
}

/** The control act of a reply to a change; empty when there is nothing to tell. */
export function registrationControlAct({ subjects, issues = [] }: RegistrationOutcome = {}): TypedStructure {
  return {
    '@classCode': 'CACT',
    '@moodCode': 'EVN',
    ...(subjects === undefined ? {} : { subject: subjects }),
    reasonOf: issues.map((issue) => ({ '@typeCode': 'RSON', detectedIssueEvent: issue })),
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

function acknowledgementValue(
  request: TransmissionWrapper,
  { typeCode, details }: Acknowledgement,
): TypedStructure {
  const id = identifierValue(request.id);
  return {
    '@typeCode': typeCode,
    targetMessage: id === undefined ? nil : { id },
    acknowledgementDetail: details.map(
      ({ type = 'E', code, codeSystem = codeSystems.acknowledgementDetail, text }) => ({
        '@typeCode': type,
        code: { '@code': code, '@codeSystem': codeSystem },
        text,
      }),
    ),
  };
}
