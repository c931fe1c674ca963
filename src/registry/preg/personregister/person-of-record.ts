import { blankAddress } from '../../../person/blank-address.js';
import { blankPerson } from '../../../person/blank-person.js';
import type { CalendarDate } from '../../../person/calendar-date.js';
import { isNationalId, type NationalId } from '../../../person/national-id.js';
import type { PregAddress, PregPerson } from '../../../person/preg-person.js';
import type { ReadRecord } from '../../../contract/preg-xml/read-record.js';

/**
 * A person from the contract's `Person` (contract 1.5). What the contract has no member for is blank, and nothing is
 * derived. An empty text is blank, as PREG wrote it in some places. Undefined for a person without a usable number.
 */
export function personOfRecord(record: ReadRecord): PregPerson | undefined {
  const nin = numberIn(record);
  if (nin === undefined) return undefined;
  const addresses = record.records('Addresses') ?? [];
  return {
    ...blankPerson,
    addresses: addresses.flatMap((address) => (address === null ? [] : addressOfRecord(address, nin))),
    citizenship: text(record, 'Citizenship'),
    citizenshipCode: text(record, 'CitizenshipCode'),
    custody: text(record, 'Custody'),
    dateCitizenship: day(record, 'DateCitizenship'),
    dateCustody: day(record, 'DateCustody'),
    dateMaritalStatus: day(record, 'DateMaritalStatus'),
    dateOfBirth: day(record, 'DateOfBirth'),
    dateParentalResponsibility: day(record, 'DateParentalResponsibility'),
    dateStatus: day(record, 'DateStatus'),
    dateWithoutLegalCapacity: day(record, 'DateWithoutLegalCapacity'),
    dateWorkPermit: day(record, 'DateWorkPermit'),
    dufNo: text(record, 'DufNo'),
    fathersNIN: text(record, 'FathersNIN'),
    givenName: text(record, 'GivenName'),
    maritalStatus: record.number('MaritalStatus'),
    middleName: text(record, 'MiddleName'),
    mothersNIN: text(record, 'MothersNIN'),
    nin: nin,
    newNIN: text(record, 'NewNIN'),
    oldNIN: text(record, 'OldNIN'),
    parentalResponsibility: record.number('ParentalResponsibility'),
    regStatus: record.number('RegStatus'),
    sn: text(record, 'Sn'),
    spouseNIN: text(record, 'SpouseNIN'),
    statusCountryCode: record.number('StatusCountryCode'),
    withoutLegalCapacity: text(record, 'WithoutLegalCapacity'),
    workPermit: text(record, 'WorkPermit'),
  };
}

/**
 * An address from the contract's `Address` (contract 1.6), of either version.
 * @param owner whose address it is, where the record does not tell
 */
export function addressOfRecord(record: ReadRecord, owner: NationalId): PregAddress {
  return {
    ...blankAddress,
    addressLine1: text(record, 'AddressLine1'),
    addressLine2: text(record, 'AddressLine2'),
    addressLine3: text(record, 'AddressLine3'),
    apartmentNumber: text(record, 'ApartmentNumber'),
    basicStatisticalUnit: record.number('BasicStatisticalUnit'),
    cadastralNumber: text(record, 'CadastralNumber'),
    coAddress: text(record, 'CoAddress'),
    constituency: text(record, 'Constituency'),
    country: text(record, 'Country'),
    currentAddress: record.flag('CurrentAddress') ?? false,
    dateAdrFrom: day(record, 'DateAdrFrom'),
    datePostalType: day(record, 'DatePostalType'),
    districtCode: text(record, 'DistrictCode'),
    districtName: text(record, 'DistrictName'),
    houseLetter: text(record, 'HouseLetter'),
    houseNumber: record.number('HouseNumber'),
    municipality: text(record, 'Municipality'),
    nin: numberIn(record) ?? owner,
    postalAddress: text(record, 'PostalAddress'),
    postalAddressValidFrom: day(record, 'PostalAddressValidFrom'),
    postalCode: text(record, 'PostalCode'),
    postalPlace: text(record, 'PostalPlace'),
    postalType: record.number('PostalType'),
    propertyNumber: text(record, 'PropertyNumber'),
    schoolDistrict: text(record, 'SchoolDistrict'),
    st: text(record, 'St'),
    streetName: text(record, 'StreetName'),
    streetNumber: text(record, 'StreetNumber'),
    xCoord: record.number('XCoord'),
    yCoord: record.number('YCoord'),
  };
}

function numberIn(record: ReadRecord): NationalId | undefined {
  const number = text(record, 'NIN');
  return number !== null && isNationalId(number) ? number : undefined;
}

function text(record: ReadRecord, member: string): string | null {
  const value = record.text(member);
  return value === '' ? null : value;
}

/** What .NET sends for a date that a program never set. */
const NEVER_SET = '0001-01-01';

function day(record: ReadRecord, member: string): CalendarDate | null {
  const day = record.time(member)?.day ?? null;
  return day === NEVER_SET ? null : day;
}
