import { isCalendarDate, type CalendarDate } from '../person/calendar-date.js';
import { isNationalId, type NationalId } from '../person/national-id.js';
import type { FieldValue } from './transform.js';

/** The fields of one record as the rows filled them, read back with the type that PregPerson gives each. */
export class FieldValues {
  readonly #values: ReadonlyMap<string, FieldValue>;
  readonly #prefix: string;

  constructor(values: ReadonlyMap<string, FieldValue>, prefix = '') {
    this.#values = values;
    this.#prefix = prefix;
  }

  /** Text, or null for a blank. @throws TypeError when the row gives something else; likewise below. */
  text(name: string): string | null {
    const value = this.#of(name);
    if (value === null || typeof value === 'string') return value;
    throw this.#mismatch(name, 'text');
  }

  /** A day. */
  day(name: string): CalendarDate | null {
    const value = this.text(name);
    if (value === null || isCalendarDate(value)) return value;
    throw this.#mismatch(name, 'a day');
  }

  /** A number. */
  number(name: string): number | null {
    const value = this.#of(name);
    if (value === null || typeof value === 'number') return value;
    throw this.#mismatch(name, 'a number');
  }

  /** Yes or no. */
  flag(name: string): boolean | null {
    const value = this.#of(name);
    if (value === null || typeof value === 'boolean') return value;
    throw this.#mismatch(name, 'yes or no');
  }

  /** A list of texts, empty for a blank. */
  list(name: string): readonly string[] {
    const value = this.#of(name);
    if (value === null) return [];
    if (typeof value === 'object') return value;
    throw this.#mismatch(name, 'a list');
  }

  /** A list of numbers that may be looked up. */
  nationalIds(name: string): readonly NationalId[] {
    return this.list(name).filter(isNationalId);
  }

  /** A list of days, null for each text that is none. */
  days(name: string): readonly (CalendarDate | null)[] {
    return this.list(name).map((text) => (isCalendarDate(text) ? text : null));
  }

  #of(name: string): FieldValue | null {
    return this.#values.get(this.#prefix + name) ?? null;
  }

  #mismatch(name: string, expected: string): TypeError {
    return new TypeError(`mappings/person.yaml: ${this.#prefix}${name} is not ${expected}`);
  }
}
