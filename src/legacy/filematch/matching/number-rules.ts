import { isCalendarDate } from '../../../person/calendar-date.js';
import {
  hasCheckDigitsFrom2032,
  hasRegularCheckDigits,
  isNationalId,
  kindOf,
  NationalIdKind,
  type NationalId,
} from '../../../person/national-id.js';

/**
 * Which numbers are looked up (preg-xml-filematch-hl7v2 2.5, 2.7 and 4.8). The first rule that is broken decides:
 *
 * 1. eleven digits, else E001;
 * 2. no internal H-number, E008: month 41–52, with or without day + 40. It is recognised before anything else is held
 *    against it, since it must not leave the organisation whatever its check digits are;
 * 3. check digits, else E002;
 * 4. a day that there is, else E003: day + 40 (D-number), month + 65 and + 80 (synthetic) are taken off, and the individual
 *    number has to belong to a series of some century.
 *
 * A help number (first digit 8 or 9) has check digits and no other meaning. A number of a day to come is nobody's yet and is
 * looked up like any other: numbers are not second-guessed (Safety S6).
 */

/** `from-2032` takes the numbers of the old rule too. */
export type CheckDigitRule = 'until-2032' | 'from-2032';

/** What may be wrong with a number. */
export type NumberProblem = 'E001' | 'E002' | 'E003' | 'E008';

/** What is wrong with the number of a row; undefined for one that is looked up. */
export function problemOfNumber(text: string, rule: CheckDigitRule): NumberProblem | undefined {
  if (!isElevenDigits(text)) return 'E001';
  if (isInternalNumber(text)) return 'E008';
  const hasCheckDigits = rule === 'from-2032' ? hasCheckDigitsFrom2032(text) : hasRegularCheckDigits(text);
  if (!hasCheckDigits) return 'E002';
  return kindOf(text) === NationalIdKind.HelpNumber || isOfADay(text, rule) ? undefined : 'E003';
}

/** Whether it has the form of the numbers that rows are asked by; DUF numbers have no place in the layouts. */
export function isElevenDigits(text: string): text is NationalId {
  return text.length === 11 && isNationalId(text);
}

/** An organisation's own H-number: month + 40. */
export function isInternalNumber(id: NationalId): boolean {
  const month = Number(id.slice(2, 4));
  return kindOf(id) !== NationalIdKind.HelpNumber && month >= 41 && month <= 52;
}

/** What is added to the month: nothing, 65 or 80 of synthetic numbers. */
const MONTH_OFFSETS = [0, 65, 80] as const;

function isOfADay(id: NationalId, rule: CheckDigitRule): boolean {
  const isDNumber = kindOf(id) === NationalIdKind.DNumber;
  const day = Number(id.slice(0, 2)) - (isDNumber ? 40 : 0);
  const written = Number(id.slice(2, 4));
  const month = MONTH_OFFSETS.map((offset) => written - offset).find((number) => number >= 1 && number <= 12);
  if (month === undefined) return false;
  return yearsOf(id, isDNumber, rule).some((year) =>
    isCalendarDate(`${year}-${twoDigits(month)}-${twoDigits(day)}`),
  );
}

/** The years that the two digits may stand for; none for an individual number that no series has. */
function yearsOf(id: NationalId, isDNumber: boolean, rule: CheckDigitRule): readonly number[] {
  const year = Number(id.slice(4, 6));
  const individual = Number(id.slice(6, 9));
  // From 2032 on the individual number tells no century.
  if (rule === 'from-2032') return [1900 + year, 2000 + year];
  return isDNumber ? [yearOfDNumber(year, individual)] : yearsOfSeries(year, individual);
}

/** The series of national identity numbers. */
function yearsOfSeries(year: number, individual: number): readonly number[] {
  if (individual < 500) return [1900 + year];
  if (year < 40) return [2000 + year];
  if (individual >= 900) return [1900 + year];
  return individual < 750 && year >= 54 ? [1800 + year] : [];
}

/** The series of D-numbers as widened in November 2021: each individual number belongs to one. */
function yearOfDNumber(year: number, individual: number): number {
  if (year < 40) return individual < 200 ? 1900 + year : 2000 + year;
  return individual >= 500 && individual < 600 ? 1800 + year : 1900 + year;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
