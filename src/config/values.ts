import { z } from 'zod';
import { parsePasswordHash } from '../access/password-hash.js';
import { isCalendarDate } from '../person/calendar-date.js';
import { parseNetworkList } from '../runtime/network-list.js';

/**
 * The kinds of values that settings have. The message of each is what was expected, worded so that it fits after
 * "expected"; what was found is added by the loader, which knows what may be shown.
 */

const secrets = z.registry<{ readonly secret: true }>();

/** Whether the setting's value must never be printed; such a setting can also be read from a file. */
export function isSecret(schema: z.core.$ZodType): boolean {
  return secrets.has(schema);
}

/** Text that must not be empty. */
export function text(expected: string): z.ZodString {
  return z.string(expected).min(1, expected);
}

/** Text that must never be printed. A further check makes another schema of it, which has to be marked again. */
export function secretText(expected: string): z.ZodString {
  return text(expected).register(secrets, { secret: true });
}

/** A whole number within bounds, both included. */
export function wholeNumber(from: number, to: number, expected: string): z.ZodNumber {
  return z
    .int(`${expected}, a whole number from ${from} to ${to}`)
    .min(from, `${expected}, a whole number from ${from} to ${to}`)
    .max(to, `${expected}, a whole number from ${from} to ${to}`);
}

/** A port; 0 lets the operating system choose. */
export function port(): z.ZodNumber {
  return wholeNumber(0, 65_535, 'a port');
}

/** `true` or `false`. */
export function flag(): z.ZodBoolean {
  return z.boolean('true or false');
}

/** A version of Persontjenesten's API that is spoken. */
export function apiVersion(): z.ZodLiteral<2 | 3> {
  return z.literal([2, 3], '2 or 3');
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  words: Words,
): z.ZodEnum<{ [Word in Words[number]]: Word }> {
  return z.enum(words, `one of ${words.join(', ')}`);
}

/** A list. */
export function listOf<Item extends z.ZodType>(item: Item, expected: string): z.ZodArray<Item> {
  return z.array(item, expected);
}

/** The nine digits of an organisation, as text. */
export function organisationNumber(): z.ZodString {
  return z.string(nineDigits).regex(/^\d{9}$/, nineDigits);
}
const nineDigits = 'an organisation number of nine digits';

/** The first nine digits of a help number, as text: the first of them is 8 or 9. */
export function helpNumberStart(): z.ZodString {
  const expected = 'the first nine digits of a help number, which begins with 8 or 9';
  return z.string(expected).regex(/^[89]\d{8}$/, expected);
}

/** An address with https and without credentials, query and fragment. */
export function httpsAddress(): z.ZodString {
  const expected = 'an address that begins with https:// and has no user name, query or fragment';
  return z.string(expected).refine((value) => isPlainAddress(value, ['https:']), expected);
}

/** An address with http or https and without credentials, query and fragment. */
export function webAddress(): z.ZodString {
  const expected = 'an address that begins with https:// or http:// and has no user name, query or fragment';
  return z.string(expected).refine((value) => isPlainAddress(value, ['https:', 'http:']), expected);
}

/** A share of a hundred, with up to three decimals. */
export function percentage(): z.ZodNumber {
  const expected = 'a percentage from 0 to 100, such as 0.1';
  return z.number(expected).min(0, expected).max(100, expected);
}

/** A day as `YYYY-MM-DD`. */
export function day(): z.ZodString {
  const expected = 'a day such as 2022-12-31';
  return z.string(expected).refine(isCalendarDate, expected);
}

/** A time of day as `HH:MM`. */
export function timeOfDay(): z.ZodString {
  const expected = 'a time of day such as 20:30, in quotes';
  return z.string(expected).regex(/^([01]\d|2[0-3]):[0-5]\d$/, expected);
}

/** An IP address, or a network as `10.1.0.0/16`. */
export function network(): z.ZodString {
  const expected = 'an IP address, or a network such as 10.1.0.0/16';
  return z.string(expected).refine((value) => parseNetworkList([value]) !== undefined, expected);
}

/** The SHA-256 of a certificate in hexadecimal, with or without colons, as `openssl x509 -fingerprint -sha256` prints it. */
export function fingerprint(): z.ZodString {
  const expected = 'the SHA-256 of a certificate, in 64 hexadecimal digits';
  return z.string(expected).regex(/^[0-9a-f]{2}(?::?[0-9a-f]{2}){31}$/i, expected);
}

/** 256 bits of key, written in base64. */
export function key256(): z.ZodPipe<z.ZodString, z.ZodTransform<Uint8Array, string>> {
  const expected = '32 random octets in base64 (openssl rand -base64 32)';
  return secretText(expected).transform((value, context) => {
    const key = Buffer.from(value, 'base64');
    if (key.length === 32 && key.toString('base64') === value) return new Uint8Array(key);
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

/** A password hash as `preg-adapter hash-password` prints it; stays text. */
export function passwordHash(): z.ZodString {
  const expected = 'a password hash as preg-adapter hash-password prints it';
  return text(expected)
    .refine((value) => parsePasswordHash(value) !== undefined, expected)
    .register(secrets, { secret: true });
}

/** A sealed password as `preg-adapter seal-password` prints it; stays text. Opened by who has the keys. */
export function sealedPassword(): z.ZodString {
  const expected = 'a sealed password as preg-adapter seal-password prints it';
  return text(expected)
    .refine((value) => Buffer.from(value, 'base64').toString('base64') === value, expected)
    .register(secrets, { secret: true });
}

function isPlainAddress(value: string, schemes: readonly string[]): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return (
    schemes.includes(url.protocol) &&
    url.username === '' &&
    url.password === '' &&
    !value.includes('?') &&
    !value.includes('#')
  );
}
