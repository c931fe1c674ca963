import { Problem } from './queue.js';

/** What an answer says, and of which message. */
interface Acknowledgement {
  /** MSA-1, in capitals. */
  readonly code: string;
  /** MSA-2. */
  readonly controlId: string;
}

/**
 * Reads what a receiver answered to a message (MSA, in original mode; the codes of enhanced mode are taken, too).
 * @returns undefined when it took the message
 */
export function problemIn(reply: Uint8Array, controlId: string): Problem | undefined {
  const acknowledgement = acknowledgementIn(reply);
  if (acknowledgement?.controlId !== controlId) return Problem.WrongAnswer;
  switch (acknowledgement.code) {
    case 'AA':
    case 'CA':
      return undefined;
    case 'AE':
    case 'CE':
      return Problem.ReceiverError;
    case 'AR':
    case 'CR':
      return Problem.Refused;
    default:
      return Problem.WrongAnswer;
  }
}

/**
 * Reads as little as it takes, so that a message which was taken is not sent again for what stands beside that: a charset with
 * a name of its own in MSH-18, text in another one, a line that is no segment. Never throws.
 */
export function acknowledgementIn(reply: Uint8Array): Acknowledgement | undefined {
  // In every charset of HL7 what is read here has the octets of ASCII.
  const lines = Buffer.from(reply)
    .toString('latin1')
    .split(/[\r\n]/)
    .map((line) => line.trim());
  const [, field, component] = /^(?:\xef\xbb\xbf)?MSH(.)(.)/.exec(lines.find(isNotEmpty) ?? '') ?? [];
  if (field === undefined || component === undefined) return undefined;
  const [, code = '', controlId = ''] =
    lines.find((line) => line.startsWith(`MSA${field}`))?.split(field) ?? [];
  const [given = '', id = ''] = [code, controlId].map((text) => (text.split(component)[0] ?? '').trim());
  return { code: given.toUpperCase(), controlId: id };
}

function isNotEmpty(line: string): boolean {
  return line !== '';
}
