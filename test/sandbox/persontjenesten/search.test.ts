import { expect } from 'chai';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { JsonObject } from '../../../src/sandbox/population/person-document.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { current, inUse, past, street, writePersons } from '../support/person-files.js';
import {
  json,
  listIn,
  memberOf,
  SandboxClient,
  startTestSandbox,
  type Answer,
} from '../support/sandbox-client.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const since = '2020-01-01';
const bornOn = (day: string): JsonObject => current(since, { birthDate: `${day}T00:00:00+01:00` });
const livesAt = (name: string, number: string, letter?: string, level = 'Unclassified'): JsonObject =>
  current(since, {
    streetAddress: street(name, number, letter),
    addressConfidentiality: level,
    fullBasicStatisticalUnitNumber: '03011405',
  });

const persons: Record<string, JsonObject> = {
  one: {
    name: [
      current(since, { givenName: 'Rolig Stille', middleName: 'Bekk', familyName: 'Fjell-Solstråle' }),
      past('1990-01-01', { givenName: 'Rolig', familyName: 'Forhen' }),
    ],
    birth: [bornOn('1985-03-14')],
    gender: [current(since, { gender: 'Male' })],
    status: [current(since, { status: 'Resident' })],
    residentialAddress: [
      livesAt('Syntetveien', '42', 'B'),
      past('2001-01-01', { streetAddress: street('Forhengata', '1') }),
    ],
  },
  two: {
    name: [current(since, { givenName: 'Čáppa', familyName: 'Solpære' })],
    birth: [bornOn('1985-11-02')],
    gender: [current(since, { gender: 'Female' })],
    status: [current(since, { status: 'Temporary' })],
    presentAddress: [livesAt('Mottaksgata', '7')],
  },
  three: {
    name: [current(since, { givenName: 'Skjult', familyName: 'Solvott' })],
    birth: [bornOn('1994-08-05')],
    status: [current(since, { status: 'Deceased' })],
    death: current(since, { deceasedDate: '2023-11-05T00:00:00Z' }),
    addressProtection: [current(since, { protectionLevel: 'Confidential' })],
    residentialAddress: [livesAt('Hemmeligstien', '5', undefined, 'Confidential')],
  },
  four: {
    name: [current(since, { givenName: 'Liten', familyName: 'Spireknapp' })],
    birth: [current(since, { birthYear: '2016' })],
    status: [current(since, { status: 'Resident' })],
    sharedResidence: [livesAt('Prøveveien', '4', 'C')],
    residentialAddress: [
      current(since, {
        cadastralAddress: {
          cadastralNumber: { municipalityNumber: '5053' },
          city: { cityName: 'INDERØY', postalCode: '7670' },
        },
      }),
    ],
  },
  help: {
    name: [current(since, { givenName: 'Ukjent', familyName: 'Solhjelp' })],
    birth: [bornOn('1985-01-01')],
  },
};

const documents = Object.entries(persons).map(([id, parts], index) => ({
  id,
  sequenceNumber: index,
  norwegianIdentificationNumber: [
    id === 'help' ? inUse('80816899999', 'AlternateIdentificationNumber') : inUse(syntheticNumber(index)),
  ],
  ...parts,
}));

