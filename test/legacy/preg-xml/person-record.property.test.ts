import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { personOfRecord } from '../../../src/registry/preg/personregister/person-of-record.js';
import { personRecord } from '../../../src/legacy/preg-xml/person-record.js';
import { searchResultRecord } from '../../../src/legacy/preg-xml/search-result-record.js';
import { contractVersions } from '../../../src/contract/preg-xml/contract.js';
import { contracts, readReply, replyText, writeSchemas } from '../../support/preg-xml.js';
import { anyPerson } from '../../support/preg-xml-people.js';
import { temporaryFolders } from '../../support/temporary-folder.js';
import { xmllint } from '../../support/xmllint.js';
import { contractFile } from '../hl7v3/schema/places.js';

const blankStringAs = fc.constantFrom('nil' as const, 'empty' as const);

describe('any person in Personregister-XML', function () {
  this.timeout(20_000);
  const newFolder = temporaryFolders();

  it('comes back as the same person', () => {
    fc.assert(
      fc.property(anyPerson, blankStringAs, (person, blank) => {
        const reply = readReply('GetPerson', replyText('GetPerson', personRecord(person, blank)));
        const record = reply.record('GetPersonResult');
        expect(record === null ? undefined : personOfRecord(record)).to.deep.equal(person);
      }),
      { numRuns: 200 },
    );
  });

  it('loses in version 2016 two fields of each address and nothing else', () => {
    fc.assert(
      fc.property(anyPerson, (person) => {
        const text = replyText('GetPerson', personRecord(person, 'nil'), contracts['2016']);
        const record = readReply('GetPerson', text, contracts['2016']).record('GetPersonResult');
        expect(record === null ? undefined : personOfRecord(record)).to.deep.equal({
          ...person,
          addresses: person.addresses.map((address) => ({
            ...address,
            basicStatisticalUnit: null,
            nin: person.nin,
          })),
        });
      }),
      { numRuns: 100 },
    );
  });

  /** Answers of every form that a person has in them. */
  function answers(version: '2016' | '2018'): ReadonlyMap<string, string> {
    const people = fc.sample(anyPerson, 60);
    const contract = contracts[version];
    return new Map([
      ...people.map((person, index): [string, string] => [
        `person-${String(index)}`,
        replyText('GetPerson', personRecord(person, index % 2 === 0 ? 'nil' : 'empty'), contract),
      ]),
      ['nobody', replyText('GetPerson', null, contract)],
      ['no-children', replyText('GetChildren', [], contract)],
      [
        'search',
        replyText(
          'Search',
          searchResultRecord({ persons: people, page: 1, resultsPerPage: 20, totalResults: 60 }, 'nil'),
          contract,
        ),
      ],
    ]);
  }

  for (const version of contractVersions) {
    it(`is valid by the schema that we serve as version ${version}`, function () {
      const folder = newFolder();
      const validate = xmllint(writeSchemas(join(folder, 'schemas'), contracts[version]));
      if (validate === undefined) this.skip();
      expect(validate(folder, answers(version))).to.deep.equal([]);
    });

    it(`is valid by the published schema as version ${version}`, function () {
      const published = contractFile('preg-xml/PersonService4.xsd');
      const validate = published === undefined ? undefined : xmllint(published);
      if (validate === undefined) this.skip();
      expect(validate(newFolder(), answers(version))).to.deep.equal([]);
    });
  }

  it('would not be valid with members out of order, nor with those of 2018 in 2016', function () {
    const folder = newFolder();
    const validate = xmllint(writeSchemas(join(folder, 'schemas'), contracts['2016']));
    if (validate === undefined) this.skip();
    const [person] = fc.sample(
      anyPerson.filter(({ addresses }) => addresses.length > 0),
      1,
    );
    if (person === undefined) throw new RangeError('no person');
    const later = replyText('GetPerson', personRecord(person, 'nil'));
    expect(validate(folder, new Map([['later', later]])).join()).to.contain('BasicStatisticalUnit');
    const wrong = replyText('GetPerson', personRecord(person, 'nil'), contracts['2016']).replace(
      /(<NIN>\d+<\/NIN>)(<NewNIN.*?)(<OldNIN)/s,
      '$2$1$3',
    );
    expect(validate(folder, new Map([['wrong', wrong]])).join()).to.contain('NIN');
  });
});
