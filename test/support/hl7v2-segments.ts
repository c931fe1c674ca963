import { Hl7v2Codes, type IdentifierTypes } from '../../src/legacy/hl7v2/codes.js';
import type { Hl7Message, Hl7Segment } from '../../src/legacy/hl7v2/message/message.js';
import { mappings } from './person-documents.js';

/** The codes of the mapping as it is shipped. */
export function hl7v2Codes(identifierTypes: IdentifierTypes = 'hl7'): Hl7v2Codes {
  return new Hl7v2Codes(mappings.codes, identifierTypes);
}

/** A segment as a line, with the usual delimiters and nothing escaped. */
export function lineOf({ name, fields }: Hl7Segment): string {
  const texts = fields.map((field) =>
    field.map((repetition) => repetition.map((component) => component.join('&')).join('^')).join('~'),
  );
  return [name, ...texts].join('|');
}

/** Segments of lines, with the usual delimiters and nothing escaped; without MSH. */
export function segmentsIn(...lines: readonly string[]): readonly Hl7Segment[] {
  return lines.map((line) => {
    const [name = '', ...fields] = line.split('|');
    return { name, fields: fields.map(fieldIn) };
  });
}

/** A message of those segments. */
export function messageOf(...lines: readonly string[]): Hl7Message {
  return { segments: segmentsIn('MSH', ...lines) };
}

function fieldIn(text: string): Hl7Segment['fields'][number] {
  if (text === '') return [];
  return text
    .split('~')
    .map((repetition) =>
      repetition === ''
        ? []
        : repetition.split('^').map((component) => (component === '' ? [] : component.split('&'))),
    );
}

/** A field of a line, counted from 1. */
export function fieldOf(line: string, field: number): string {
  return line.split('|')[field] ?? '';
}
