import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { createMatcher } from '../../../../src/legacy/filematch/matching/create-matcher.js';
import { outputFields, type InputRow, type OutputRow } from '../../../../src/legacy/filematch/record.js';
import { checkDigitsFor, type NationalId } from '../../../../src/person/national-id.js';
import type { PregAddress, PregPerson } from '../../../../src/person/preg-person.js';
import { caller } from '../../../registry/registry-bench.js';
import { inputRow } from '../../../support/filematch-rows.js';
import { mappings, number } from '../../../support/person-documents.js';
import { dayIn, pregAddress, pregPerson } from '../../../support/preg-person.js';
import { registryStub } from '../../../support/registry-stub.js';

/** The eight rows of the contract's sample, told of people made for this test, in the shape of the sample's answers. */

function nin(nine: string): NationalId {
  return number(nine + (checkDigitsFor(nine) ?? ''));
}

const KARI = nin('128381420');
const KARI_BEFORE = nin('138381444');
const PER = nin('059179431');
const AASE = nin('248790412');
const NOBODY = nin('018155299');
const ODDVAR = nin('028231289');
const SIGNE = nin('158885454');
/** One digit off. */
const MISTYPED = KARI.slice(0, 10) + String((Number(KARI.slice(10)) + 1) % 10);

const oslo: Partial<PregAddress> = {
  postalType: 0,
  datePostalType: dayIn('2014-06-01'),
  postalAddress: 'PRØVEVEIEN 12 B',
  apartmentNumber: 'H0203',
  postalCode: '0484',
  postalPlace: 'OSLO',
  st: '0301',
  municipality: 'OSLO',
  districtCode: '0304',
  dateAdrFrom: dayIn('2014-06-01'),
};
const resident = {
  regStatus: 1,
  maritalStatus: 2,
  dateMaritalStatus: dayIn('2012-08-18'),
  citizenshipCode: '000',
};

const people: readonly PregPerson[] = [
  pregPerson({
    ...resident,
    nin: KARI,
    oldNIN: KARI_BEFORE,
    supersededNINs: [KARI_BEFORE],
    sn: 'ÆREKJÆR',
    givenName: 'KARI',
    middleName: 'LØV',
    dateOfBirth: dayIn('1981-03-12'),
    dateStatus: dayIn('1981-03-12'),
    gender: 'F',
    spouseNIN: PER,
    addresses: [pregAddress(oslo)],
  }),
  pregPerson({
    ...resident,
    nin: PER,
    sn: 'ÆREKJÆR',
    givenName: 'PER',
    middleName: 'ØYVIND',
    dateOfBirth: dayIn('1979-11-05'),
    dateStatus: dayIn('1979-11-05'),
    gender: 'M',
    spouseNIN: KARI,
    addresses: [pregAddress(oslo)],
  }),
  pregPerson({
    ...resident,
    nin: AASE,
    sn: 'FJÆRVÅG',
    givenName: 'ÅSE',
    middleName: 'MARIE',
    dateOfBirth: dayIn('1990-07-24'),
    dateStatus: dayIn('1990-07-24'),
    gender: 'F',
    addresses: [
      pregAddress({
        postalType: 7,
        datePostalType: dayIn('2021-02-15'),
        postalAddress: 'Sperret adr. fortrolig',
      }),
    ],
  }),
  pregPerson({
    nin: ODDVAR,
    sn: 'BÆRØY',
    givenName: 'ODDVAR',
    dateOfBirth: dayIn('1931-02-02'),
    gender: 'M',
    regStatus: 5,
    dateStatus: dayIn('2023-12-27'),
    maritalStatus: 3,
    dateMaritalStatus: dayIn('2009-04-02'),
    citizenshipCode: '000',
    addresses: [pregAddress({ postalType: 0, st: '4601', municipality: 'BERGEN' })],
  }),
  pregPerson({
    nin: SIGNE,
    sn: 'SJÖPRØVE',
    givenName: 'SIGNE',
    dateOfBirth: dayIn('1985-08-15'),
    gender: 'F',
    regStatus: 3,
    dateStatus: dayIn('2019-09-01'),
    statusCountryCode: 106,
    maritalStatus: 1,
    citizenshipCode: '106',
    addresses: [
      pregAddress({
        addressLine1: 'TESTGATAN 1',
        addressLine2: '111 11 PROVSTAD',
        country: 'SVERIGE',
        mailing: {
          lines: ['TESTGATAN 1'],
          postalCode: '111 11',
          postalPlace: 'PROVSTAD',
          countryCode: 'SWE',
          isForeignStay: false,
        },
      }),
    ],
  }),
];

