import type { ErrorLocation } from '../hl7-error.js';
import { partOf, type Hl7Field, type Hl7Repetition } from '../message/message.js';
import { isFilledText } from './query-segments.js';
import { refused } from './query-refusals.js';

/** One thing that is told of the person sought. */
export interface Parameter {
  /** The field of PID that it is about, such as `@PID.5.1`. */
  readonly name: ParameterName;
  /** What the client calls it. */
  readonly label: string;
  /** Never empty. */
  readonly value: string;
  readonly location: ErrorLocation;
}

/** The names of parameters, and the other names that clients use for the same. */
const aliases = {
  '@PID.3': '@PID.3.1',
  '@PID.3.1': '@PID.3.1',
  '@PID.3.4': '@PID.3.4.1',
  '@PID.3.4.1': '@PID.3.4.1',
  '@PID.3.4.2': '@PID.3.4.2',
  '@PID.3.4.3': '@PID.3.4.3',
  '@PID.3.5': '@PID.3.5',
  '@PID.5.1': '@PID.5.1',
  '@PID.5.1.1': '@PID.5.1',
  '@PID.5.2': '@PID.5.2',
  '@PID.5.3': '@PID.5.3',
  '@PID.7': '@PID.7',
  '@PID.7.1': '@PID.7',
  '@PID.8': '@PID.8',
  '@PID.8.1': '@PID.8',
  '@PID.11.1': '@PID.11.1',
  '@PID.11.1.1': '@PID.11.1',
  '@PID.11.3': '@PID.11.3',
  '@PID.11.5': '@PID.11.5',
  '@PID.11.6': '@PID.11.6',
  '@PID.11.9': '@PID.11.9',
} as const;

/** A parameter by the first of its names. */
export type ParameterName = (typeof aliases)[keyof typeof aliases];

const names: ReadonlyMap<string, ParameterName> = new Map(Object.entries(aliases));

/**
 * Reads repetitions of `@field^value` (QPD-3). Those that are left blank say nothing.
 * @param at where a repetition stands, counted from 1
 * @throws RefusedMessage naming what is not known, or holds more than one value (Safety S3)
 */
export function parametersIn(
  field: Hl7Field,
  at: (repetition: number, component?: number) => ErrorLocation,
): readonly Parameter[] {
  return field.flatMap((repetition, index) => {
    const filled = repetition.map((component) => component.filter(isFilledText).length);
    if (filled.every((count) => count === 0)) return [];
    const written = partOf(repetition, 1).trim();
    const label = labelOf(written, index);
    const name = (filled[0] ?? 0) > 1 ? undefined : names.get(written.toUpperCase());
    if (name === undefined) throw refused('204', at(index + 1, 1), `${label} is not a known parameter.`);
    if (!hasOneValue(repetition, filled)) {
      throw refused('102', at(index + 1, 2), `${label} has more than one value.`);
    }
    const value = partOf(repetition, 2).trim();
    return value === '' ? [] : [{ name, label, value, location: at(index + 1, 2) }];
  });
}

function hasOneValue(repetition: Hl7Repetition, filled: readonly number[]): boolean {
  const further = filled.slice(2).some((count) => count > 0);
  const value = repetition[1] ?? [];
  return !further && value.slice(1).every((text) => !isFilledText(text));
}

/** The client's own word for a parameter, unless it may be anything. */
function labelOf(written: string, index: number): string {
  return /^@?[A-Z][A-Z0-9]{2}(?:[.-][0-9]{1,2}){1,3}$/i.test(written) ? written : `Parameter ${index + 1}`;
}
