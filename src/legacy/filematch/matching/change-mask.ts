import type { FieldGroup } from '../../../person/field-groups.js';
import type { PregAddress, PregPerson } from '../../../person/preg-person.js';
import { isProtected, protectionOf } from '../../../person/protection.js';
import type { InputRow } from '../record.js';
import { isSameText } from './same-text.js';

/** One position of the mask: equal or nothing to compare, differs, filled from the register, withheld. */
export type MaskValue = '0' | '1' | '2' | '3';

/** The mask of a row of which nothing is told. */
export const BLANK_MASK = '0'.repeat(12);

/** How the number in use stands to the one in the row. */
export type NumberFinding = 'same' | 'another' | 'found-by-search';

/** What a mask is made of. */
export interface MaskParts {
  readonly row: InputRow;
  readonly person: PregPerson;
  readonly number: NumberFinding;
  /** `M` or `K`, or empty where the register does not tell. */
  readonly sex: string;
  readonly visible: ReadonlySet<FieldGroup>;
}

/**
 * The twelve positions (preg-xml-filematch-hl7v2 2.6): id, surname, given name, middle name, birth date, sex, street line,
 * postal code, municipality, registration status, reserved, address protection.
 *
 * A field outside the client's profile is 3 whatever stands in the row and in the register; so are street line, postal code
 * and municipality of a protected address. A position is therefore 3 for everybody or for nobody, or tells no more than
 * position 12 does, and never depends on the value that it withholds.
 */
export function changeMask({ row, person, number, sex, visible }: MaskParts): string {
  const address = currentAddress(person);
  const ofGroup = (group: FieldGroup, value: () => MaskValue): MaskValue =>
    visible.has(group) ? value() : '3';
  const ofAddress = (told: string, known: string | null | undefined): MaskValue =>
    ofGroup('addresses', () => (protectionOf(person) === null ? compared(told, known ?? '') : '3'));
  const ofName = (told: string, known: string | null): MaskValue =>
    ofGroup('names', () => comparedName(told, known ?? '', person));
  return [
    numberValues[number],
    ofName(row.surname, person.sn),
    ofName(row.givenName, person.givenName),
    ofName(row.middleName, person.middleName),
    ofGroup('birth', () => compared(row.dateOfBirth ?? '', person.dateOfBirth ?? '')),
    ofGroup('gender', () => compared(row.sex, sex)),
    ofAddress(row.street, address?.postalAddress),
    ofAddress(row.postalCode, address?.postalCode),
    ofAddress(row.municipality, address?.st),
    ofGroup('status', () => (isOrdinary(person.regStatus) ? '0' : '1')),
    '0',
    ofGroup('addresses', () => (person.addresses.some(isMarked) ? '1' : '0')),
  ].join('');
}

/** The address that holds today. */
export function currentAddress(person: PregPerson): PregAddress | undefined {
  return person.addresses.find((address) => address.currentAddress);
}

const numberValues: Readonly<Record<NumberFinding, MaskValue>> = {
  same: '0',
  another: '1',
  'found-by-search': '2',
};

function compared(told: string, known: string): MaskValue {
  if (known === '') return '0';
  if (told === '') return '2';
  return isSameText(told, known) ? '0' : '1';
}

/** Whoever has a name in the register has no part of it that the register does not know: a blank one is blank. */
function comparedName(told: string, known: string, { sn, givenName, middleName }: PregPerson): MaskValue {
  const isNamed = [sn, givenName, middleName].some((part) => part !== null && part !== '');
  return known === '' && told !== '' && isNamed ? '1' : compared(told, known);
}

const RESIDENT = 1;

function isOrdinary(regStatus: number | null): boolean {
  return regStatus === null || regStatus === RESIDENT;
}

const NO_FIXED_ABODE = 5;

/** Protected, or without fixed abode. */
function isMarked({ postalType }: PregAddress): boolean {
  return isProtected(postalType) || postalType === NO_FIXED_ABODE;
}
