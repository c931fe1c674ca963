import type { NationalId } from '../person/national-id.js';
import type { MailingAddress, PregAddress, PregPerson } from '../person/preg-person.js';
import type { FieldValues } from './field-values.js';

/** The person whose fields the rows filled, without addresses. @throws TypeError where a row gives another kind of value */
export function personOf(nin: NationalId, fields: FieldValues): Omit<PregPerson, 'addresses'> {
  const gender = fields.text('gender');
  return {
    nin,
    newNIN: fields.text('newNIN'),
    oldNIN: fields.text('oldNIN'),
    supersededNINs: fields.nationalIds('supersededNINs'),
    alternativeNINs: fields.nationalIds('alternativeNINs'),
    dufNo: fields.text('dufNo'),
    givenName: fields.text('givenName'),
    middleName: fields.text('middleName'),
    sn: fields.text('sn'),
    dateName: fields.day('dateName'),
    dateOfBirth: fields.day('dateOfBirth'),
    gender: gender === 'F' || gender === 'M' ? gender : null,
    regStatus: fields.number('regStatus'),
    dateStatus: fields.day('dateStatus'),
    statusCountryCode: fields.number('statusCountryCode'),
    deceased: fields.flag('deceased'),
    dateOfDeath: fields.day('dateOfDeath'),
    maritalStatus: fields.number('maritalStatus'),
    dateMaritalStatus: fields.day('dateMaritalStatus'),
    spouseNIN: fields.text('spouseNIN'),
    mothersNIN: fields.text('mothersNIN'),
    fathersNIN: fields.text('fathersNIN'),
    childrensNINs: fields.list('childrensNINs'),
    custody: fields.text('custody'),
    dateCustody: fields.day('dateCustody'),
    parentalResponsibility: fields.number('parentalResponsibility'),
    dateParentalResponsibility: fields.day('dateParentalResponsibility'),
    citizenship: fields.text('citizenship'),
    citizenshipCode: fields.text('citizenshipCode'),
    dateCitizenship: fields.day('dateCitizenship'),
    citizenships: fields.list('citizenships'),
    telecoms: [],
    foreignIds: [],
    withoutLegalCapacity: fields.text('withoutLegalCapacity'),
    dateWithoutLegalCapacity: fields.day('dateWithoutLegalCapacity'),
    workPermit: fields.text('workPermit'),
    dateWorkPermit: fields.day('dateWorkPermit'),
  };
}

/** The address whose fields the rows filled. @throws TypeError where a row gives another kind of value */
export function addressOf(
  nin: NationalId,
  fields: FieldValues,
  origin: { readonly source: PregAddress['source']; readonly mailing: MailingAddress | null },
): PregAddress {
  return {
    nin,
    addressLine1: fields.text('addressLine1'),
    addressLine2: fields.text('addressLine2'),
    addressLine3: fields.text('addressLine3'),
    apartmentNumber: fields.text('apartmentNumber'),
    basicStatisticalUnit: fields.number('basicStatisticalUnit'),
    cadastralNumber: fields.text('cadastralNumber'),
    coAddress: fields.text('coAddress'),
    constituency: fields.text('constituency'),
    country: fields.text('country'),
    countryCode: fields.text('countryCode'),
    currentAddress: fields.flag('currentAddress') ?? true,
    dateAdrFrom: fields.day('dateAdrFrom'),
    datePostalType: fields.day('datePostalType'),
    districtCode: fields.text('districtCode'),
    districtName: fields.text('districtName'),
    houseLetter: fields.text('houseLetter'),
    houseNumber: fields.number('houseNumber'),
    municipality: fields.text('municipality'),
    postalAddress: fields.text('postalAddress'),
    postalAddressValidFrom: fields.day('postalAddressValidFrom'),
    postalCode: fields.text('postalCode'),
    postalPlace: fields.text('postalPlace'),
    postalType: fields.number('postalType'),
    propertyNumber: fields.text('propertyNumber'),
    schoolDistrict: fields.text('schoolDistrict'),
    st: fields.text('st'),
    streetName: fields.text('streetName'),
    streetNumber: fields.text('streetNumber'),
    xCoord: fields.number('xCoord'),
    yCoord: fields.number('yCoord'),
    ...origin,
  };
}
