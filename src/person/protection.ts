import type { PregPerson } from './preg-person.js';

/** PREG's address codes (PostalType) that hide the address (preg-xml-filematch-hl7v2 4.2, "Decided" 4). */
export const ProtectedPostalType = {
  /** Klientadresse: the address itself reveals an institution. */
  ClientAddress: 4,
  /** Strengt fortrolig. */
  StrictlyConfidential: 6,
  /** Fortrolig. */
  Confidential: 7,
} as const;
export type ProtectedPostalType = (typeof ProtectedPostalType)[keyof typeof ProtectedPostalType];

/** Whether an address code hides the address. */
export function isProtected(postalType: number | null): postalType is ProtectedPostalType {
  return postalType === 4 || postalType === 6 || postalType === 7;
}

/** The protected address code that the person carries today; null for a person without protection. */
export function protectionOf(person: PregPerson): ProtectedPostalType | null {
  for (const { postalType } of person.addresses) {
    if (isProtected(postalType)) return postalType;
  }
  return null;
}

/**
 * Fields that are blank, so many, or stumbled over by protection too. Which of them are, and how many, tells who is protected even where
 * no reason does.
 */
const TELLS_OF_PROTECTION = /^(?:addresses|telecoms|dateRegistered)\b/;

/** Whether what became of a field, or of a row of the mapping, may tell that somebody is protected. */
export function tellsOfProtection(field: string): boolean {
  return TELLS_OF_PROTECTION.test(field);
}
