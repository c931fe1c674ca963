import type { PregAddress } from '../../../person/preg-person.js';
import { ProtectedPostalType, protectionOf } from '../../../person/protection.js';
import type { SearchHit } from '../../search.js';

/** From the least to the strictest, as the register ranks them. */
const grades: readonly (ProtectedPostalType | null)[] = [
  null,
  ProtectedPostalType.ClientAddress,
  ProtectedPostalType.Confidential,
  ProtectedPostalType.StrictlyConfidential,
];

/** How strictly somebody is protected: 0 for not at all, and for nobody. */
export function protectionGrade(hit: SearchHit | undefined): number {
  return hit === undefined ? 0 : grades.indexOf(protectionOf(hit.person));
}

/**
 * Whether it shows that nothing protects somebody. That no protection is told proves nothing: the client's profile may hide
 * the addresses and the protection with them.
 */
export function isOpen(hit: SearchHit | undefined): boolean {
  return protectionGrade(hit) === 0 && hit?.person.addresses.some(isToldOpenly) === true;
}

/** Whether an address tells what it would not if it were protected. */
function isToldOpenly({ postalType, st, postalCode, streetName }: PregAddress): boolean {
  return postalType !== null || st !== null || postalCode !== null || streetName !== null;
}

/** Every number, in use or not, of the people among these whom something protects. */
export function protectedNumbers(hits: readonly SearchHit[]): ReadonlySet<string> {
  return new Set(hits.filter((hit) => protectionGrade(hit) > 0).flatMap(numbersOf));
}

/** The numbers that a person has or had. */
export function numbersOf({ person }: SearchHit): readonly string[] {
  const { nin, newNIN, oldNIN, supersededNINs, alternativeNINs } = person;
  const others = [newNIN, oldNIN].filter((number) => number !== null);
  return [nin, ...others, ...supersededNINs, ...alternativeNINs];
}
