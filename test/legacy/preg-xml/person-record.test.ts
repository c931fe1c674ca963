import { expect } from 'chai';
import { identityChangeRecord } from '../../../src/legacy/preg-xml/identity-change-record.js';
import {
  addressOfRecord,
  personOfRecord,
} from '../../../src/registry/preg/personregister/person-of-record.js';
import { addressRecord, personRecord } from '../../../src/legacy/preg-xml/person-record.js';
import { searchResultRecord } from '../../../src/legacy/preg-xml/search-result-record.js';
import { dayIn, pregAddress, pregPerson } from '../../support/preg-person.js';
import { contracts, readReply, replyText } from '../../support/preg-xml.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const number = syntheticNumber();

describe('people in Personregister-XML', () => {
  for (const [name, record] of [
    ['Person', personRecord(pregPerson(), 'nil')],
    ['Address', addressRecord(pregAddress(), 'nil')],
    ['IdentityChange', identityChangeRecord({ dateStatus: null, nin: number, oldNIN: null }, 'nil')],
  ] as const) {
    it(`have every member of ${name} and no other`, () => {
      const type = contracts['2018'].types.get(name);
      const members = type?.kind === 'record' ? type.members.map((member) => member.name) : [];
      expect(members).not.to.deep.equal([]);
      expect(Object.keys(record)).to.have.members(members);
    });
  }

  it('have each field under the name that PREG gave it', () => {
    const given = { ...pregPerson(), ...numbered(pregPerson()) };
    for (const [member, value] of Object.entries(personRecord(given, 'nil'))) {
      if (member !== 'Addresses') expect(value, member).to.equal(fieldOf(given, member));
    }
    const place = { ...pregAddress(), ...numbered(pregAddress()) };
    for (const [member, value] of Object.entries(addressRecord(place, 'nil'))) {
      expect(value, member).to.equal(fieldOf(place, member));
    }
  });

  it('have nil for what is blank, or empty texts where texts are', () => {
    const asNil = replyText('GetPerson', personRecord(pregPerson({ addresses: [pregAddress()] }), 'nil'));
    const asEmpty = replyText('GetPerson', personRecord(pregPerson({ addresses: [pregAddress()] }), 'empty'));
    expect(asNil).to.contain('<GivenName i:nil="true"/>').and.contain('<St i:nil="true"/>');
    expect(asEmpty).to.contain('<GivenName/>').and.contain('<St/>');
    for (const text of [asNil, asEmpty]) {
      expect(text).to.contain('<RegStatus i:nil="true"/>').and.contain('<DateOfBirth i:nil="true"/>');
      expect(text).to.contain('<CurrentAddress>true</CurrentAddress>');
    }
  });

  it('have nil for a number that the contract cannot hold', () => {
    const address = pregAddress({ houseNumber: 12_345_678_901, basicStatisticalUnit: 0.5, postalType: 0 });
    expect(addressRecord(address, 'nil')).to.include({
      HouseNumber: null,
      BasicStatisticalUnit: null,
      PostalType: 0,
    });
  });

  it('are found in pages, with the totals of all of them', () => {
    const page = { persons: [pregPerson()], page: 3, resultsPerPage: 20, totalResults: 41 };
    expect(searchResultRecord(page, 'nil')['Status']).to.deep.equal({
      Code: 0,
      CurrentPage: 3,
      Message: 'OK',
      Reason: null,
      ResultsPerPage: 20,
      TotalPages: 3,
      TotalResults: 41,
    });
    const nobody = searchResultRecord({ persons: [], page: 1, resultsPerPage: 20, totalResults: 0 }, 'nil');
    expect(nobody['Status']).to.include({ TotalPages: 0, TotalResults: 0 });
    expect(replyText('Search', nobody)).to.contain('<b:Persons/><b:Status><b:Code>0</b:Code>');
  });

  it('change their numbers', () => {
    const change = { dateStatus: dayIn('2025-10-14'), nin: number, oldNIN: syntheticNumber(1) };
    expect(identityChangeRecord(change, 'nil')).to.deep.equal({
      DateStatus: '2025-10-14',
      NIN: number,
      OldNIN: syntheticNumber(1),
    });
  });
});

describe('people read from Personregister-XML', () => {
  const read = (content: string): ReturnType<typeof personOfRecord> => {
    const reply = `<GetPersonResponse xmlns="http://register.nhn.no/PR"><GetPersonResult>${content}</GetPersonResult></GetPersonResponse>`;
    const record = readReply('GetPerson', reply).record('GetPersonResult');
    return record === null ? undefined : personOfRecord(record);
  };

  it('have blanks for empty texts and for members that are not there', () => {
    expect(read(`<GivenName/><NIN>${number}</NIN>`)).to.deep.equal(pregPerson({ nin: number }));
  });

  it('are nobody without a usable number', () => {
    expect(read('<GivenName>KARI</GivenName>')).to.equal(undefined);
    expect(read('<NIN>1234</NIN>')).to.equal(undefined);
  });

  it('own the addresses that do not tell whose they are', () => {
    const person = read(`<Addresses><Address><St>0301</St></Address></Addresses><NIN>${number}</NIN>`);
    expect(person?.addresses).to.deep.equal([
      pregAddress({ nin: number, st: '0301', currentAddress: false }),
    ]);
  });

  it('may be asked for addresses alone', () => {
    const text = replyText(
      'GetAddresses',
      [addressRecord(pregAddress({ st: '0301' }), 'nil')],
      contracts['2016'],
    );
    const [record] = readReply('GetAddresses', text, contracts['2016']).records('GetAddressesResult') ?? [];
    const address = record && addressOfRecord(record, syntheticNumber(2));
    expect(address).to.deep.equal(pregAddress({ st: '0301', nin: syntheticNumber(2) }));
  });
});

/** PREG's name of a field in camelCase is the member's; NIN alone is all lower case. */
function fieldOf(source: object, member: string): unknown {
  const name = member === 'NIN' ? 'nin' : member.charAt(0).toLowerCase() + member.slice(1);
  return Object.entries(source).find(([field]) => field === name)?.[1];
}

/** A different number for every blank field, so that no two can be taken for one another. */
function numbered(source: object): object {
  return Object.fromEntries(
    Object.entries(source)
      .filter(([, value]) => value === null)
      .map(([field], index) => [field, index]),
  );
}
