import HL7, { type Component, type Field, type Repetition } from 'hl7-standard';
import type { Hl7ErrorCode } from '../hl7-error.js';
import { RefusedMessage } from '../refused-message.js';
import {
  delimitersOf,
  ENCODING_CHARACTERS,
  inStandardDelimiters,
  standardDelimiters,
  type Delimiters,
} from './delimiters.js';
import { escaped, unescaped, type OctetsReader } from './escapes.js';
import { isBlank, lineEnd } from './lines.js';
import type { Hl7Component, Hl7Field, Hl7Message, Hl7Repetition, Hl7Segment } from './message.js';
import { withoutEmptyEnd } from './segment.js';

/**
 * Messages as text (ER7), by hl7-standard, which nothing else sees. What it lacks is done around it: it wants one kind of line
 * end throughout and the usual delimiters, drops lines that have no delimiter, groups segments by name, knows no escape
 * sequences, tells repetitions, components and subcomponents apart by the form of what it gives, and has no limits.
 */

/** What a message may have at most. What is larger is no question to a person register. */
export const er7Limits = {
  lines: 5_000,
  segments: 500,
  fields: 250,
  repetitions: 200,
  /** Components, and subcomponents, of one repetition. */
  parts: 100,
  /** Delimiters in the whole message. */
  delimiters: 50_000,
} as const;

const END = '\r';

/**
 * Reads a message. Segments end with CR, LF or both; blank lines are passed over.
 * @param readOctets reads what stands in hexadecimal
 * @throws RefusedMessage (AR) for what is no message, or is over a limit
 */
export function readEr7(text: string, readOctets: OctetsReader): Hl7Message {
  const lines = linesOf(text);
  const delimiters = delimitersOf(lines[0] ?? '');
  const content = lines.slice(1).map(inStandardDelimiters(delimiters));
  const header = headerLine(lines[0] ?? '', delimiters);
  const all = [header, ...content].map(withDelimiter);
  all.forEach(assertSegment);
  const count = all.reduce((sum, line) => sum + occurrences(line, anyDelimiter), 0);
  assertLimit(count, er7Limits.delimiters);
  const parsed = new HL7(all.join(END) + END);
  parsed.transform();
  const read = (value: string): string => unescaped(value, delimiters, readOctets);
  return {
    segments: parsed
      .getSegments()
      .sort((a, b) => a.index - b.index)
      .map(({ type, data }) => segmentOf(type, data, read)),
  };
}

/**
 * Writes a message: the usual delimiters, segments that end with CR.
 * @param carry brings each text into the charset that it will be in; line breaks stay
 */
export function writeEr7(message: Hl7Message, carry: (text: string) => string): string {
  const hl7 = new HL7('', { lineEndings: END });
  const write = (value: string): string => escaped(carry(value));
  for (const { name, fields } of message.segments) {
    hl7.createSegment(name).set(name, dataOf(name, fields, write));
  }
  return hl7
    .build()
    .split(END)
    .map((line) => withoutEmptyFields(line) + END)
    .join('');
}

/** Without the delimiters behind the last field that holds something, but for the one that tells that it is a segment. */
function withoutEmptyFields(line: string): string {
  let end = line.length;
  while (end > 4 && line[end - 1] === standardDelimiters.field) end -= 1;
  return line.slice(0, end);
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(lineEnd, er7Limits.lines + 1);
  assertLimit(lines.length, er7Limits.lines);
  const filled = lines.filter((line) => !isBlank(line));
  assertLimit(filled.length, er7Limits.segments);
  if (filled.findIndex(isHeader) !== 0) {
    throw refused('100', 'The message does not begin with the segment MSH.');
  }
  if (filled.findLastIndex(isHeader) !== 0) {
    throw refused('100', 'The message has more than one segment MSH.');
  }
  return filled;
}

function isHeader(line: string): boolean {
  return line.startsWith('MSH');
}

/** MSH in the usual delimiters, which its first two fields must not be taken for. */
function headerLine(line: string, delimiters: Delimiters): string {
  const end = line.indexOf(delimiters.field, 4);
  const rest = end === -1 ? '' : line.slice(end);
  const start = `MSH${standardDelimiters.field}${ENCODING_CHARACTERS}`;
  return start + inStandardDelimiters(delimiters)(rest);
}

/** A segment may consist of its name alone. */
function withDelimiter(line: string): string {
  return line.length === 3 ? line + standardDelimiters.field : line;
}

function assertSegment(line: string): void {
  if (!/^[A-Z][A-Z0-9]{2}\|/.test(line)) {
    throw refused('100', 'A line of the message is no segment.');
  }
  const fields = line.split('|');
  assertLimit(fields.length, er7Limits.fields);
  for (const field of isHeader(line) ? fields.slice(2) : fields) {
    const repetitions = field.split('~');
    assertLimit(repetitions.length, er7Limits.repetitions);
    for (const repetition of repetitions) assertLimit(occurrences(repetition, /[\^&]/g), er7Limits.parts);
  }
}

const anyDelimiter = /[|~^&]/g;

function occurrences(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function assertLimit(count: number, limit: number): void {
  if (count > limit) throw refused('100', 'The message has more parts than are taken.');
}

function refused(code: Hl7ErrorCode, text: string): RefusedMessage {
  return new RefusedMessage({ code, text }, 'AR');
}

type Change = (text: string) => string;

function segmentOf(name: string, data: Readonly<Record<string, Field>>, read: Change): Hl7Segment {
  const fields = Object.entries(data).map(([key, value]) =>
    key === 'MSH.2' ? [[[ENCODING_CHARACTERS]]] : fieldOf(value, read),
  );
  return {
    name,
    fields: withoutEmptyEnd(name === 'MSH' ? [[[[standardDelimiters.field]]], ...fields] : fields),
  };
}

function fieldOf(value: Field, read: Change): Hl7Field {
  if (typeof value === 'string') return withoutEmptyEnd([repetitionOf([value], read)]);
  if (!Array.isArray(value)) return withoutEmptyEnd([repetitionOf(Object.values(value), read)]);
  const repetitions: Hl7Repetition[] = [];
  const subcomponents: string[] = [];
  for (const part of value) {
    if (typeof part === 'string') subcomponents.push(part);
    else repetitions.push(repetitionOf(Object.values(part), read));
  }
  return withoutEmptyEnd(subcomponents.length > 0 ? [repetitionOf([subcomponents], read)] : repetitions);
}

function repetitionOf(components: readonly Component[], read: Change): Hl7Repetition {
  return withoutEmptyEnd(
    components.map((part): Hl7Component => {
      const texts = typeof part === 'string' ? [part] : part;
      return withoutEmptyEnd(texts.map(read));
    }),
  );
}

function dataOf(name: string, fields: readonly Hl7Field[], write: Change): Record<string, Field> {
  const data: Record<string, Field> = {};
  fields.forEach((field, index) => {
    const key = `${name}.${index + 1}`;
    if (name !== 'MSH') data[key] = fieldFor(key, field, write);
    else if (index === 1) data[key] = ENCODING_CHARACTERS;
    else if (index > 1) data[key] = fieldFor(key, field, write);
  });
  return data;
}

function fieldFor(key: string, field: Hl7Field, write: Change): Field {
  if (field.length === 0) return '';
  return field.map((repetition): Repetition => {
    const components = repetition.length === 0 ? [[]] : repetition;
    return Object.fromEntries(
      components.map((part, index) => [`${key}.${index + 1}`, componentFor(part, write)]),
    );
  });
}

function componentFor(component: Hl7Component, write: Change): Component {
  return component.length <= 1 ? write(component[0] ?? '') : component.map(write);
}
