import { dayOf, type CalendarDate } from '../../person/calendar-date.js';
import { memberAt, type Located } from '../elements.js';
import { textIn, textOf, type JsonObject, type JsonValue } from '../json.js';
import { allSources, coded, filled, firstOf, notDelivered, type Transform } from '../transform.js';

/** Norwegian upper case; combining marks stay as they are. */
export function upperCaseOf(text: string): string {
  return text.toLocaleUpperCase('nb');
}

/** Text as it stands, without surrounding blanks. */
export const text: Transform = (input) => firstOf(input, ({ value }) => textOf(value));

/** Every text among the sources, in order, each once. */
export const texts: Transform = (input) => {
  const found = allSources(input).filter(({ value }) => textOf(value) !== undefined);
  const values = [...new Set(found.map(({ value }) => textOf(value) ?? ''))];
  return values.length === 0 ? notDelivered : filled(values, ...found);
};

/** Text in upper case ("Decided" 6). */
export const upperCase: Transform = (input) =>
  firstOf(input, ({ value }) => {
    const found = textOf(value);
    return found === undefined ? undefined : upperCaseOf(found);
  });

/** The day of a date-time; its time and zone mean nothing. */
export const day: Transform = (input) =>
  firstOf(input, ({ value }) => {
    const found = textOf(value);
    return found === undefined ? undefined : dayOf(found);
  });

/** When upstream took an element down. */
const REGISTERED = 'registeredAt';

/** The latest day on which anything was registered that holds and that the document tells, sources or not. */
export const lastRegistered: Transform = ({ document }) => {
  let latest: { readonly day: CalendarDate; readonly element: Located<JsonObject> } | undefined;
  for (const name of Object.keys(document.content)) {
    for (const element of document.elements.current(name)) {
      const text = textIn(element.value, REGISTERED) ?? '';
      if (latest !== undefined && text <= latest.day) continue;
      const day = dayOf(text);
      if (day !== undefined && day !== latest?.day) latest = { day, element };
    }
  }
  return latest === undefined ? notDelivered : filled(latest.day, memberAt(latest.element, REGISTERED));
};

/** A whole number, whether upstream writes it as a number or as digits. */
export function wholeNumberOf(value: JsonValue): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  const digits = textOf(value);
  return digits !== undefined && /^[0-9]{1,15}$/.test(digits) ? Number(digits) : undefined;
}

/** A whole number written as text. */
export const wholeNumberText: Transform = (input) =>
  firstOf(input, ({ value }) => wholeNumberOf(value)?.toString());

/** A number padded to four digits. */
export const fourDigits: Transform = (input) =>
  firstOf(input, ({ value }) => wholeNumberOf(value)?.toString().padStart(4, '0'));

/** The last four of at least four digits. */
export const lastFourDigits: Transform = (input) =>
  firstOf(input, ({ value }) => {
    const digits = textOf(value);
    return digits !== undefined && /^[0-9]{4,}$/.test(digits) ? digits.slice(-4) : undefined;
  });

/** Basic statistical unit: the number itself, else the last four digits of the full one. */
export const basicStatisticalUnit: Transform = (input) =>
  firstOf(input, ({ path, value }) => {
    if (!path.endsWith('fullBasicStatisticalUnitNumber')) return wholeNumberOf(value);
    const digits = textOf(value);
    return digits !== undefined && /^[0-9]{8}$/.test(digits) ? Number(digits.slice(-4)) : undefined;
  });

/** The row's code table applied; the code as text. */
export const codeText: Transform = (input) => coded(input, input.sourceAt(0)[0], String);

/** The row's code table applied; the code as a number. */
export const codeNumber: Transform = (input) => coded(input, input.sourceAt(0)[0], Number);
