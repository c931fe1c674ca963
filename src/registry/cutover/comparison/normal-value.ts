import { singleBlanks } from '../../folding.js';
import type { PregAddress, PregPerson } from '../../../person/preg-person.js';
import type { AddressField, FieldRow, PersonField } from './compared-row.js';
import { foldedCareOf, foldedStreet, foldedText, type Spellings } from './text-forms.js';

/** What a field can hold. */
export type RawValue = PregPerson[PersonField] | PregAddress[AddressField];

/** A value that is made of others. */
type ListValue = Exclude<RawValue, string | number | boolean | null>;

function isList(value: RawValue): value is ListValue {
  return Array.isArray(value);
}

/** A value in the form in which it is compared: two that are the same say the same. Null for a blank. */
export function normalValue(row: FieldRow, value: RawValue, spellings: Spellings): string | null {
  if (value === null) return null;
  const normal = isList(value) ? normalList(value) : normalScalar(row, String(value), spellings);
  return normal === '' || (row.isZeroBlank && /^[0.]+$/.test(normal)) ? null : normal;
}

function normalScalar({ form }: FieldRow, value: string, spellings: Spellings): string {
  switch (form) {
    case 'name':
      return foldedText(value, spellings.letters);
    case 'street':
      return foldedStreet(value, spellings);
    case 'careOf':
      return foldedCareOf(value, spellings);
    case 'code':
      return singleBlanks(value)
        .toUpperCase()
        .replace(/^0+(?=[0-9])/, '');
    case 'number':
    case 'numbers':
    case 'items':
    case 'days':
    case 'quantity':
    case 'day':
    case 'flag':
      return singleBlanks(value);
  }
}

/** The items in any order, each once. */
function normalList(list: ListValue): string {
  return [...new Set(itemsOf(list))].sort().join(ITEM_END);
}

/** What parts the items of a list in its normal form: nothing that a register writes. */
export const ITEM_END = '\n';

/** The items of a list as text. */
export function itemsOf(list: ListValue): readonly string[] {
  return [...list].flatMap((item) => {
    if (item === null) return [];
    return typeof item === 'string' ? [singleBlanks(item)] : [Object.values(item).map(String).join(' ')];
  });
}

/** A value as it is kept for somebody who looks into a difference; null for a blank. */
export function shownValue(value: RawValue): string | null {
  if (value === null) return null;
  const shown = isList(value) ? itemsOf(value).join(', ') : String(value);
  return shown === '' ? null : shown;
}
