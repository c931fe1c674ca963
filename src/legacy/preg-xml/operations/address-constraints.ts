import { InvalidQuery } from '../../../errors/errors.js';
import type { CalendarDate } from '../../../person/calendar-date.js';
import { parseNorwegianTime } from '../../../contract/preg-xml/norwegian-time.js';
import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';

/** Which addresses GetAddressesAdvanced asks for. */
export interface AddressConstraints {
  readonly on: CalendarDate | undefined;
  /** The one value of the address's flag that is wanted; undefined for both. */
  readonly isCurrent: boolean | undefined;
  /** How many constraints go by names that are not known (Q12). */
  readonly unknown: number;
}

/** What the known keys say; what PREG knew is not public (Q12). */
const readers = {
  date: (text: string): CalendarDate | undefined => parseNorwegianTime(text)?.day,
  currentaddress: (text: string): boolean | undefined => flags.get(text.toLowerCase()),
} as const;

/** .NET writes a flag with a capital, XML without. */
const flags: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/**
 * Reads `SearchConstraints`. Keys are compared without regard to case; a key without a value constrains nothing.
 * @throws InvalidQuery for a value that a known key cannot have, and for two values that differ
 */
export function addressConstraints(pairs: readonly (ReadRecord | null)[]): AddressConstraints {
  const given = pairs.flatMap((pair) => {
    const value = (pair?.text('value') ?? '').trim();
    const key = (pair?.text('key') ?? '').trim();
    return value === '' ? [] : [{ key: key.toLowerCase(), value }];
  });
  const valuesOf = (known: keyof typeof readers): readonly string[] =>
    given.filter(({ key }) => key === known).map(({ value }) => value);
  return {
    on: only('Date', valuesOf('date'), readers.date),
    isCurrent: only('CurrentAddress', valuesOf('currentaddress'), readers.currentaddress),
    unknown: given.filter(({ key }) => !(key in readers)).length,
  };
}

function only<Value>(
  key: string,
  texts: readonly string[],
  read: (text: string) => Value | undefined,
): Value | undefined {
  const values = texts.map((text) => {
    const value = read(text);
    if (value === undefined)
      throw new InvalidQuery(`SearchConstraints ${key}`, 'has a value of another kind');
    return value;
  });
  const [value, ...more] = new Set(values);
  if (more.length > 0) throw new InvalidQuery(`SearchConstraints ${key}`, 'has two values that differ');
  return value;
}
