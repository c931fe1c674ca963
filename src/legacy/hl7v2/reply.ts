import type { CorrelationId } from '../../runtime/correlation.js';
import type { Acknowledgement, ErrorLocation, Hl7Error, Hl7ErrorCode } from './hl7-error.js';
import {
  addressesOf,
  headerSegment,
  isBefore,
  isVersion,
  type Hl7Version,
  type MessageType,
} from './message/header.js';
import type { Intake } from './message/intake.js';
import type { Hl7Message, Hl7Segment } from './message/message.js';
import { field, repetition, segment, text } from './message/segment.js';

/** What every answer begins with: MSH, MSA and ERR (preg-xml-filematch-hl7v2 3.3). */

/** What an answer is made of, besides the message that it answers. */
export interface ReplyParts {
  readonly type: MessageType;
  readonly acknowledgement: Acknowledgement;
  readonly error?: Hl7Error | undefined;
  /** In how many values something stands for letters that the charset lacks. */
  readonly replaced: number;
  /** What follows. */
  readonly segments: readonly Hl7Segment[];
  /** MSH-7. */
  readonly at: string;
  /** MSH-10. */
  readonly controlId: string;
  /** MSH-11 where the message has none. */
  readonly processingId: string;
  readonly correlationId: CorrelationId;
}

/** Puts an answer together, in the version of the message. */
export function replyTo(request: Intake, parts: ReplyParts): Hl7Message {
  const { header, charsetName } = request;
  const version = replyVersion(header.version);
  const { sender, receiver } = addressesOf(request.msh);
  const msh = headerSegment({
    sender: receiver,
    receiver: sender,
    at: parts.at,
    type: parts.type,
    controlId: parts.controlId,
    processingId: header.processingId === '' ? parts.processingId : header.processingId,
    version,
    charset: charsetName,
  });
  const msa = segment('MSA', {
    1: text(parts.acknowledgement),
    2: text(header.controlId),
    3: text(parts.error === undefined ? undefined : shortened(parts.error.text)),
  });
  return { segments: [msh, msa, ...errorSegments(version, parts), ...parts.segments] };
}

/** The version of an answer: that of the message, or a usual one where it is not spoken. */
export function replyVersion(version: string): Hl7Version {
  return isVersion(version) ? version : '2.5';
}

/** MSA-3 holds 80 characters in old versions. */
const LONGEST_TEXT = 80;

function shortened(whole: string): string {
  if (whole.length <= LONGEST_TEXT) return whole;
  return `${whole.slice(0, LONGEST_TEXT - 3).replace(/\s+\S*$/, '')}...`;
}

function errorSegments(version: Hl7Version, parts: ReplyParts): readonly Hl7Segment[] {
  const { error, replaced, correlationId } = parts;
  if (isBefore(version, '2.5')) return error === undefined ? [] : [oldErrorSegment(error)];
  if (error !== undefined) return [errorSegment({ ...error, severity: 'E', correlationId })];
  if (replaced === 0) return [];
  return [errorSegment({ code: '0', severity: 'W', correlationId, text: replacedText(replaced) })];
}

function replacedText(replaced: number): string {
  const values = replaced === 1 ? '1 value has' : `${replaced} values have`;
  return `${values} other letters in place of those that the character set lacks.`;
}

/** What stands in ERR from version 2.5 on. */
interface ErrorSegmentParts extends Omit<Hl7Error, 'code'> {
  readonly code: Hl7ErrorCode | '0';
  readonly severity: 'E' | 'W';
  readonly correlationId: CorrelationId;
}

function errorSegment(error: ErrorSegmentParts): Hl7Segment {
  return segment('ERR', {
    2: error.location === undefined ? [] : field(repetition(...placeOf(error.location))),
    3: field(repetition(error.code, codeTexts[error.code], CODES)),
    4: text(error.severity),
    7: text(error.correlationId),
    8: text(error.text),
  });
}

function oldErrorSegment({ code, location }: Hl7Error): Hl7Segment {
  const [name, sequence, number] = location === undefined ? [] : placeOf(location);
  return segment('ERR', {
    1: field(repetition(name, sequence, number, [code, codeTexts[code], CODES])),
  });
}

function placeOf(location: ErrorLocation): readonly (string | undefined)[] {
  const { sequence, field: number, repetition: which, component } = location;
  return [location.segment, ...[sequence, number, which, component].map(numberText)];
}

function numberText(number: number | undefined): string | undefined {
  return number === undefined ? undefined : String(number);
}

const CODES = 'HL70357';

/** HL7 table 0357. */
const codeTexts: Readonly<Record<Hl7ErrorCode | '0', string>> = {
  '0': 'Message accepted',
  '100': 'Segment sequence error',
  '101': 'Required field missing',
  '102': 'Data type error',
  '103': 'Table value not found',
  '200': 'Unsupported message type',
  '201': 'Unsupported event code',
  '202': 'Unsupported processing id',
  '203': 'Unsupported version id',
  '204': 'Unknown key identifier',
  '207': 'Application internal error',
};
