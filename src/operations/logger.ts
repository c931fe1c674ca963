import type { Writable } from 'node:stream';
import winston from 'winston';
import type { Clock } from '../runtime/clock.js';
import { formatLine, type LogFormat } from './log-line.js';

/** How much is logged: each level includes those before it. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * What a line holds besides its message. Strings, numbers, booleans, dates, errors and lists of strings are written;
 * anything else is left out by type, so that no request, answer or configuration ends up in the log by accident.
 */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where the parts write what an operator may want to read. The message is a fixed text; what varies is a field. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** A logger whose lines all carry these fields too. */
  with(fields: LogFields): Logger;
}

/** How much is logged. */
export interface LogLevels {
  readonly level: LogLevel;
  /** Of lines whose field `module` says so, in place of `level`. */
  readonly levels?: Readonly<Record<string, LogLevel>> | undefined;
}

/** A logger that owns its output. */
export interface ClosableLogger extends Logger {
  /** Goes by other levels from now on. */
  setLevels(levels: LogLevels): void;
  /** Resolves when every line has been handed to the stream. What is logged afterwards is lost. */
  close(): Promise<void>;
}

/** How to log. */
export interface LoggerOptions extends LogLevels {
  readonly format: LogFormat;
  /** Usually process.stdout, or process.stderr for commands whose output is an answer. Not closed. */
  readonly stream: Writable;
  readonly clock: Clock;
}

/** A logger that writes one line per call to the stream. */
export function createLogger({ format, stream, clock, ...atFirst }: LoggerOptions): ClosableLogger {
  // A reader of the log that went away (EPIPE) must not take the adapter with it.
  stream.on('error', ignore);
  const transport = new winston.transports.Stream({ stream });
  const output = winston.createLogger({
    // What is written is decided below, line by line.
    level: 'debug',
    levels: Object.fromEntries(logLevels.map((name, severity) => [name, severity])),
    format: winston.format.printf((info) => String(info.message)),
    // winston declares its stream transport as an interface with a constructor, not as the class that it is.
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
    transports: [transport],
    exitOnError: false,
  });
  let isWanted = wantedBy(atFirst);
  const write = (severity: LogLevel, message: string, bound: LogFields, own: LogFields): void => {
    if (!isWanted(severity, own['module'] ?? bound['module'])) return;
    const fields = { ...bound, ...own };
    output.log({ level: severity, message: formatLine(format, clock.now(), severity, message, fields) });
  };
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      transport.once('finish', () => {
        stream.off('error', ignore);
        resolve();
      });
      output.end();
    });
  const setLevels = (levels: LogLevels): void => {
    isWanted = wantedBy(levels);
  };
  return { ...loggerOver(write, {}), setLevels, close };
}

function wantedBy({ level, levels = {} }: LogLevels): (severity: LogLevel, module: unknown) => boolean {
  const rank = new Map<unknown, number>(logLevels.map((name, index) => [name, index]));
  const ofModule = new Map<unknown, LogLevel>(Object.entries(levels));
  return (severity, module) => (rank.get(severity) ?? 0) <= (rank.get(ofModule.get(module) ?? level) ?? 0);
}

/** A logger that writes nothing. */
export const silentLogger: Logger = loggerOver(ignore, {});

/** Lines that nobody wants are many; fields are put together for the others alone. */
type Write = (level: LogLevel, message: string, bound: LogFields, own: LogFields) => void;

function loggerOver(write: Write, bound: LogFields): Logger {
  const log = (level: LogLevel, message: string, fields: LogFields = {}): void => {
    write(level, message, bound, fields);
  };
  return {
    log,
    error: (message, fields) => {
      log('error', message, fields);
    },
    warn: (message, fields) => {
      log('warn', message, fields);
    },
    info: (message, fields) => {
      log('info', message, fields);
    },
    debug: (message, fields) => {
      log('debug', message, fields);
    },
    with: (fields) => loggerOver(write, { ...bound, ...fields }),
  };
}

function ignore(): void {
  // Deliberately nothing.
}
