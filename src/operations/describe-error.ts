import { errorCode } from '../errors/error-code.js';
import { AdapterError, InternalError } from '../errors/errors.js';
import { redact } from './redact.js';

/** What the log tells of an error. Picked field by field: error objects of HTTP clients carry tokens and bodies. */
export interface DescribedError {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  /** Frames without the message that V8 puts above them; for errors that nobody foresaw. */
  readonly stack?: readonly string[];
  /** What lies behind it, nearest first. */
  readonly causes?: readonly Omit<DescribedError, 'causes' | 'stack'>[];
}

const MAX_CAUSES = 5;
const MAX_MESSAGE_LENGTH = 500;
const MAX_FRAMES = 30;

/** The loggable part of whatever was thrown. Never throws. */
export function describeError(error: unknown): DescribedError {
  const causes = causesOf(error);
  const unforeseen = [error, ...causes].find(isUnforeseen);
  return {
    ...brief(error),
    ...(unforeseen === undefined ? {} : { stack: framesOf(unforeseen) }),
    ...(causes.length === 0 ? {} : { causes: causes.map(brief) }),
  };
}

function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [];
  let current = error;
  while (current instanceof Error && current.cause !== undefined && causes.length < MAX_CAUSES) {
    current = current.cause;
    causes.push(current);
  }
  return causes;
}

/**
 * Whose stack is worth a line: the foreign error inside an InternalError, or one that came without any wrapping.
 * A foreign error behind a known cause (a refused connection) needs none.
 */
function isUnforeseen(error: unknown, index: number, chain: readonly unknown[]): error is Error {
  if (!(error instanceof Error)) return false;
  const [first] = chain;
  if (first instanceof InternalError) return chain.length === 1 || index === 1;
  return index === 0 && !(first instanceof AdapterError);
}

function brief(error: unknown): Omit<DescribedError, 'causes' | 'stack'> {
  if (!(error instanceof Error))
    return { name: typeof error, message: 'something other than an error was thrown' };
  const code = errorCode(error);
  return {
    name: redact(error.name),
    ...(code === undefined ? {} : { code: redact(code) }),
    message: messageOf(error),
  };
}

function messageOf(error: Error): string {
  // Our own messages hold no data, and the system's name files and hosts. Everybody else likes to quote what they
  // choked on (JSON.parse: `"KARI NOR"... is not valid JSON`), so whatever stands in quotes is left out.
  const trusted = error instanceof AdapterError || ('syscall' in error && typeof error.syscall === 'string');
  const message = trusted ? error.message : error.message.replace(/["'`].*["'`]/s, '…');
  return redact(message).slice(0, MAX_MESSAGE_LENGTH);
}

function framesOf(error: Error): string[] {
  // A multi-line message may imitate a frame; the real ones stand last, after the message as it was given.
  const stack = error.stack ?? '';
  const end = stack.lastIndexOf(error.message);
  const frames = end < 0 ? stack : stack.slice(end + error.message.length);
  return frames
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, MAX_FRAMES)
    .map(redact);
}
