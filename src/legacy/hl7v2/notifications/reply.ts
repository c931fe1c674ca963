import { takeIn } from '../message/intake.js';
import { componentOf, segmentNamed } from '../message/message.js';
import { RefusedMessage } from '../refused-message.js';
import { Problem } from './queue.js';

/**
 * Reads what a receiver answered to a message (MSA, in original mode; the codes of enhanced mode are taken, too).
 * @returns undefined when it took the message
 */
export function problemIn(reply: Uint8Array, controlId: string): Problem | undefined {
  try {
    const msa = segmentNamed(takeIn(reply, '8859/1').read(), 'MSA');
    if (componentOf(msa, 2).trim() !== controlId) return Problem.WrongAnswer;
    switch (componentOf(msa, 1).trim().toUpperCase()) {
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
  } catch (error) {
    if (error instanceof RefusedMessage) return Problem.WrongAnswer;
    throw error;
  }
}
