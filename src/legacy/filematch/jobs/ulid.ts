import type { Clock } from '../../../runtime/clock.js';
import type { Random } from '../../../runtime/random.js';

/** Crockford's base 32: no I, L, O, U. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Digits of the time, and octets of randomness behind it (github.com/ulid/spec). */
const TIME_DIGITS = 10;
const RANDOM_OCTETS = 10;

/** A new job id: a ULID, 26 characters that sort by the millisecond in which they were made. */
export function newUlid(clock: Clock, random: Random): string {
  const time = BigInt(clock.now().getTime());
  const chance = random.bytes(RANDOM_OCTETS).reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
  return base32(time, TIME_DIGITS) + base32(chance, (RANDOM_OCTETS * 8) / 5);
}

/** Source of a pattern for a ULID as {@link newUlid} writes it. */
export const ULID = '[0-7][0-9A-HJKMNP-TV-Z]{25}';

const WHOLE = new RegExp(`^${ULID}$`);

/** Whether the text is a ULID as {@link newUlid} writes it. */
export function isUlid(text: string): boolean {
  return WHOLE.test(text);
}

/** When a ULID was made. */
export function madeAt(ulid: string): Date {
  return new Date(
    Array.from(ulid.slice(0, TIME_DIGITS)).reduce((sum, digit) => sum * 32 + DIGITS.indexOf(digit), 0),
  );
}

function base32(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest >>= 5n) text = DIGITS.charAt(Number(rest & 31n)) + text;
  return text;
}
