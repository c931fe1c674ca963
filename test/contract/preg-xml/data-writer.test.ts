import { expect } from 'chai';
import { identityChangeRecord } from '../../../src/legacy/preg-xml/identity-change-record.js';
import { personRecord } from '../../../src/legacy/preg-xml/person-record.js';
import { searchResultRecord } from '../../../src/legacy/preg-xml/search-result-record.js';
import { operationOf } from '../../../src/contract/preg-xml/contract.js';
import { ContractWriteError } from '../../../src/contract/preg-xml/contract-write-error.js';
import type { DataRecord, DataValue } from '../../../src/contract/preg-xml/data-value.js';
import { requestBody } from '../../../src/contract/preg-xml/data-writer.js';
import { writeXml } from '../../../src/xml/writer.js';
import { dayIn, pregAddress, pregPerson } from '../../support/preg-person.js';
import { contracts, replyText } from '../../support/preg-xml.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const instance = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"';
const data = 'http://schemas.datacontract.org/2004/07/NHN.Contracts.Data';
const number = syntheticNumber();

describe('writing Personregister-XML', () => {
  it('puts members in the order of the contract, whatever their order in the value', () => {
    const record = { OldNIN: null, NIN: number, DateStatus: '2025-10-14' };
    expect(replyText('GetIdentityChanges', [record])).to.equal(
      '<GetIdentityChangesResponse xmlns="http://register.nhn.no/PR">' +
        `<GetIdentityChangesResult ${instance}><IdentityChange>` +
        `<DateStatus>2025-10-14T00:00:00</DateStatus><NIN>${number}</NIN><OldNIN i:nil="true"/>` +
        '</IdentityChange></GetIdentityChangesResult></GetIdentityChangesResponse>',
    );
  });

  it('writes nobody as nil', () => {
    expect(replyText('GetPerson', null)).to.equal(
      `<GetPersonResponse xmlns="http://register.nhn.no/PR"><GetPersonResult i:nil="true" ${instance}/></GetPersonResponse>`,
    );
  });

  it('gives members of NHN’s data their prefix, and people inside of them none', () => {
    const page = { persons: [pregPerson()], page: 1, resultsPerPage: 20, totalResults: 1 };
    const text = replyText('Search', searchResultRecord(page, 'nil'));
    expect(text).to.contain(`<SearchResult xmlns:b="${data}" ${instance}><b:Persons><Person><Addresses/>`);
    expect(text).to.contain('</Person></b:Persons><b:Status><b:Code>0</b:Code>');
    expect(text.match(/xmlns/g)).to.have.length(3);
  });

  it('writes requests in the same way', () => {
    const parameters = { Date: null, NIN: number };
    const body = requestBody(operationOf(contracts['2018'], 'GetPerson'), { parameters });
    expect(writeXml(body)).to.equal(
      '<GetPerson xmlns="http://register.nhn.no/PR">' +
        `<parameters xmlns:b="${data}" ${instance}><b:Date i:nil="true"/><b:NIN>${number}</b:NIN></parameters></GetPerson>`,
    );
  });

  it('gives every namespace on the way a prefix of its own', () => {
    const parameters = { ListOfNIN: [number], SearchConstraints: [{ key: 'Date', value: '' }] };
    const body = requestBody(operationOf(contracts['2018'], 'GetAddressesAdvanced'), { parameters });
    expect(writeXml(body)).to.contain(
      '<ListOfNIN xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays">' +
        `<b:string>${number}</b:string></ListOfNIN><SearchConstraints ` +
        'xmlns:b="http://schemas.datacontract.org/2004/07/System.Collections.Generic">' +
        '<b:KeyValuePairOfstringstring><b:key>Date</b:key><b:value/></b:KeyValuePairOfstringstring>',
    );
  });

  it('writes numbers, flags and days as .NET does', () => {
    const address = pregAddress({
      houseNumber: 12,
      currentAddress: false,
      dateAdrFrom: dayIn('2014-06-01'),
      xCoord: 6_643_010.25,
      yCoord: 1e-7,
    });
    const text = replyText('GetPerson', personRecord(pregPerson({ addresses: [address] }), 'nil'));
    for (const element of [
      '<HouseNumber>12</HouseNumber>',
      '<CurrentAddress>false</CurrentAddress>',
      '<DateAdrFrom>2014-06-01T00:00:00</DateAdrFrom>',
      '<XCoord>6643010.25</XCoord>',
      '<YCoord>0</YCoord>',
    ]) {
      expect(text).to.contain(element);
    }
  });

  it('leaves out what version 2016 has not', () => {
    const record = personRecord(pregPerson({ addresses: [pregAddress()] }), 'nil');
    const address = /<Address>.*<\/Address>/.exec(replyText('GetPerson', record, contracts['2016']))?.[0];
    expect(address).to.contain('<PostalAddress ').and.not.to.contain('NIN').and.not.to.contain('Basic');
    expect(address?.match(/<[A-Z]/g)).to.have.length(29);
    expect(() => operationOf(contracts['2016'], 'GetAddressesAdvanced')).to.throw('GetAddressesAdvanced');
  });

  describe('refuses', () => {
    const change = identityChangeRecord({ dateStatus: null, nin: number, oldNIN: null }, 'nil');
    const status = (changed: DataRecord): DataValue => ({
      Persons: [],
      Status: {
        Code: 0,
        CurrentPage: 1,
        Message: null,
        Reason: null,
        ResultsPerPage: 1,
        TotalPages: 0,
        TotalResults: 0,
        ...changed,
      },
    });
    const address = (changed: DataRecord): DataValue => ({
      ...personRecord(pregPerson(), 'nil'),
      Addresses: [{ ...personRecord(pregPerson({ addresses: [pregAddress()] }), 'nil'), ...changed }],
    });
    const secret = 'SECRET';
    for (const [what, problem, operation, value] of [
      [
        'a member that the type does not have',
        'unknown-member',
        'GetIdentityChanges',
        [{ ...change, [secret]: 1 }],
      ],
      ['the members of another type', 'unknown-member', 'GetPerson', address({})],
      ['a member that is missing', 'missing', 'GetIdentityChanges', [{ NIN: secret }]],
      ['nil where the type forbids it', 'not-nillable', 'Search', status({ Code: null })],
      ['a number for a text', 'not-a-value', 'GetIdentityChanges', [{ ...change, NIN: 12_345_678_901 }]],
      ['a text for a number', 'not-a-value', 'Search', status({ Code: secret })],
      ['a broken number for a whole one', 'not-a-value', 'Search', status({ Code: 0.5 })],
      ['a number beyond .NET’s int', 'not-a-value', 'Search', status({ Code: 2 ** 31 })],
      ['a text that is no day', 'not-a-value', 'GetIdentityChanges', [{ ...change, DateStatus: secret }]],
      [
        'a date-time for a day',
        'not-a-value',
        'GetIdentityChanges',
        [{ ...change, DateStatus: '2025-10-14T00:00:00' }],
      ],
      ['a record for a list', 'not-a-value', 'GetIdentityChanges', change],
      ['a list for a record', 'not-a-value', 'GetPerson', []],
      ['a text for a record', 'not-a-value', 'GetPerson', secret],
      ['a list for a text', 'not-a-value', 'GetIdentityChanges', [{ ...change, NIN: [secret] }]],
    ] as const) {
      it(`${what}, without telling the value`, () => {
        expect(() => replyText(operation, value))
          .to.throw(ContractWriteError)
          .that.satisfies((error: ContractWriteError) => {
            expect(error.problem).to.equal(problem);
            expect(error.message).to.contain(`${operation}Response`).and.not.to.contain(secret);
            return true;
          });
      });
    }
  });
});
