import { expect } from 'chai';
import { operationOf } from '../../../src/contract/preg-xml/contract.js';
import { readData } from '../../../src/contract/preg-xml/data-reader.js';
import { MalformedRequest } from '../../../src/errors/errors.js';
import { readXml } from '../../../src/xml/reader.js';
import { contracts, readRequest } from '../../support/preg-xml.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const number = syntheticNumber();
const data = 'http://schemas.datacontract.org/2004/07/NHN.Contracts.Data';

/** A request as a client of .NET writes it. */
function request(operation: string, content: string): string {
  return (
    `<${operation} xmlns="http://register.nhn.no/PR" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" ` +
    `xmlns:b="${data}" xmlns:r="http://schemas.microsoft.com/2003/10/Serialization/Arrays" ` +
    `xmlns:k="http://schemas.datacontract.org/2004/07/System.Collections.Generic">${content}</${operation}>`
  );
}

function search(content: string): ReturnType<typeof readRequest> | null {
  return readRequest('Search', request('Search', `<parameters>${content}</parameters>`)).record('parameters');
}

describe('reading Personregister-XML', () => {
  it('reads every kind of value', () => {
    const parameters = search(
      '<DateOfBirth> 1979-11-05T00:00:00\n</DateOfBirth><FirstName> PER </FirstName><Page>+2</Page>' +
        '<ResultsPerPage> 20 </ResultsPerPage><SearchFhNumberPersonsToo>1</SearchFhNumberPersonsToo>',
    );
    expect(parameters?.time('DateOfBirth')?.day).to.equal('1979-11-05');
    expect(parameters?.text('FirstName')).to.equal(' PER ');
    expect(parameters?.number('Page')).to.equal(2);
    expect(parameters?.number('ResultsPerPage')).to.equal(20);
    expect(parameters?.flag('SearchFhNumberPersonsToo')).to.equal(true);
  });

  it('takes nil and absent for the same', () => {
    const parameters = search(
      '<FirstName i:nil="true"/><Page i:nil=" 1 "/><ZipCode i:nil="false">0484</ZipCode>',
    );
    expect(parameters?.text('FirstName')).to.equal(null);
    expect(parameters?.text('LastName')).to.equal(null);
    expect(parameters?.number('Page')).to.equal(null);
    expect(parameters?.number('ResultsPerPage')).to.equal(null);
    expect(parameters?.flag('SearchFhNumberPersonsToo')).to.equal(null);
    expect(parameters?.time('DateOfBirth')).to.equal(null);
    expect(parameters?.text('ZipCode')).to.equal('0484');
    expect(readRequest('Search', request('Search', '')).record('parameters')).to.equal(null);
    expect(readRequest('GetPersons', request('GetPersons', '')).texts('listOfNIN')).to.equal(null);
  });

  it('tells what is nil from what is not there at all', () => {
    const parameters = search('<FirstName i:nil="true"/><LastName>LI</LastName><Gender>F</Gender>');
    expect(
      ['FirstName', 'LastName', 'ZipCode', 'Gender'].map((member) => parameters?.holds(member)),
    ).to.deep.equal([true, true, false, false]);
  });

  it('takes what is empty for nil where that is wanted, and a text for what it is', () => {
    const content =
      '<Page/><DateOfBirth> </DateOfBirth><SearchFhNumberPersonsToo></SearchFhNumberPersonsToo><LastName/>';
    const type = operationOf(contracts['2018'], 'Search').request;
    const element = readXml(request('Search', `<parameters>${content}</parameters>`));
    const parameters = readData(element, type, 'nil').record('parameters');
    expect([
      parameters?.number('Page'),
      parameters?.time('DateOfBirth'),
      parameters?.flag('SearchFhNumberPersonsToo'),
      parameters?.text('LastName'),
    ]).to.deep.equal([null, null, null, '']);
    expect(() => readData(element, type)).to.throw(MalformedRequest);
  });

  it('lets nil win over what stands beside it', () => {
    expect(search('<Page i:nil="true">two</Page>')?.number('Page')).to.equal(null);
  });

  it('skips members that it does not know, with what is in them', () => {
    const parameters = search(
      '<Gender>F</Gender><LastName>LI</LastName><x:LastName xmlns:x="urn:x"><a/>text</x:LastName>',
    );
    expect(parameters?.text('LastName')).to.equal('LI');
  });

  it('tells whether there were members that it does not know', () => {
    const unknownIn = (content: string): boolean | undefined => search(content)?.hasUnknownMembers;
    expect(unknownIn('<LastName>LI</LastName><Page i:nil="true"/>')).to.equal(false);
    expect(unknownIn('')).to.equal(false);
    expect(unknownIn('<LastName>LI</LastName><Gender>1</Gender>')).to.equal(true);
    expect(unknownIn('<Gender i:nil="true"/>')).to.equal(true);
    expect(unknownIn('<x:LastName xmlns:x="urn:x">LI</x:LastName>')).to.equal(true);
  });

  it('goes by the namespace of the type that declares a member', () => {
    const read = (content: string): string | null | undefined =>
      readRequest('GetPerson', request('GetPerson', `<parameters>${content}</parameters>`))
        .record('parameters')
        ?.text('NIN');
    expect(read(`<b:NIN>${number}</b:NIN>`)).to.equal(number);
    expect(read(`<NIN>${number}</NIN>`)).to.equal(null);
  });

  it('reads members in any order, so that no criterion is lost', () => {
    const parameters = search('<ZipCode>0484</ZipCode><Address>PRØVEVEIEN</Address>');
    expect([parameters?.text('ZipCode'), parameters?.text('Address')]).to.deep.equal(['0484', 'PRØVEVEIEN']);
  });

  it('reads lists of numbers, nil and empty ones included', () => {
    const list = `<listOfNIN><r:string>${number}</r:string><r:string i:nil="true"/><r:string/><x/></listOfNIN>`;
    expect(readRequest('GetPersons', request('GetPersons', list)).texts('listOfNIN')).to.deep.equal([
      number,
      null,
      '',
    ]);
    expect(readRequest('GetPersons', request('GetPersons', '<listOfNIN/>')).texts('listOfNIN')).to.deep.equal(
      [],
    );
  });

  it('reads key-value pairs', () => {
    const pair =
      '<k:KeyValuePairOfstringstring><k:key>Date</k:key><k:value>2020</k:value></k:KeyValuePairOfstringstring>';
    const content = `<parameters><SearchConstraints>${pair}</SearchConstraints></parameters>`;
    const parameters = readRequest('GetAddressesAdvanced', request('GetAddressesAdvanced', content));
    const pairs = parameters.record('parameters')?.records('SearchConstraints');
    expect(pairs?.map((read) => [read?.text('key'), read?.text('value')])).to.deep.equal([['Date', '2020']]);
  });

  it('does not know in version 2016 what came in 2018', () => {
    const read = (): unknown =>
      readRequest('GetAddressesAdvanced', request('GetAddressesAdvanced', ''), contracts['2016']);
    expect(read).to.throw('GetAddressesAdvanced');
  });

  it('tells an author who asks for another kind or another member', () => {
    const parameters = search('<Page>1</Page><LastName>LI</LastName>');
    expect(() => parameters?.text('Page')).to.throw(TypeError, 'Page');
    expect(() => parameters?.number('LastName')).to.throw(TypeError);
    expect(() => parameters?.records('LastName')).to.throw(TypeError);
    expect(() => parameters?.text('NIN')).to.throw(TypeError, 'NIN');
    expect(() => parameters?.text('__proto__')).to.throw(TypeError);
  });

  describe('refuses', () => {
    const secret = 'SECRET';
    for (const [what, content] of [
      ['a text for a number', `<Page>${secret}</Page>`],
      ['an empty number', '<Page/>'],
      ['a number with decimals', '<Page>1.0</Page>'],
      ['a number beyond .NET’s int', '<Page>2147483648</Page>'],
      ['a flag in another spelling', '<SearchFhNumberPersonsToo>True</SearchFhNumberPersonsToo>'],
      ['a day that does not exist', '<DateOfBirth>1979-02-30T00:00:00</DateOfBirth>'],
      ['an empty date', '<DateOfBirth/>'],
      ['a day in another form', `<DateOfBirth>05.11.1979 ${secret}</DateOfBirth>`],
      ['elements in a text', `<LastName><b>${secret}</b></LastName>`],
      ['text between members', `<LastName>LI</LastName>${secret}`],
      ['a member that comes twice', `<LastName>${secret}</LastName><LastName>LI</LastName>`],
      ['nil that is neither true nor false', '<LastName i:nil="yes"/>'],
    ] as const) {
      it(`${what}, without telling the value`, () => {
        expect(() => search(content))
          .to.throw(MalformedRequest)
          .that.satisfies(({ message }: MalformedRequest) => !message.includes(secret));
      });
    }

    it('text between the items of a list', () => {
      const list = request('GetPersons', `<listOfNIN>${number}</listOfNIN>`);
      expect(() => readRequest('GetPersons', list)).to.throw(MalformedRequest, 'ArrayOfstring');
    });

    it('elements in the item of a list', () => {
      const list = request('GetPersons', `<listOfNIN><r:string><r:string/></r:string></listOfNIN>`);
      expect(() => readRequest('GetPersons', list)).to.throw(MalformedRequest, 'string');
    });
  });
});
