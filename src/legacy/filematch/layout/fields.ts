import { dateFields, type InputField, type OutputField } from '../record.js';

/** The fields of records that are not rows, and what kind of value each field holds (preg-xml-filematch-hl7v2 2.4). */

export const headerFields = [
  'formatName',
  'formatVersion',
  'orgNumber',
  'customerRef',
  'createdAt',
  'charset',
  'direction',
  'mode',
] as const;
export type HeaderField = (typeof headerFields)[number];

export const trailerFields = ['recordCount'] as const;
export type TrailerField = (typeof trailerFields)[number];

export const outputHeaderFields = [...headerFields, 'jobId', 'registerTimestamp'] as const;
export type OutputHeaderField = (typeof outputHeaderFields)[number];

export const outputTrailerFields = [
  'recordCount',
  'matched',
  'changed',
  'noMatch',
  'ambiguous',
  'rejected',
  'technical',
] as const;
export type OutputTrailerField = (typeof outputTrailerFields)[number];

/**
 * Text may be cut to the width of its field, and says so; a code may not, since half a code is another code; a counter is
 * filled with zeros; a day has the form that the layout says.
 */
export type FieldKind = 'text' | 'code' | 'counter' | 'day';

const texts: ReadonlySet<string> = new Set<InputField | OutputField | HeaderField>([
  'ownRef',
  'customerRef',
  'surname',
  'givenName',
  'middleName',
  'street',
  'coAddress',
  'postalAddress',
  'postalPlace',
  'municipalityName',
  'addressLine1',
  'addressLine2',
  'addressLine3',
]);

const counters: ReadonlySet<string> = new Set<string>(['candidates', ...outputTrailerFields]);
const days: ReadonlySet<string> = new Set<string>(dateFields);

/** What kind of value a field holds, whatever the record. */
export function kindOf(field: string): FieldKind {
  if (texts.has(field)) return 'text';
  if (counters.has(field)) return 'counter';
  return days.has(field) ? 'day' : 'code';
}
