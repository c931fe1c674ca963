import fc from 'fast-check';
import type { PregAddress, PregPerson } from '../../src/person/preg-person.js';
import { dayIn, pregAddress, pregPerson } from './preg-person.js';
import { syntheticNumber } from './synthetic-number.js';

/** People with everything that Personregister-XML has a member for, and nothing else: what it carries both ways. */

/** Any character that XML can carry; never empty, which is the same as blank. */
const text = fc.oneof(
  fc.constantFrom('A', ' ', ' A\t', '\r\n', '<b>&amp;]]>', '"\'', 'ČÁPPA O’MYR', 'e\u0301', '𝒜', '0012'),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .filter((any) => /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]+$/u.test(any)),
);
const maybe = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.option(values, { nil: null });
const maybeText = maybe(text);
const maybeDay = maybe(
  fc.constantFrom(dayIn('1854-01-01'), dayIn('1950-12-31'), dayIn('1970-07-01'), dayIn('2024-02-29')),
);
const maybeInt = maybe(fc.oneof(fc.nat({ max: 9 }), fc.integer()));
/** Coordinates, to a micrometre. */
const maybeDecimal = maybe(
  fc.oneof(
    fc.constantFrom(0, 0.1, -1.5, 6_643_010.25, 0.000001),
    fc.integer().map((micrometres) => micrometres / 1_000_000),
  ),
);
const number = fc.nat({ max: 40 }).map(syntheticNumber);

/** Any address of the contract. */
export const anyAddress: fc.Arbitrary<PregAddress> = fc
  .record({
    addressLine1: maybeText,
    addressLine2: maybeText,
    addressLine3: maybeText,
    apartmentNumber: maybeText,
    basicStatisticalUnit: maybeInt,
    cadastralNumber: maybeText,
    coAddress: maybeText,
    constituency: maybeText,
    country: maybeText,
    currentAddress: fc.boolean(),
    dateAdrFrom: maybeDay,
    datePostalType: maybeDay,
    districtCode: maybeText,
    districtName: maybeText,
    houseLetter: maybeText,
    houseNumber: maybeInt,
    municipality: maybeText,
    nin: number,
    postalAddress: maybeText,
    postalAddressValidFrom: maybeDay,
    postalCode: maybeText,
    postalPlace: maybeText,
    postalType: maybeInt,
    propertyNumber: maybeText,
    schoolDistrict: maybeText,
    st: maybeText,
    streetName: maybeText,
    streetNumber: maybeText,
    xCoord: maybeDecimal,
    yCoord: maybeDecimal,
  })
  .map((known) => pregAddress({ ...known }));

/** Any person of the contract. */
export const anyPerson: fc.Arbitrary<PregPerson> = fc
  .record({
    addresses: fc.array(anyAddress, { maxLength: 3 }),
    citizenship: maybeText,
    citizenshipCode: maybeText,
    custody: maybeText,
    dateCitizenship: maybeDay,
    dateCustody: maybeDay,
    dateMaritalStatus: maybeDay,
    dateOfBirth: maybeDay,
    dateParentalResponsibility: maybeDay,
    dateStatus: maybeDay,
    dateWithoutLegalCapacity: maybeDay,
    dateWorkPermit: maybeDay,
    dufNo: maybeText,
    fathersNIN: maybeText,
    givenName: maybeText,
    maritalStatus: maybeInt,
    middleName: maybeText,
    mothersNIN: maybeText,
    nin: number,
    newNIN: maybeText,
    oldNIN: maybeText,
    parentalResponsibility: maybeInt,
    regStatus: maybeInt,
    sn: maybeText,
    spouseNIN: maybeText,
    statusCountryCode: maybeInt,
    withoutLegalCapacity: maybeText,
    workPermit: maybeText,
  })
  .map((known) => pregPerson(known));