const rows: readonly Partial<InputRow>[] = [
  {
    nin: KARI,
    dateOfBirth: dayIn('1981-03-12'),
    surname: 'ÆREKJÆR',
    givenName: 'KARI',
    middleName: 'LØV',
    street: 'PRØVEVEIEN 12 B',
    postalCode: '0484',
    municipality: '0301',
    sex: 'K',
  },
  { nin: KARI_BEFORE, surname: 'LØV', givenName: 'KARI' },
  { dateOfBirth: dayIn('1979-11-05'), surname: 'ÆREKJÆR', givenName: 'PER', postalCode: '0484' },
  { nin: AASE, surname: 'FJÆRVÅG', givenName: 'ÅSE', street: 'GAMLEGATA 1', postalCode: '5003' },
  { nin: NOBODY, surname: 'UKJENT', givenName: 'PRØVE' },
  { nin: ODDVAR, dateOfBirth: dayIn('1931-02-02'), surname: 'BÆRØY', givenName: 'ODDVAR' },
  { nin: MISTYPED, surname: 'FEILSIFFER', givenName: 'PRØVE' },
  { nin: SIGNE, surname: 'SJÖPRØVE', givenName: 'SIGNE' },
];

const registry = registryStub({
  lookupMany: ({ ids }) =>
    Promise.resolve(
      new Map(
        ids.map((id) => {
          const person = people.find((one) => one.nin === id || one.supersededNINs.includes(id));
          return [
            id,
            person === undefined
              ? { outcome: 'not-found' }
              : { outcome: 'found', person, lineage: new Map() },
          ];
        }),
      ),
    ),
  search: ({ name, birth }) => {
    const words = name?.full?.split(' ') ?? [];
    const hits = people
      .filter(
        ({ dateOfBirth, sn, givenName }) =>
          dateOfBirth === birth?.from && words.every((word) => [sn, givenName].includes(word)),
      )
      .map((person) => ({ person, lineage: new Map() }));
    return Promise.resolve({ hits, total: hits.length });
  },
});

async function told(): Promise<readonly OutputRow[]> {
  const settings = { strongScore: 85, weakScore: 60, checkDigits: 'until-2032' as const };
  const matcher = createMatcher({ registry, codes: mappings.codes, countries: mappings.countries, settings });
  const numbered = rows.map((row, index) => inputRow({ ownRef: `PAS-00000${index + 1}`, ...row }));
  const judged = numbered.map((row) => matcher.judge(row, true));
  const asked = numbered.filter((_, index) => judged[index] === undefined);
  const outcomes = [...(await matcher.match(asked, caller(), { weakMatches: 'mask' }))];
  return judged.flatMap((outcome) => (outcome ?? outcomes.shift())?.told ?? []);
}

describe('the rows of the sample', () => {
  it('come to the same statuses and masks', async () => {
    const shown = (await told()).map(
      ({ matchStatus = '', matchMethod = '', candidates = '', changeMask = '', errorCode = '' }) =>
        [matchStatus, matchMethod, candidates, changeMask, errorCode].join(' ').trimEnd(),
    );
    expect(shown).to.deep.equal([
      '10 I 1 000000000000',
      '12 H 1 110222222000',
      '20 N 1 200202202000',
      '11 I 1 000222333001',
      '40 I 0 000000000000',
      '11 I 1 000002002100',
      '50  0 000000000000 E002',
      '11 I 1 000022000100',
    ]);
  });

  it('tell the same fields', async () => {
    const fields = (await told()).map((row) =>
      outputFields.filter((field) => row[field] !== undefined).join(' '),
    );
    const head = 'ownRef ninIn matchStatus matchMethod candidates changeMask';
    const person =
      'surname givenName middleName dateOfBirth sex regStatus regStatusDate maritalStatus maritalStatusDate citizenship postalType postalTypeDate';
    const home =
      'postalAddress apartmentNumber postalCode postalPlace municipality municipalityName districtCode addressFrom';
    expect(fields).to.deep.equal([
      `${head} nin idType oldNin ${person} ${home} spouseNin`,
      `${head} nin idType newNin oldNin ${person} ${home} spouseNin`,
      `${head.replace(' ninIn', '')} nin idType ${person} ${home} spouseNin`,
      `${head} nin idType ${person} postalAddress`,
      head,
      `${head} nin idType ${person.replace(' middleName', '').replace(' postalTypeDate', '')} municipality municipalityName`,
      `${head.replace(' matchMethod', '')} errorCode`,
      `${head} nin idType surname givenName dateOfBirth sex regStatus regStatusDate statusCountry maritalStatus citizenship addressLine1 addressLine2 postalCountry`,
    ]);
  });

  it('are as the contract’s own sample shows them, where it is at hand', async function () {
    const file = new URL(
      '../../../../../../shared/contracts/samples/filematch/33-filematch-output.csv',
      import.meta.url,
    );
    if (!existsSync(file)) {
      this.skip();
    }
    const [names = '', ...lines] = readFileSync(file, 'latin1').trimEnd().split(/\r?\n/);
    const columns = names.split(';');
    expect(columns).to.deep.equal(outputFields);
    const rowsTold = await told();
    expect(lines).to.have.length(rowsTold.length);
    for (const [index, line] of lines.entries()) {
      const filled = columns.filter((_, column) => (line.split(';')[column] ?? '') !== '');
      const own: readonly string[] = outputFields.filter((field) => rowsTold[index]?.[field] !== undefined);
      expect(own, `row ${index + 1}`).to.deep.equal(filled);
    }
  });
});