describe('searches of the sandbox API', () => {
  const folder = temporaryFolder();
  let sandbox: Sandbox;
  let client: SandboxClient;

  before(async () => {
    writePersons(folder.path, ...documents);
    sandbox = await startTestSandbox({ personFolders: [folder.path] });
    client = await SandboxClient.for(sandbox);
  });

  after(async () => {
    client.close();
    await sandbox.stop();
    folder.remove();
  });

  const search = (criteria: Record<string, string>, query = '', access = 'full'): Promise<Answer> =>
    client.call(`${access}-access/search/person`, {
      query: `informationParts=Name${query}`,
      form: new URLSearchParams(criteria),
    });
  const matches = (criteria: string, query = '', access = 'full'): Promise<Answer> =>
    client.call(`${access}-access/search/paged-match-list`, { query, form: criteria });
  const count = (criteria: string, query = ''): Promise<Answer> =>
    client.call('full-access/search/match-count', { query, form: criteria });
  const found = (answer: Answer): readonly unknown[] => {
    expect(answer.status, answer.text).to.equal(200);
    return listIn(memberOf(json(answer), 'results')).map((hit) => memberOf(hit, 'id') ?? hit);
  };

  describe('search/person', () => {
    for (const [name, criteria, ids] of [
      ['the beginning of a family name', { FamilyName: 'Solp', BirthDate: '1985' }, ['two']],
      ['a name in another case', { FamilyName: 'SOLPÆRE', BirthDate: '1985-11' }, ['two']],
      ['Sami letters', { GivenName: 'čáp', BirthDate: '1985-11-02' }, ['two']],
      [
        'no decomposed letters, which the pattern does not take',
        { GivenName: 'c\u030Ca\u0301p', BirthDate: '1985' },
        400,
      ],
      ['the beginning of a field of two words', { GivenName: 'rolig  sti', BirthDate: '1985' }, ['one']],
      ['not the second word of a field', { GivenName: 'Stille', BirthDate: '1985' }, []],
      ['a middle name', { MiddleName: 'Bekk', BirthDate: '1985' }, ['one']],
      ['any part of the full name, in any order', { FullName: 'sols rol', BirthDate: '1985' }, ['one']],
      ['a double name as a whole', { FullName: 'fjell-sol', BirthDate: '1985' }, ['one']],
      ['three words and no more', { FullName: 'rolig stille bekk feil', BirthDate: '1985' }, ['one']],
      ['not a name that was', { FamilyName: 'Forhen', BirthDate: '1985' }, []],
      ['the beginning of a birth date, not any piece', { FullName: 'Sol', BirthDate: '1985-1' }, 400],
      ['a year of birth where no more is known', { FullName: 'Spire', BirthDate: '2016' }, ['four']],
      ['not a month where only the year is known', { FullName: 'Spire', BirthDate: '2016-01' }, []],
      ['a gender', { FullName: 'Sol', BirthDate: '1985', Gender: 'Female' }, ['two']],
      ['a street with number and letter', { FullName: 'Rolig', StreetAddress: 'syntetveien 42b' }, ['one']],
      ['the beginning of a street', { FullName: 'Rolig', StreetAddress: 'Synt' }, ['one']],
      ['not a street that was', { FullName: 'Rolig', StreetAddress: 'Forhengata' }, []],
      ['the street of a stay', { FullName: 'Sol', StreetAddress: 'Mottaksgata' }, ['two']],
      ['the street of a shared residence', { FullName: 'Liten', StreetAddress: 'Prøveveien 4 C' }, ['four']],
      ['the municipality of a farm', { FullName: 'Liten', MunicipalityNumber: '5053' }, ['four']],
      ['a postal code', { FullName: 'Sol', PostalCode: '0474' }, ['one', 'two', 'three']],
      ['a post place besides', { FullName: 'Liten', PostalCode: '7670', CityName: 'inder' }, ['four']],
      [
        'one address that has it all',
        { FullName: 'Liten', PostalCode: '7670', StreetAddress: 'Prøveveien' },
        [],
      ],
    ] as const) {
      it(`finds by ${name}`, async () => {
        const answer = await search(criteria);
        if (ids === 400) expect(answer.status).to.equal(400);
        else expect(found(answer)).to.have.members([...ids]);
      });
    }

    it('gives documents with the parts asked for, and where the hits are', async () => {
      const answer = json(await search({ FamilyName: 'Solp', BirthDate: '1985' }));
      expect(answer).to.deep.equal({
        results: [{ id: 'two', sequenceNumber: 1, name: persons['two']?.['name'] }],
        startIndex: 0,
        endIndex: 0,
      });
    });

    it('finds persons with a help number only when they are asked for', async () => {
      const criteria = { FamilyName: 'Solhj', BirthDate: '1985' };
      expect(found(await search(criteria))).to.deep.equal([]);
      expect(found(await search(criteria, '&includeAinResults=true'))).to.deep.equal(['help']);
    });

    it('finds a protected person by address with full-access, and not with restricted-access', async () => {
      const criteria = { FamilyName: 'Solvott', StreetAddress: 'Hemmeligstien' };
      expect(found(await search(criteria))).to.deep.equal(['three']);
      expect(found(await search(criteria, '', 'restricted'))).to.deep.equal([]);
      const byBirth = { FamilyName: 'Solvott', BirthDate: '1994' };
      expect(found(await search(byBirth, '', 'restricted'))).to.deep.equal(['three']);
    });

    for (const [name, criteria] of [
      ['no name', { BirthDate: '1985' }],
      ['two letters of names', { GivenName: 'R', FamilyName: 'S', BirthDate: '1985' }],
      ['no second criterion', { FullName: 'Rolig' }],
      ['only a gender and a place besides', { FullName: 'Rolig', Gender: 'Male', CityName: 'Oslo' }],
      ['a street of two letters', { FullName: 'Rolig', StreetAddress: 'Sy 1' }],
      ['a wildcard', { FullName: 'Rolig*', BirthDate: '1985' }],
      ['an inner wildcard', { FamilyName: 'Fj%ll', BirthDate: '1985' }],
      ['a digit in a name', { FullName: 'Rolig 1', BirthDate: '1985' }],
      ['a name that begins with a hyphen', { FullName: '-Rolig', BirthDate: '1985' }],
      ['a name of 201 letters', { GivenName: 'a'.repeat(201), BirthDate: '1985' }],
      ['a full name of 601 letters', { FullName: 'a'.repeat(601), BirthDate: '1985' }],
      ['a date in Norwegian form', { FullName: 'Rolig', BirthDate: '14.03.1985' }],
      ['a date of 11 characters', { FullName: 'Rolig', BirthDate: '1985-03-140' }],
      ['an unknown gender', { FullName: 'Rolig', BirthDate: '1985', Gender: 'male' }],
      ['a postal code of three digits', { FullName: 'Rolig', PostalCode: '047' }],
      ['a municipality with a letter', { FullName: 'Rolig', MunicipalityNumber: '030l' }],
      ['a street with a wildcard', { FullName: 'Rolig', StreetAddress: 'Syntet*' }],
    ] as const) {
      it(`answers 400 for ${name}`, async () => {
        const answer = await search(criteria);
        expect(answer.status).to.equal(400);
        expect(answer.text, 'no value in the answer').not.to.match(/Rolig|Fj%ll/);
      });
    }

    it('takes an empty field for none', async () => {
      expect(found(await search({ FullName: 'Rolig', GivenName: '', BirthDate: '1985' }))).to.deep.equal([
        'one',
      ]);
    });

    it('takes an apostrophe and three letters in all', async () => {
      expect(found(await search({ GivenName: "R'", FamilyName: 'Fj', BirthDate: '1985' }))).to.deep.equal([]);
    });
  });

  describe('search/paged-match-list', () => {
    it('pages through everybody without criteria', async () => {
      const pages: unknown[] = [];
      for (const offset of [0, 3, 6]) {
        const page = json(await matches(`PageSize=3&IndexOffset=${offset}`, 'includeAinResults=true'));
        pages.push([memberOf(page, 'results'), memberOf(page, 'startIndex'), memberOf(page, 'endIndex')]);
      }
      expect(pages).to.deep.equal([
        [['one', 'two', 'three'], 0, 2],
        [['four', 'help'], 3, 4],
        [[], 6, 6],
      ]);
    });

    for (const [criteria, ids] of [
      ['BirthDateFrom=1985-03-15', ['two', 'three', 'four']],
      ['BirthDateTo=1985', ['one', 'two']],
      ['BirthDateFrom=1985-03-14&BirthDateTo=1985-03', ['one']],
      ['DeathDateFrom=2023-11-05&DeathDateTo=2023', ['three']],
      ['DeathDateTo=2022', []],
      ['PersonStatuses=Temporary', ['two']],
      ['PersonStatuses=Temporary&PersonStatuses=Deceased', ['two', 'three']],
      ['PersonStatuses=Temporary,Deceased', ['two', 'three']],
      ['BasicStatisticalUnit=03011405&FamilyName=Solp', ['two']],
      ['StreetAddress=Syntetveien', ['one']],
      ['Gender=Male', ['one']],
    ] as const) {
      it(`finds by ${criteria}`, async () => {
        expect(found(await matches(criteria))).to.deep.equal(ids);
      });
    }

    it('searches the statuses that restricted-access sees', async () => {
      expect(found(await matches('PersonStatuses=Active', '', 'restricted'))).to.deep.equal(['two']);
      expect(found(await matches('PersonStatuses=Temporary', '', 'restricted'))).to.deep.equal([]);
    });

    for (const criteria of [
      'PageSize=0',
      'PageSize=10001',
      'PageSize=ten',
      'IndexOffset=-1',
      'IndexOffset=2147483648',
      'FullName=ab',
      'GivenName=ab',
      'StreetAddress=abcd',
      'BasicStatisticalUnit=0301140',
      'BirthDateFrom=85',
      'DeathDateTo=2023-1',
      'PersonStatuses=Alive',
      'PostalCode=04740',
    ]) {
      it(`answers 400 for ${criteria}`, async () => {
        expect((await matches(criteria)).status).to.equal(400);
      });
    }

    it('answers 400 for a flag that is neither true nor false', async () => {
      expect((await matches('', 'includeAinResults=yes')).status).to.equal(400);
    });
  });

  describe('search/match-count', () => {
    it('counts what the list would hold', async () => {
      expect(json(await count(''))).to.deep.equal({ matchCount: 4 });
      expect(json(await count('', 'includeAinResults=true'))).to.deep.equal({ matchCount: 5 });
      expect(json(await count('FamilyName=Sol'))).to.deep.equal({ matchCount: 2 });
    });

    it('answers 400 where the list does', async () => {
      expect((await count('FamilyName=S*l')).status).to.equal(400);
    });
  });

  it('remembers the names of the criteria and none of their values', async () => {
    sandbox.requests.clear();
    await search({ FamilyName: 'Solpære', BirthDate: '1985' });
    expect(sandbox.requests.of('persontjenesten')[0]?.formFields).to.deep.equal(['BirthDate', 'FamilyName']);
    expect(JSON.stringify(sandbox.requests.all())).not.to.contain('Solp');
  });
});

describe('search for more persons than an answer holds', () => {
  it('gives the first hundred, and match-count tells the rest', async () => {
    const folder = temporaryFolder();
    const many = Array.from({ length: 103 }, (_, index) => ({
      id: `person-${index}`,
      sequenceNumber: index,
      norwegianIdentificationNumber: [inUse(syntheticNumber(index))],
      name: [current(since, { givenName: 'Tallrik', familyName: 'Solstråle' })],
      birth: [bornOn('1985-03-14')],
    }));
    writePersons(folder.path, ...many);
    const sandbox = await startTestSandbox({ personFolders: [folder.path] });
    const client = await SandboxClient.for(sandbox);
    try {
      const answer = await client.call('full-access/search/person', {
        query: 'informationParts=Name',
        form: 'FullName=Tallrik&BirthDate=1985',
      });
      const count = await client.call('full-access/search/match-count', { form: 'FullName=Tallrik' });
      expect(listIn(memberOf(json(answer), 'results'))).to.have.length(100);
      expect(memberOf(json(answer), 'endIndex')).to.equal(99);
      expect(json(count)).to.deep.equal({ matchCount: 103 });
    } finally {
      client.close();
      await sandbox.stop();
      folder.remove();
    }
  });
});
