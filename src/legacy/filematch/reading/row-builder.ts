import type { DateForm } from '../layout/layout.js';
import { isCalendarDate, type CalendarDate } from '../../../person/calendar-date.js';
import type { InputField, InputRow } from '../record.js';
import type { FileRecord } from './records.js';

/** What can be wrong with the form of a row. */
export type RowProblem = NonNullable<InputRow['problem']>;

/** Gives the text of a field of the row at hand; nothing for fields that the file does not have. */
export type FieldText = (field: InputField) => string;

/** Makes a row of the text of its fields. */
export function rowOf(
  { line }: FileRecord,
  number: number,
  text: FieldText,
  problem: RowProblem | null,
  dates: DateForm,
): InputRow {
  // Echoed as it is, since its sender finds it by this; what is nothing but blanks is none.
  const reference = text('ownRef');
  const ownRef = reference.trim() === '' ? '' : reference;
  const day = dayFrom(text('dateOfBirth').trim(), dates);
  return {
    number,
    line,
    ownRef,
    nin: text('nin').trim(),
    dateOfBirth: day ?? null,
    surname: text('surname').trim(),
    givenName: text('givenName').trim(),
    middleName: text('middleName').trim(),
    street: text('street').trim(),
    postalCode: text('postalCode').trim(),
    municipality: text('municipality').trim(),
    sex: text('sex').trim(),
    problem: problem ?? (ownRef === '' ? 'E006' : day === undefined ? 'E003' : null),
  };
}

/** @returns null for no day, undefined for what is none */
export function dayFrom(text: string, form: DateForm): CalendarDate | null | undefined {
  if (text === '' || /^0+$/.test(text) || text === '0000-00-00') return null;
  const iso = isoFrom(text, form);
  return isCalendarDate(iso) ? iso : undefined;
}

function isoFrom(text: string, form: DateForm): string {
  if (form === 'yyyy-mm-dd') return text;
  if (text.length !== 8) return '';
  return form === 'yyyymmdd'
    ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
    : `${text.slice(4)}-${text.slice(2, 4)}-${text.slice(0, 2)}`;
}
