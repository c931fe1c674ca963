import type { PregAddress, PregPerson } from '../../person/preg-person.js';
import { blankText, type BlankStringAs } from './blank-text.js';
import type { DataRecord } from '../../contract/preg-xml/data-value.js';
import { isInt } from '../../contract/preg-xml/primitive-text.js';

/**
 * A person as the contract's `Person` (contract 1.5), with the addresses in it. Pure: what a client may not see, and what a
 * protected address hides, is blank already.
 */
export function personRecord(person: PregPerson, blankStringAs: BlankStringAs): DataRecord {
  const text = blankText(blankStringAs);
  return {
    Addresses: person.addresses.map((address) => addressRecord(address, blankStringAs)),
    Citizenship: text(person.citizenship),
    CitizenshipCode: text(person.citizenshipCode),
    Custody: text(person.custody),
    DateCitizenship: person.dateCitizenship,
    DateCustody: person.dateCustody,
    DateMaritalStatus: person.dateMaritalStatus,
    DateOfBirth: person.dateOfBirth,
    DateParentalResponsibility: person.dateParentalResponsibility,
    DateStatus: person.dateStatus,
    DateWithoutLegalCapacity: person.dateWithoutLegalCapacity,
    DateWorkPermit: person.dateWorkPermit,
    DufNo: text(person.dufNo),
    FathersNIN: text(person.fathersNIN),
    GivenName: text(person.givenName),
    MaritalStatus: int(person.maritalStatus),
    MiddleName: text(person.middleName),
    MothersNIN: text(person.mothersNIN),
    NIN: text(person.nin),
    NewNIN: text(person.newNIN),
    OldNIN: text(person.oldNIN),
    ParentalResponsibility: int(person.parentalResponsibility),
    RegStatus: int(person.regStatus),
    Sn: text(person.sn),
    SpouseNIN: text(person.spouseNIN),
    StatusCountryCode: int(person.statusCountryCode),
    WithoutLegalCapacity: text(person.withoutLegalCapacity),
    WorkPermit: text(person.workPermit),
  };
}

/** An address as the contract's `Address` of 2018 (contract 1.6); the writer knows what 2016 has not. */
export function addressRecord(address: PregAddress, blankStringAs: BlankStringAs): DataRecord {
  const text = blankText(blankStringAs);
  return {
    AddressLine1: text(address.addressLine1),
    AddressLine2: text(address.addressLine2),
    AddressLine3: text(address.addressLine3),
    ApartmentNumber: text(address.apartmentNumber),
    BasicStatisticalUnit: int(address.basicStatisticalUnit),
    CadastralNumber: text(address.cadastralNumber),
    CoAddress: text(address.coAddress),
    Constituency: text(address.constituency),
    Country: text(address.country),
    CurrentAddress: address.currentAddress,
    DateAdrFrom: address.dateAdrFrom,
    DatePostalType: address.datePostalType,
    DistrictCode: text(address.districtCode),
    DistrictName: text(address.districtName),
    HouseLetter: text(address.houseLetter),
    HouseNumber: int(address.houseNumber),
    Municipality: text(address.municipality),
    NIN: text(address.nin),
    PostalAddress: text(address.postalAddress),
    PostalAddressValidFrom: address.postalAddressValidFrom,
    PostalCode: text(address.postalCode),
    PostalPlace: text(address.postalPlace),
    PostalType: int(address.postalType),
    PropertyNumber: text(address.propertyNumber),
    SchoolDistrict: text(address.schoolDistrict),
    St: text(address.st),
    StreetName: text(address.streetName),
    StreetNumber: text(address.streetNumber),
    XCoord: address.xCoord,
    YCoord: address.yCoord,
  };
}

/** A number that .NET's int cannot hold is blank: one odd value must not cost the whole answer. */
function int(value: number | null): number | null {
  return value !== null && isInt(value) ? value : null;
}
