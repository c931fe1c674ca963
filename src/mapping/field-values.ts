import { isCalendarDate, type CalendarDate } from '../person/calendar-date.js';
import { isNationalId, type NationalId } from '../person/national-id.js';
import type { FilledRecord } from './filled-record.js';

/** The fields of one record as the rows filled them, read back with the type that PregPerson gives each. */
export class FieldValues {
  constructor(private readonly record: FilledRecord) {}

  /** Text, or null for a blank. @throws TypeError when the row gives something else; likewise below. */
  text(name: string): string | null {
    const value = this.record.valueOf(name);
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
    const value = this.record.valueOf(name);
    if (value === null || typeof value === 'number') return value;
    throw this.#mismatch(name, 'a number');
  }

  /** Yes or no. */
  flag(name: string): boolean | null {
    const value = this.record.valueOf(name);
    if (value === null || typeof value === 'boolean') return value;
    throw this.#mismatch(name, 'yes or no');
  }

  /** A list of texts, empty for a blank. */
  list(name: string): readonly string[] {
    const value = this.record.valueOf(name);
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

  #mismatch(name: string, expected: string): TypeError {
    return new TypeError(`mappings/person.yaml: ${this.record.place}${name} is not ${expected}`);
  }
}
