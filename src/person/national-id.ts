/**
 * National identity numbers as text: they keep their leading zeros and are never repaired.
 * Sources: preg-hl7v3 5.2 and 6, preg-xml-filematch-hl7v2 4.8, Safety S6.
 */

declare const nationalId: unique symbol;

/** Eleven digits, or twelve for a DUF number. Whether the check digits fit is another question. */
export type NationalId = string & { readonly [nationalId]: true };

/** The kinds of number that PREG's clients ask by. */
export const NationalIdKind = {
  /** Fødselsnummer, given by the National Population Register. */
  NationalIdentityNumber: 'national-identity-number',
  /** D-number: day + 40, for people who are not resident. */
  DNumber: 'd-number',
  /** Felles hjelpenummer (FH-number): first digit 8 or 9, without meaning. */
  HelpNumber: 'help-number',
  /** DUF number of the immigration authorities, twelve digits. */
  DufNumber: 'duf-number',
} as const;
export type NationalIdKind = (typeof NationalIdKind)[keyof typeof NationalIdKind];

/** Whether the text has the form of a number that may be looked up: 11 digits, or 12 for DUF. */
export function isNationalId(text: string): text is NationalId {
  return /^[0-9]{11,12}$/.test(text);
}

/** The kind, by length and first digit alone, as PREG's own clients tell it. */
export function kindOf(id: NationalId): NationalIdKind {
  if (id.length === 12) return NationalIdKind.DufNumber;
  const first = id.charAt(0);
  if (first >= '8') return NationalIdKind.HelpNumber;
  if (first >= '4') return NationalIdKind.DNumber;
  return NationalIdKind.NationalIdentityNumber;
}

const FIRST_WEIGHTS = [3, 7, 6, 1, 8, 9, 4, 5, 2] as const;
const SECOND_WEIGHTS = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2] as const;

function weightedSum(digits: string, weights: readonly number[]): number {
  return weights.reduce((total, weight, index) => total + weight * Number(digits.charAt(index)), 0);
}

function checkDigit(digits: string, weights: readonly number[]): string | undefined {
  const digit = (11 - (weightedSum(digits, weights) % 11)) % 11;
  return digit === 10 ? undefined : String(digit);
}

/**
 * The two check digits for nine digits, by the modulus 11 rule in force until 2032;
 * undefined where the rule has none (such a number is never given out).
 */
export function checkDigitsFor(nineDigits: string): string | undefined {
  const first = checkDigit(nineDigits, FIRST_WEIGHTS);
  if (first === undefined) return undefined;
  const second = checkDigit(nineDigits + first, SECOND_WEIGHTS);
  return second === undefined ? undefined : first + second;
}

/**
 * Whether the check digits follow the rule in force until 2032. DUF numbers have no such rule and count as right.
 * For counting only: an interactive lookup is never refused by it (Safety S6).
 */
export function hasRegularCheckDigits(id: NationalId): boolean {
  return id.length === 12 || checkDigitsFor(id.slice(0, 9)) === id.slice(9);
}

/** What may remain of the first sum from 2032 on; until then nothing may. */
const MOST_REMAINING = 3;

/**
 * Whether the check digits follow the rule in force from 2032 (persontjenesten-api 11): the weighted sum of the first nine
 * digits and the first check digit leaves 0, 1, 2 or 3 modulo 11, that of all eleven leaves 0. Numbers of the rule before
 * are among these, and DUF numbers count as right.
 */
export function hasCheckDigitsFrom2032(id: NationalId): boolean {
  if (id.length === 12) return true;
  const first = weightedSum(id, [...FIRST_WEIGHTS, 1]);
  const second = weightedSum(id, [...SECOND_WEIGHTS, 1]);
  return first % 11 <= MOST_REMAINING && second % 11 === 0;
}
