import type { FieldTable } from '../../mapping/field-table.js';
import type { Fill } from '../../mapping/information-parts.js';
import { blankAddress } from '../../person/blank-address.js';
import { blankPerson } from '../../person/blank-person.js';
import { isCalendarDate, type CalendarDate } from '../../person/calendar-date.js';
import { checkDigitsFor, isNationalId, type NationalId } from '../../person/national-id.js';
import type { PregAddress, PregPerson } from '../../person/preg-person.js';
import { ProtectedPostalType } from '../../person/protection.js';

const DAY = dayIn('1950-01-01');
const TEXT = 'X';

/**
 * People of whom everything is told that a record can hold: one at large, one whose address is protected, one who is dead.
 * They are rendered to see where each field goes. Nobody has such numbers: the months of synthetic ones are 80 too many.
 */
export function toldPeople(): readonly PregPerson[] {
  const [nin, ...others] = numbers(10);
  const [newNIN, oldNIN, alternative, father, mother, spouse, child] = others;
  if (nin === undefined || oldNIN === undefined || alternative === undefined || child === undefined) {
    throw new RangeError('no synthetic number left');
  }
  const address: PregAddress = {
    addressLine1: TEXT,
    addressLine2: TEXT,
    addressLine3: TEXT,
    apartmentNumber: 'H0101',
    basicStatisticalUnit: 1,
    cadastralNumber: '1',
    coAddress: TEXT,
    constituency: '0001',
    country: 'NORGE',
    currentAddress: true,
    dateAdrFrom: DAY,
    datePostalType: DAY,
    districtCode: '0001',
    districtName: TEXT,
    houseLetter: 'A',
    houseNumber: 1,
    municipality: TEXT,
    nin,
    postalAddress: TEXT,
    postalAddressValidFrom: DAY,
    postalCode: '0001',
    postalPlace: TEXT,
    postalType: 0,
    propertyNumber: '1',
    schoolDistrict: '0001',
    st: '0001',
    streetName: TEXT,
    streetNumber: '00001',
    xCoord: 1,
    yCoord: 1,
    source: 'residential',
    countryCode: 'NOR',
    mailing: {
      lines: [TEXT],
      postalCode: '0001',
      postalPlace: TEXT,
      countryCode: 'SWE',
      isForeignStay: false,
    },
  };
  const open: PregPerson = {
    addresses: [address],
    citizenship: 'NORGE',
    citizenshipCode: '000',
    custody: 'D',
    dateCitizenship: DAY,
    dateCustody: DAY,
    dateMaritalStatus: DAY,
    dateOfBirth: DAY,
    dateParentalResponsibility: DAY,
    dateStatus: DAY,
    dateWithoutLegalCapacity: DAY,
    dateWorkPermit: DAY,
    dufNo: '195000000001',
    fathersNIN: father ?? null,
    givenName: TEXT,
    maritalStatus: 1,
    middleName: TEXT,
    mothersNIN: mother ?? null,
    nin,
    newNIN: newNIN ?? null,
    oldNIN,
    parentalResponsibility: 1,
    regStatus: 1,
    sn: TEXT,
    spouseNIN: spouse ?? null,
    statusCountryCode: 1,
    withoutLegalCapacity: 'J',
    workPermit: 'A',
    gender: 'F',
    deceased: false,
    dateOfDeath: null,
    dateName: DAY,
    dateRegistered: DAY,
    supersededNINs: [oldNIN],
    datesSuperseded: [DAY],
    alternativeNINs: [alternative],
    childrensNINs: [child],
    citizenships: ['NOR'],
    telecoms: [{ value: 'tel:+00', use: 'MC' }],
    foreignIds: [{ root: '1.2.3', extension: '1' }],
  };
  const labelled = { ...blankAddress, nin, postalAddress: TEXT, datePostalType: DAY };
  return [
    open,
    { ...open, addresses: [{ ...labelled, postalType: ProtectedPostalType.Confidential }] },
    { ...open, deceased: true, dateOfDeath: DAY },
  ];
}

/** The same people with what the register and the settings can fill of them; all else is blank for everybody. */
export function filledPeople(fields: FieldTable, fill: Fill): readonly PregPerson[] {
  const isFilled = (target: string): boolean =>
    fields.rows.some(
      (row) => row.target === target && 'sources' in row.rule && (fill === 'rich' || !row.richOnly),
    );
  const personBlanks: Partial<PregPerson> = Object.fromEntries(
    Object.entries(blankPerson).filter(([name]) => name !== 'addresses' && !isFilled(name)),
  );
  // Where the street fields come from, and what the lines are made of, comes with the address itself.
  const addressBlanks: Partial<PregAddress> = Object.fromEntries(
    Object.entries(blankAddress).filter(
      ([name]) => !['source', 'mailing'].includes(name) && !isFilled(`addresses.${name}`),
    ),
  );
  return toldPeople().map((person) => ({
    ...person,
    ...personBlanks,
    addresses: person.addresses.map((address) => ({ ...address, ...addressBlanks })),
  }));
}

function dayIn(text: string): CalendarDate {
  if (!isCalendarDate(text)) throw new RangeError('not a day');
  return text;
}

/** So many synthetic numbers. Not every nine digits have check digits. */
function numbers(count: number): readonly NationalId[] {
  const made: NationalId[] = [];
  for (let individual = 100; made.length < count && individual < 1000; individual += 1) {
    const nine = `018150${individual}`;
    const number = `${nine}${checkDigitsFor(nine) ?? ''}`;
    if (number.length === 11 && isNationalId(number)) made.push(number);
  }
  return made;
}
