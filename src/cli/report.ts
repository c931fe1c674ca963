import { UnusableSecret } from '../access/client-secrets.js';
import { ConfigurationError } from '../config/problems.js';
import { errorCode } from '../errors/error-code.js';
import { AdapterError } from '../errors/errors.js';
import { InvalidLayout } from '../legacy/filematch/layout/load-layouts.js';
import { InvalidFilematchTexts } from '../legacy/filematch/writing/filematch-texts.js';
import { InvalidMapping } from '../mapping/data-file.js';
import { ListenerUnavailable } from '../operations/listening.js';
import { UnusablePersonFile } from '../sandbox/population/person-folder.js';
import { UnusableBackup } from '../store/backup/unusable-backup.js';
import { StoreUnavailable, UnusableKey } from '../store/store-errors.js';

/** Where a command writes; `process` in life, something that remembers in tests. */
export interface Output {
  readonly stdout: Terminal;
  readonly stderr: Terminal;
}

/** A terminal, or whatever stands in for one. */
export interface Terminal {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  /** Characters in a line. */
  readonly columns?: number | undefined;
}

/** A command's own complaint: one plain sentence for the operator. */
export class CommandFailed extends Error {
  override readonly name: string = 'CommandFailed';

  constructor(
    message: string,
    /** Of the process. */
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

/**
 * Runs a command and gives its exit code: 0, or 1 or the command's own after one plain sentence on stderr. Only what nobody
 * foresaw brings its stack, so that it can be reported.
 */
export async function exitCodeOf(command: () => Promise<void>, output: Output): Promise<number> {
  try {
    await command();
    return 0;
  } catch (error) {
    output.stderr.write(`${sentenceFor(error)}\n`);
    return error instanceof CommandFailed ? error.exitCode : 1;
  }
}

/** What went wrong, for the operator. */
export function sentenceFor(error: unknown): string {
  if (
    error instanceof ConfigurationError ||
    error instanceof CommandFailed ||
    error instanceof InvalidLayout
  ) {
    return error.message;
  }
  if (
    error instanceof ListenerUnavailable ||
    error instanceof StoreUnavailable ||
    error instanceof UnusableBackup ||
    error instanceof UnusableKey ||
    error instanceof UnusableSecret ||
    error instanceof InvalidMapping ||
    error instanceof InvalidFilematchTexts
  ) {
    return asSentence(error.message);
  }
  if (error instanceof UnusablePersonFile) {
    return asSentence(`sandbox.persons cannot be used: ${error.message}`);
  }
  if (error instanceof AdapterError) return `${asSentence(error.message)} ${error.description.hint}`;
  return listeningSentence(error) ?? `Unforeseen error, please report it:\n${stackOf(error)}`;
}

/** Tells on stderr what went wrong inside the sandbox, which the adapter only sees as status 500. */
export function sandboxReporter({ stderr }: Output): (error: unknown) => void {
  return (error) => {
    stderr.write(`In the sandbox: ${sentenceFor(error)}\n`);
  };
}

function listeningSentence(error: unknown): string | undefined {
  if (!isSystemError(error) || error.syscall !== 'listen') return undefined;
  const place =
    error.port === undefined ? (error.address ?? 'the address') : `${error.address ?? '*'}:${error.port}`;
  const code = errorCode(error) ?? 'unknown';
  return `${place} ${listeningReasons.get(code) ?? `cannot be listened on (${code}).`}`;
}

const listeningReasons: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'is in use by another program; stop that one, or choose another port in the configuration.'],
  ['EACCES', 'may not be listened on by this user; choose a port above 1023, or grant the right.'],
  ['EADDRNOTAVAIL', 'cannot be listened on, since this machine does not have that address.'],
]);

/** An error of the operating system, as node:net gives it. */
interface SystemError extends Error {
  readonly syscall?: string;
  readonly address?: string;
  readonly port?: number;
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'syscall' in error;
}

function asSentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
