import type { Hl7Field, Hl7Message, Hl7Segment } from '../message/message.js';
import { refused } from './query-refusals.js';

/** The segment of that name. @throws RefusedMessage when there are several: which is meant, nobody knows */
export function onlySegment(message: Hl7Message, name: string): Hl7Segment | undefined {
  const [segment, second] = message.segments.filter((one) => one.name === name);
  if (second === undefined) return segment;
  throw refused('100', { segment: name, sequence: 2 }, `There is more than one segment ${name}.`);
}

/** The segment of that name. @throws RefusedMessage when there is none, or several */
export function requiredSegment(message: Hl7Message, name: string): Hl7Segment {
  const segment = onlySegment(message, name);
  if (segment !== undefined) return segment;
  throw refused('100', { segment: name, sequence: 1 }, `There is no segment ${name}.`);
}

/** Whether a field says anything; HL7's null says nothing. */
export function isFilled(field: Hl7Field): boolean {
  return field.some((repetition) => repetition.some((component) => component.some(isFilledText)));
}

/** Whether a text says anything. */
export function isFilledText(text: string): boolean {
  return text.trim() !== '' && text !== '""';
}
