/**
 * A message of HL7 v2 as values: segments of fields, fields of repetitions, repetitions of components, components of
 * subcomponents. All text is plain: no delimiters, no escape sequences, no charset. Reading and writing are er7.ts.
 * Empty parts at the end of anything are left out, and what holds nothing else is an empty list.
 */
export interface Hl7Message {
  /** MSH is the first. */
  readonly segments: readonly Hl7Segment[];
}

/** One segment. */
export interface Hl7Segment {
  /** Three characters, such as `PID`. */
  readonly name: string;
  /** Field 1 first. Of MSH, field 1 is the field separator and field 2 the encoding characters. */
  readonly fields: readonly Hl7Field[];
}

/** The repetitions of a field; none when it is empty. */
export type Hl7Field = readonly Hl7Repetition[];
/** The components of one repetition; the first one first. */
export type Hl7Repetition = readonly Hl7Component[];
/** The subcomponents of a component; the first one first. */
export type Hl7Component = readonly string[];

/** HL7's null, which deletes a value where one is kept. Nothing is kept here, so that it reads as empty; it is echoed as it came. */
const NULL = '""';

/** The first segment with that name. */
export function segmentNamed(message: Hl7Message, name: string): Hl7Segment | undefined {
  return message.segments.find((segment) => segment.name === name);
}

/** The repetitions of a field, counted from 1 as HL7 does; none where there is no such field. */
export function repetitionsOf(segment: Hl7Segment | undefined, field: number): Hl7Field {
  return segment?.fields[field - 1] ?? [];
}

/** Subcomponent 1 of a component of the first repetition, counted from 1; empty where there is none, or null. */
export function componentOf(segment: Hl7Segment | undefined, field: number, component = 1): string {
  return partOf(repetitionsOf(segment, field)[0], component);
}

/** A subcomponent of a repetition, both counted from 1; empty where there is none, or null. */
export function partOf(repetition: Hl7Repetition | undefined, component: number, subcomponent = 1): string {
  const part = repetition?.[component - 1]?.[subcomponent - 1] ?? '';
  return part === NULL ? '' : part;
}
