import { isCorrelationId } from '../runtime/correlation.js';
import { describeError, type DescribedError } from './describe-error.js';
import { redact } from './redact.js';

/** One JSON object per line for machines, or text for a terminal. */
export type LogFormat = 'json' | 'pretty';

type LineValue = string | number | boolean | null | readonly string[] | DescribedError;

/** One line of the log, without its end. */
export function formatLine(
  format: LogFormat,
  at: Date,
  level: string,
  message: string,
  fields: Readonly<Record<string, unknown>>,
): string {
  const start = { at: at.toISOString(), level, message: redact(message) };
  const values = new Map<string, LineValue>();
  // The names that every line has cannot be taken by a field, and those that tie lines together stand first.
  for (const name of ['correlationId', 'module', ...Object.keys(fields)]) {
    const value = Object.hasOwn(start, name) ? undefined : lineValue(name, fields[name]);
    if (value !== undefined) values.set(redact(name), value);
  }
  return format === 'json'
    ? JSON.stringify({ ...start, ...Object.fromEntries(values) })
    : prettyLine(start, values);
}

const correlationIds: ReadonlySet<string> = new Set(['correlationId', 'callCorrelationId']);

function lineValue(name: string, value: unknown): LineValue | undefined {
  // "error" takes whatever a catch clause caught.
  if (value instanceof Error || (name === 'error' && value !== undefined)) return describeError(value);
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    // A UUID may end in twelve decimal digits; ours is random and must stay searchable.
    return correlationIds.has(name) && isCorrelationId(value) ? value : redact(value);
  }
  if (typeof value === 'number') return numberValue(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString();
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.map(redact);
  return '[left out]';
}

function numberValue(value: number): number | string {
  // JSON has no NaN; a national identity number that somebody computed with is one all the same.
  const text = redact(String(value));
  return Number.isFinite(value) && text === String(value) ? value : text;
}

function prettyLine(
  { at, level, message }: { readonly at: string; readonly level: string; readonly message: string },
  values: ReadonlyMap<string, LineValue>,
): string {
  const parts = [at.slice(11, 23), level.padEnd(5), oneLine(message)];
  const frames: string[] = [];
  for (const [name, value] of values) {
    if (isDescribedError(value)) {
      const chain = [value, ...(value.causes ?? [])].map(
        (error) => `${error.code ?? error.name}: ${error.message}`,
      );
      parts.push(`${bare(name)}=${bare(chain.join(' < '))}`);
      frames.push(...(value.stack ?? []));
    } else {
      parts.push(`${bare(name)}=${bare(String(value))}`);
    }
  }
  return [parts.join(' '), ...frames.map((frame) => `    ${oneLine(frame)}`)].join('\n');
}

function isDescribedError(value: LineValue): value is DescribedError {
  return typeof value === 'object' && value !== null && 'name' in value;
}

/** The value as it is where that is unmistakable, else quoted. */
function bare(text: string): string {
  return /^[\w.:/@^-]+$/.test(text) ? text : JSON.stringify(oneLine(text));
}

/** Nobody writes a second line, or commands to the terminal, by way of a value. */
function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
}
