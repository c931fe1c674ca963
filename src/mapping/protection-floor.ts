/** What no change of mappings/ may take away from address protection (Safety S1). */
import { ProtectedPostalType } from '../person/protection.js';
import { codeTableFile, type CodeTable } from './code-table.js';
import { InvalidMapping } from './data-file.js';

/** The part that is asked for with every part that holds an address. */
const PROTECTION_PART = 'AddressProtection';

const ADDRESS_PARTS = [
  'ResidentialAddress',
  'PresentAddress',
  'SharedResidence',
  'PostalAddress',
  'ForeignPostalAddress',
  'PreferredContactAddress',
  'StayOnSvalbard',
  'ResiduaryEstateContactInformation',
] as const;

const CONFIDENTIALITY_LISTS = [
  'residentialAddress',
  'presentAddress',
  'sharedResidence',
  'postalAddress',
  'foreignPostalAddress',
  'preferredContactAddress',
] as const;

/** The highest level, which an unknown one counts as. */
export const STRICTEST = 'StrictlyConfidential';

/** Levels from low to high, each with the address codes that are no looser than it. */
const LEVELS = [
  ['ClientAddress', Object.values(ProtectedPostalType)],
  ['Confidential', [ProtectedPostalType.Confidential, ProtectedPostalType.StrictlyConfidential]],
  [STRICTEST, [ProtectedPostalType.StrictlyConfidential]],
] as const;

/** The one level that protects nothing. */
export const UNPROTECTED = 'Unclassified';

/** The address parts, the protection part and the lists with levels that the field table names. */
export interface ProtectionNames {
  readonly addressParts: readonly string[];
  readonly protectionPart: string;
  readonly confidentialityPaths: readonly string[];
}

/** Holds the field table to the floor. @throws InvalidMapping */
export function assertProtectionNames(file: string, names: ProtectionNames): void {
  if (names.protectionPart !== PROTECTION_PART) {
    throw new InvalidMapping(file, `protectionPart has to be ${PROTECTION_PART}`);
  }
  assertHolds(file, 'addressParts', names.addressParts, ADDRESS_PARTS);
  assertHolds(file, 'confidentialityPaths', names.confidentialityPaths, CONFIDENTIALITY_LISTS);
}

function assertHolds(file: string, key: string, given: readonly string[], floor: readonly string[]): void {
  const lacking = floor.find((name) => !given.includes(name));
  if (lacking !== undefined) throw new InvalidMapping(file, `${key} lacks ${lacking}`);
}

/** Holds the table of protection levels to the floor. @throws InvalidMapping */
export function assertProtectionTable(table: CodeTable): void {
  let lower = 0;
  for (const [level, codes] of LEVELS) {
    const answer = table.find(level);
    if (answer?.kind !== 'mapped') throw invalid(table, level, 'has to protect');
    const { code, columns } = answer.entry;
    const rank = Number(columns['rank']);
    if (!codes.some((allowed) => allowed === code)) {
      throw invalid(table, level, `the code has to be ${codes.join(' or ')}`);
    }
    if (!(rank > lower)) throw invalid(table, level, `the rank has to be above ${lower}`);
    if (columns['label'] === undefined) throw invalid(table, level, 'there is no label');
    lower = rank;
  }
}

function invalid(table: CodeTable, level: string, problem: string): InvalidMapping {
  return new InvalidMapping(codeTableFile(table.name), `${level}: ${problem}`);
}
