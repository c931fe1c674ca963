import { InvalidQuery } from '../../../errors/errors.js';
import { isNationalId, type NationalId } from '../../../person/national-id.js';
import type { MalformedNumber } from './answer-settings.js';

/**
 * The number in a text, white space around it left out: columns of fixed width have some. Check digits are not judged
 * (Safety S6). Undefined for what is none.
 * @param member what the contract calls the text
 * @throws InvalidQuery for what is none, where that is wanted
 */
export function askedNumber(
  text: string | null,
  member: string,
  malformed: MalformedNumber,
): NationalId | undefined {
  const number = (text ?? '').trim();
  if (isNationalId(number)) return number;
  if (malformed === 'fault')
    throw new InvalidQuery(member, 'not a number of 11 digits, or 12 for a DUF number');
  return undefined;
}

/**
 * The numbers in a list, each once and where it came first.
 * @throws InvalidQuery as {@link askedNumber}
 */
export function askedNumbers(
  texts: readonly (string | null)[],
  member: string,
  malformed: MalformedNumber,
): readonly NationalId[] {
  const numbers = texts.map((text) => askedNumber(text, member, malformed));
  return [...new Set(numbers.filter((number) => number !== undefined))];
}
