import { Writable } from 'node:stream';
import type { LogFormat } from '../../src/operations/log-line.js';
import { createLogger, type ClosableLogger, type LogLevel } from '../../src/operations/logger.js';
import { ManualClock } from '../support/manual-clock.js';

/** A stream that remembers what was written to it. */
export class MemoryStream extends Writable {
  text = '';

  override _write(chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

export interface LogFixture {
  readonly logger: ClosableLogger;
  readonly stream: MemoryStream;
  /** Closes the logger; the lines that it wrote. */
  lines(): Promise<string[]>;
  /** The same, each parsed as JSON. */
  records(): Promise<Record<string, unknown>[]>;
}

/** A real logger over a stream in memory. */
export function logFixture(level: LogLevel = 'debug', format: LogFormat = 'json'): LogFixture {
  const stream = new MemoryStream();
  const logger = createLogger({ level, format, stream, clock: new ManualClock('2025-03-01T12:00:00.000Z') });
  const lines = async (): Promise<string[]> => {
    await logger.close();
    return stream.text.split('\n').slice(0, -1);
  };
  return { logger, stream, lines, records: async () => (await lines()).map(parseRecord) };
}

function parseRecord(line: string): Record<string, unknown> {
  const value: unknown = JSON.parse(line);
  if (!isRecord(value)) throw new TypeError('a log line is no object');
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
