import type { Hl7ErrorCode } from './hl7-error.js';
import {
  headerField,
  isVersion,
  type Hl7Version,
  type MessageHeader,
  type MessageType,
} from './message/header.js';
import type { Hl7v2Operation } from './operation.js';
import { RefusedMessage } from './refused-message.js';

/** Which processing is served (MSH-11): production, training, debugging, or all of them. */
export type ProcessingId = 'any' | 'P' | 'T' | 'D';

/** The operation that a type of message is for. */
export function operationFor(
  operations: readonly Hl7v2Operation[],
  { code, event }: MessageType,
): Hl7v2Operation | undefined {
  return operations.find(({ messageCode, triggerEvent }) => messageCode === code && triggerEvent === event);
}

/** A message that is served here. */
export interface Admitted {
  readonly operation: Hl7v2Operation;
  readonly version: Hl7Version;
}

/**
 * Judges the header of a message that has been read (preg-xml-filematch-hl7v2 3.2 and 3.3).
 * @throws RefusedMessage (AR) for what is not served here
 */
export function admit(
  header: MessageHeader,
  operations: readonly Hl7v2Operation[],
  served: ProcessingId,
): Admitted {
  const { type, version, processingId, controlId } = header;
  if (type.code === '') throw refused('101', 9, 'MSH-9 is missing.');
  if (controlId === '') throw refused('101', 10, 'MSH-10 is missing.');
  if (version === '') throw refused('101', 12, 'MSH-12 is missing.');
  if (!isVersion(version)) throw refused('203', 12, 'The version in MSH-12 is not spoken here.');
  if (!isServed(processingId, served)) {
    throw refused('202', 11, 'The processing id in MSH-11 is not served here.');
  }
  const operation = operationFor(operations, type);
  if (operation !== undefined) return { operation, version };
  if (type.code === 'ADT') throw refused('200', 9, 'ADT is not taken: the register is asked, and not told.');
  throw operations.some(({ messageCode }) => messageCode === type.code)
    ? refused('201', 9, 'The event in MSH-9 is not served here.')
    : refused('200', 9, 'The message type in MSH-9 is not served here.');
}

/** Where any is served, the field may be empty. */
function isServed(processingId: string, served: ProcessingId): boolean {
  return served === 'any' ? ['', 'P', 'T', 'D'].includes(processingId) : processingId === served;
}

function refused(code: Hl7ErrorCode, number: number, text: string): RefusedMessage {
  return new RefusedMessage({ code, location: headerField(number), text }, 'AR');
}
