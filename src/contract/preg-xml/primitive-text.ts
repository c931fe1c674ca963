import { isCalendarDate } from '../../person/calendar-date.js';
import type { PrimitiveType } from './contract.js';
import type { DataValue } from './data-value.js';

const INT_MIN = -(2 ** 31);
const INT_MAX = 2 ** 31 - 1;
/** Beyond it neighbouring numbers of ours are too far apart to be decimals. */
const DECIMAL_LIMIT = 1e15;

/** Whether a whole number fits .NET's int. */
export function isInt(value: number): boolean {
  return Number.isInteger(value) && value >= INT_MIN && value <= INT_MAX;
}

/** A value as .NET writes it; undefined when it is not one of the type. */
export function primitiveText(type: PrimitiveType, value: DataValue): string | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 'int':
      // Adding zero takes the sign off negative zero, which .NET's int does not have.
      return typeof value === 'number' && isInt(value) ? String(value + 0) : undefined;
    case 'decimal':
      return typeof value === 'number' && Math.abs(value) < DECIMAL_LIMIT
        ? withoutExponent(value)
        : undefined;
    case 'dateTime':
      return typeof value === 'string' && isCalendarDate(value) ? `${value}T00:00:00` : undefined;
  }
}

/** Decimals have no exponent, which JavaScript writes below a millionth; so small a part of one is rounded away. */
function withoutExponent(value: number): string {
  const text = String(value + 0);
  return text.includes('e') ? String(Number(value.toFixed(6)) + 0) : text;
}
