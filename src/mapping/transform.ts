import type { CalendarDate } from '../person/calendar-date.js';
import type { NationalId } from '../person/national-id.js';
import type { CodeTable } from './code-table.js';
import type { Countries } from './countries.js';
import type { Located } from './elements.js';
import { textOf, type JsonObject } from './json.js';

/** What a field can hold, before it is put into a PregPerson. */
export type FieldValue = string | number | boolean | readonly string[];

/** What a transform makes of its sources: a value with the sources it used, or a blank with the reason. */
export type Outcome =
  | { readonly kind: 'value'; readonly value: FieldValue; readonly from: readonly Located[] }
  | { readonly kind: 'blank'; readonly reason: string };

/** What a transform gets to see. */
export interface TransformInput {
  /** What each path of the row's `sources` held, in the row's order; an empty list for nothing. */
  readonly sources: readonly (readonly Located[])[];
  readonly document: JsonObject;
  /** The number that the record is about. */
  readonly nin: NationalId;
  readonly today: CalendarDate;
  readonly countries: Countries;
  /** The row's code table. @throws Error when the row names none. */
  codes(): CodeTable;
  /** Reports a member that the row's table does not know; it is logged and counted. */
  unmapped(member: string): void;
  /** Reports that a value was too long for the old field. */
  cut(): void;
}

/** A named function that mappings/person.yaml refers to. Pure. */
export type Transform = (input: TransformInput) => Outcome;

/** A blank field: upstream delivered nothing that could fill it. */
export const notDelivered: Outcome = { kind: 'blank', reason: 'not delivered' };

/** A filled field. */
export function filled(value: FieldValue, ...from: readonly Located[]): Outcome {
  return { kind: 'value', value, from };
}

/** Every value of every source, in the order of trust. */
export function allSources(input: TransformInput): readonly Located[] {
  return input.sources.flat();
}

/** The values of the source at that place in the row; an empty list for nothing. */
export function sourceAt(input: TransformInput, index: number): readonly Located[] {
  return input.sources[index] ?? [];
}

/** The first source that `convert` can make something of. */
export function firstOf(
  input: TransformInput,
  convert: (located: Located) => FieldValue | undefined,
): Outcome {
  for (const located of allSources(input)) {
    const value = convert(located);
    if (value !== undefined) return filled(value, located);
  }
  return notDelivered;
}

/** Looks a member up in the row's table; members that are unknown are reported and give undefined. */
export function codeOf(input: TransformInput, member: string): ReturnType<CodeTable['find']> {
  const answer = input.codes().find(member);
  if (answer === undefined) input.unmapped(member);
  return answer;
}

/** The text at the first value of a source. */
export function textAt(input: TransformInput, index: number): { text: string; located: Located } | undefined {
  const located = sourceAt(input, index)[0];
  const text = textOf(located?.value);
  return located === undefined || text === undefined ? undefined : { text, located };
}
