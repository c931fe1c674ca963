import type { Hl7Component, Hl7Field, Hl7Repetition, Hl7Segment } from './message.js';

/** What may stand for a part in making segments: `undefined` and the empty text are empty. */
export type PartText = string | undefined;

/** Makes a segment of its fields by number, as HL7 counts them: `segment('PV1', { 1: text('1'), 2: text('N') })`. */
export function segment(name: string, fields: Readonly<Record<number, Hl7Field>>): Hl7Segment {
  const last = Math.max(0, ...Object.keys(fields).map(Number));
  return {
    name,
    fields: withoutEmptyEnd(Array.from({ length: last }, (_, index) => fields[index + 1] ?? [])),
  };
}

/** A field of one text. */
export function text(value: PartText): Hl7Field {
  return field(repetition(value));
}

/** A field of repetitions; those at the end that are empty are left out. */
export function field(...repetitions: readonly Hl7Repetition[]): Hl7Field {
  return withoutEmptyEnd(repetitions);
}

/** A repetition of components, each a text or its subcomponents. */
export function repetition(...components: readonly (PartText | readonly PartText[])[]): Hl7Repetition {
  return withoutEmptyEnd(components.map((part) => component(typeof part === 'object' ? part : [part])));
}

function component(subcomponents: readonly PartText[]): Hl7Component {
  return withoutEmptyEnd(subcomponents.map((part) => part ?? ''));
}

/** The same list up to its last part that holds something. */
export function withoutEmptyEnd<Part extends { readonly length: number }>(
  parts: readonly Part[],
): readonly Part[] {
  const last = parts.findLastIndex(({ length }) => length > 0);
  return last === parts.length - 1 ? parts : parts.slice(0, last + 1);
}
