import { dayOf, type CalendarDate } from '../person/calendar-date.js';
import type { NationalId } from '../person/national-id.js';
import type { CodeAnswer, CodeTable } from './code-table.js';
import type { Countries, Country } from './countries.js';
import { memberAt, type Located } from './elements.js';
import { textOf, type JsonObject } from './json.js';
import type { ReadDocument } from './read-document.js';

/** What a field can hold, before it is put into a PregPerson. */
export type FieldValue = string | number | boolean | readonly string[];

/** What a transform makes of its sources: a value with the sources it used, or a blank with the reason. */
export type Outcome =
  | { readonly kind: 'value'; readonly value: FieldValue; readonly from: readonly Located[] }
  | { readonly kind: 'blank'; readonly reason: string };

/** What a transform gets to see. */
export interface TransformInput {
  /** How many paths the row's `sources` has. */
  readonly sourceCount: number;
  readonly document: ReadDocument;
  /** The number that the record is about. */
  readonly nin: NationalId;
  readonly today: CalendarDate;
  /** The day that is told of: today, or one gone by as which the document is given. */
  readonly on: CalendarDate;
  readonly countries: Countries;
  /** What the path at that place of the row's `sources` holds; an empty list for nothing. */
  sourceAt(index: number): readonly Located[];
  /** The row's code table, or a later one of several. @throws Error when the row names too few. */
  codes(index?: number): CodeTable;
  /** Reports a member that no table knows; it is logged and counted, once for the place where it stands. */
  unmapped(member: Located): void;
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
  let all = input.sourceAt(0);
  for (let index = 1; index < input.sourceCount; index += 1) {
    const more = input.sourceAt(index);
    if (more.length > 0) all = all.length === 0 ? more : [...all, ...more];
  }
  return all;
}

/** The first source that `convert` can make something of. */
export function firstOf(
  input: TransformInput,
  convert: (located: Located) => FieldValue | undefined,
): Outcome {
  for (let index = 0; index < input.sourceCount; index += 1) {
    for (const located of input.sourceAt(index)) {
      const value = convert(located);
      if (value !== undefined) return filled(value, located);
    }
  }
  return notDelivered;
}

/** The day in a date-time; blank for a value that is none. */
export function dayIn(located: Located | undefined): Outcome {
  const day = dayOf(textOf(located?.value) ?? '');
  return located === undefined || day === undefined ? notDelivered : filled(day, located);
}

/** The day in the first of an element's members that holds one. */
export function dayInMember(element: Located<JsonObject>, ...members: readonly string[]): Outcome {
  const days = members.map((member) => dayIn(memberAt(element, member)));
  return days.find(({ kind }) => kind === 'value') ?? notDelivered;
}

/** Looks a member up in the row's table; members that are unknown are reported and give undefined, as absent ones do. */
export function codeOf(input: TransformInput, member: Located): CodeAnswer | undefined {
  const text = textOf(member.value);
  const answer = text === undefined ? undefined : input.codes().find(text);
  if (text !== undefined && answer === undefined) input.unmapped(member);
  return answer;
}

/** The row's table applied to a member: its code, or a blank that says why. */
export function coded(
  input: TransformInput,
  member: Located | undefined,
  convert: (code: string | number) => string | number,
): Outcome {
  if (member === undefined || textOf(member.value) === undefined) return notDelivered;
  const answer = codeOf(input, member);
  if (answer === undefined) return { kind: 'blank', reason: 'unknown upstream value' };
  return answer.kind === 'blank' ? answer : filled(convert(answer.entry.code), member);
}

/** The country with the code in a member, by alpha-2 or alpha-3; an unknown code is reported. */
export function countryOf(
  input: TransformInput,
  member: Located,
  list: 'byAlpha2' | 'byAlpha3',
): Country | undefined {
  const code = textOf(member.value);
  const country = code === undefined ? undefined : input.countries[list](code);
  if (code !== undefined && country === undefined) {
    // What has not the form of a code may be anything, and is not passed on.
    input.unmapped(/^[A-Z]{2,3}$/.test(code) ? member : { ...member, value: null });
  }
  return country;
}

/** The text at the first value of a source. */
export function textAt(input: TransformInput, index: number): { text: string; located: Located } | undefined {
  const located = input.sourceAt(index)[0];
  const text = textOf(located?.value);
  return located === undefined || text === undefined ? undefined : { text, located };
}
