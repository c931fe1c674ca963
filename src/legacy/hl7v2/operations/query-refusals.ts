import type { ErrorLocation, Hl7ErrorCode } from '../hl7-error.js';
import { RefusedMessage } from '../refused-message.js';

/** Something in a query that cannot be taken: a refusal that names it, never what it holds (Safety S3). */
export function refused(
  code: Hl7ErrorCode,
  location: ErrorLocation | undefined,
  text: string,
): RefusedMessage {
  return new RefusedMessage({ code, location, text });
}

/** A field of the first segment of that name. */
export function fieldAt(
  segment: string,
  field: number,
  repetition?: number,
  component?: number,
): ErrorLocation {
  return { segment, sequence: 1, field, repetition, component };
}
