import { expect } from 'chai';
import { PersonFields } from '../../../../src/legacy/filematch/matching/person-fields.js';
import type { PregAddress, PregPerson } from '../../../../src/person/preg-person.js';
import {
  mappings,
  number,
  personFixtures,
  mapped,
  personWith,
  element,
  OWN_NUMBER,
  inUse,
} from '../../../support/person-documents.js';
import { dayIn, pregAddress, pregPerson } from '../../../support/preg-person.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const fields = new PersonFields(mappings);

function told(person: Partial<PregPerson>): ReturnType<PersonFields['of']> {
  return fields.of(pregPerson(person));
}

function toldAt(address: Partial<PregAddress>): ReturnType<PersonFields['of']> {
  return told({ addresses: [pregAddress(address)] });
}

describe('the fields of a person', () => {
  it('are all that the output record has', () => {
    const address = pregAddress({
      postalType: 0,
      datePostalType: dayIn('2014-06-01'),
      coAddress: 'C/O OLA',
      postalAddress: 'PRØVEVEIEN 12B',
      apartmentNumber: 'H0203',
      postalCode: '0484',
      postalPlace: 'OSLO',
      st: '0301',
      municipality: 'OSLO',
      districtCode: '0304',
      dateAdrFrom: dayIn('2014-06-02'),
      addressLine1: 'POSTBOKS 1',
      addressLine2: '0484 OSLO',
      addressLine3: 'TREDJE',
      country: 'NORGE',
    });
    const person = pregPerson({
      nin: syntheticNumber(),
      oldNIN: syntheticNumber(1),
      supersededNINs: [syntheticNumber(2)],
      newNIN: syntheticNumber(3),
      sn: 'ÆREKJÆR',
      givenName: 'KARI',
      middleName: 'LØV',
      dateOfBirth: dayIn('1981-03-12'),
      gender: 'F',
      regStatus: 3,
      dateStatus: dayIn('2019-09-01'),
      statusCountryCode: 106,
      maritalStatus: 2,
      dateMaritalStatus: dayIn('2012-08-18'),
      citizenshipCode: '000',
      spouseNIN: syntheticNumber(4),
      mothersNIN: syntheticNumber(5),
      fathersNIN: syntheticNumber(6),
      custody: 'D',
      addresses: [address],
    });
    expect(fields.of(person)).to.deep.equal({
      nin: syntheticNumber(),
      idType: 'FNR',
      oldNin: syntheticNumber(1),
      surname: 'ÆREKJÆR',
      givenName: 'KARI',
      middleName: 'LØV',
      dateOfBirth: '1981-03-12',
      sex: 'K',
      regStatus: '3',
      regStatusDate: '2019-09-01',
      statusCountry: '106',
      maritalStatus: '2',
      maritalStatusDate: '2012-08-18',
      citizenship: '000',
      postalType: '0',
      postalTypeDate: '2014-06-01',
      coAddress: 'C/O OLA',
      postalAddress: 'PRØVEVEIEN 12B',
      apartmentNumber: 'H0203',
      postalCode: '0484',
      postalPlace: 'OSLO',
      municipality: '0301',
      municipalityName: 'OSLO',
      districtCode: '0304',
      addressFrom: '2014-06-02',
      addressLine1: 'POSTBOKS 1',
      addressLine2: '0484 OSLO',
      addressLine3: 'TREDJE',
      postalCountry: '000',
      spouseNin: syntheticNumber(4),
      mothersNin: syntheticNumber(5),
      fathersNin: syntheticNumber(6),
      custody: 'D',
    });
  });

  it('are the number alone of a person of whom nothing is told', () => {
    expect(told({})).to.deep.equal({ nin: syntheticNumber(), idType: 'FNR' });
  });

  it('name the kind of number', () => {
    expect(told({ nin: number('41815010000') })).to.include({ idType: 'DNR' });
    expect(told({ nin: number('80000041770') })).to.include({ idType: 'FHN' });
    expect(told({ nin: number('209900000417') })).to.include({ idType: 'UKJ' });
  });

  it('have the newest former number where nothing tells which gave way', () => {
    expect(told({ supersededNINs: [syntheticNumber(2), syntheticNumber(3)] })).to.include({
      oldNin: syntheticNumber(2),
    });
  });

  it('write sexes and countries by their lists', () => {
    expect(told({ gender: 'M' })).to.include({ sex: 'M' });
    expect(told({ statusCountryCode: 0 })).to.include({ statusCountry: '000' });
    expect(fields.sexOf(pregPerson())).to.equal('');
  });

  it('tell the country of the mailing address, and of no other', () => {
    const mailing = {
      lines: [],
      postalCode: null,
      postalPlace: null,
      countryCode: 'SWE',
      isForeignStay: false,
    };
    expect(toldAt({ addressLine1: 'TESTGATAN 1', mailing, country: 'SVERIGE' })).to.include({
      postalCountry: '106',
    });
    expect(toldAt({ addressLine1: 'TESTGATAN 1', country: 'SVERIGE' }), 'by name').to.include({
      postalCountry: '106',
    });
    expect(
      toldAt({ addressLine1: 'X', mailing: { ...mailing, countryCode: null }, country: null }),
    ).to.not.have.property('postalCountry');
    expect(
      toldAt({ postalAddress: 'PRØVEVEIEN 1', country: 'NORGE', countryCode: 'NOR' }),
    ).to.not.have.property('postalCountry');
  });

  it('tell of the address that holds today', () => {
    const former = pregAddress({ currentAddress: false, postalCode: '5003' });
    expect(told({ addresses: [former] })).to.not.have.property('postalCode');
    expect(told({ addresses: [former, pregAddress({ postalCode: '0484' })] })).to.include({
      postalCode: '0484',
    });
  });

  it('have of a protected address what PREG had: the label, and of code 6 the open postal lines', () => {
    const protect = (level: string): Readonly<Record<string, string | undefined>> =>
      fields.of(
        personWith({
          norwegianIdentificationNumber: [inUse(OWN_NUMBER)],
          addressProtection: [element({ protectionLevel: level })],
          residentialAddress: [
            element({
              addressConfidentiality: level,
              streetAddress: {
                addressName: 'Hemmeligveien',
                municipalityNumber: '0301',
                city: { cityName: 'Oslo', postalCode: '0484' },
              },
            }),
          ],
        }),
      );
    const shown = protect('Confidential');
    expect(shown).to.include({ postalType: '7', postalAddress: 'Sperret adr. fortrolig' });
    for (const level of ['Confidential', 'StrictlyConfidential', 'ClientAddress', 'Whatever']) {
      expect(JSON.stringify(protect(level)), level).to.not.match(/HEMMELIG|0484|0301|OSLO/i);
    }
  });

  it('fit the record for every person of the fixtures', () => {
    const lengths = {
      nin: 11,
      oldNin: 11,
      sex: 1,
      regStatus: 1,
      statusCountry: 3,
      maritalStatus: 1,
      citizenship: 3,
      postalType: 1,
      postalCode: 4,
      municipality: 4,
      districtCode: 4,
      postalCountry: 3,
      spouseNin: 11,
      mothersNin: 11,
      fathersNin: 11,
      custody: 1,
    };
    for (const { document } of personFixtures('persons')) {
      const row = fields.of(mapped(document, { fill: 'rich' }).person);
      for (const [field, length] of Object.entries(lengths)) {
        const value = new Map(Object.entries(row)).get(field);
        if (value !== undefined) expect(value, field).to.have.length(length);
      }
    }
  });

  it('cannot be told without the tables', () => {
    expect(() => new PersonFields({ ...mappings, codes: new Map() })).to.throw('identification-number-kind');
  });
});
