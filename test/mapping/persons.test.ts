import { expect } from 'chai';
import type { Fill } from '../../src/mapping/information-parts.js';
import type { PregAddress, PregPerson } from '../../src/person/preg-person.js';
import {
  everyFixture,
  fixture,
  mapped,
  number,
  onlyAddress,
  personFixtures,
} from '../support/person-documents.js';

/** What the READMEs of the fixtures say beyond the codes: fields of the person, of the only address, and the fill. */
type Highlight = readonly [
  digits: string,
  fields: Readonly<Partial<Record<keyof PregPerson, unknown>>>,
  address?: Readonly<Partial<Record<keyof PregAddress, unknown>>> | undefined,
  fill?: Fill,
];

const regular: readonly Highlight[] = [
  [
    '01',
    {
      spouseNIN: '23828211323',
      mothersNIN: '04895645279',
      fathersNIN: '19925347968',
      childrensNINs: ['27881895523'],
      deceased: false,
    },
    { postalCode: '0580', districtCode: '0104', districtName: 'ST. HANSHAUGEN' },
  ],
  ['02', {}, { addressLine1: 'POSTBOKS 1714', source: 'residential' }],
  ['03', { spouseNIN: null }],
  ['05', { custody: 'D' }],
  ['06', { dateStatus: '2019-09-27', statusCountryCode: 106 }, { country: 'SVERIGE', source: null }],
  ['09', { mothersNIN: null, fathersNIN: null }],
  ['10', { deceased: false }],
  ['11', {}, { source: 'present', coAddress: 'V/ REDERIET BØLGESKVULP' }],
  ['16', { maritalStatus: 5 }],
  ['28', {}, { st: '0301', municipality: null, postalCode: null, mailing: null }],
  ['29', {}, { st: null, municipality: null }],
  ['33', { custody: 'D' }],
  ['42', { dufNo: '209900000417', workPermit: 'O' }, undefined, 'rich'],
  ['43', { dufNo: '209900000528', workPermit: 'B' }, undefined, 'rich'],
  ['44', { workPermit: 'M' }, undefined, 'rich'],
  [
    '45',
    { regStatus: null, deceased: null },
    { streetName: 'MØRKETIDSKAIA', houseNumber: 7, houseLetter: 'B' },
  ],
  ['46', { dateOfBirth: null, givenName: 'BEVISSTLØS' }],
  ['47', { citizenship: 'NORGE', citizenshipCode: '000', citizenships: ['NOR', 'SWE'] }, undefined, 'rich'],
  ['48', { citizenship: 'UKRAINA', citizenshipCode: '148', citizenships: ['UKR', 'POL'] }, undefined, 'rich'],
  ['49', { citizenship: 'STATSLØS', citizenshipCode: '980' }, undefined, 'rich'],
  ['50', { citizenship: 'KOSOVO', citizenshipCode: '161' }, { country: 'KOSOVO' }, 'rich'],
  ['51', { citizenship: 'UOPPGITT/UKJENT', citizenshipCode: '990' }, { country: 'UOPPGITT/UKJENT' }, 'rich'],
  ['52', { custody: 'D' }],
  ['55', { custody: 'D', fathersNIN: '22888523441' }],
  ['58', { custody: 'A', mothersNIN: '24868639446', fathersNIN: '11918920457' }],
  ['60', { custody: 'M', fathersNIN: null }],
  ['62', { custody: 'M' }],
  ['63', { custody: 'F' }],
  ['64', { childrensNINs: ['23892083827'] }],
  ['65', { custody: 'A' }],
  ['66', { custody: 'U' }],
  ['67', { custody: null }],
  ['68', { withoutLegalCapacity: 'J', dateWithoutLegalCapacity: '2024-03-15' }],
  ['69', { withoutLegalCapacity: null }],
  [
    '70',
    {},
    {
      cadastralNumber: '208',
      propertyNumber: '3',
      streetName: 'NYSTØL NORDRE',
      addressLine1: 'NYSTØL GÅRDSDRIFT',
      addressLine2: 'POSTBOKS 45',
      addressLine3: '2650 ØSTRE GAUSDAL',
    },
  ],
  [
    '72',
    {},
    {
      coAddress: 'C/O ONKEL GJESTMILD',
      addressLine1: 'C/O TANTE GJESTMILD',
      addressLine2: 'SPURVEHAUKSTIEN 48A',
      addressLine3: '5232 PARADIS',
    },
  ],
  [
    '74',
    { givenName: 'ČÁPPA OĐAS', middleName: 'MUOŦŦÁ-BEAŊKA', sn: 'GUOVŽAČÁHPPES' },
    { municipality: 'KARASJOK' },
  ],
  ['75', { sn: 'ĐOARRI-RUŊGU' }, { municipality: 'KÅFJORD' }],
  ['76', {}, { municipality: 'TANA', streetName: null }],
  ['77', { givenName: 'ÉNSOM ÅPEN'.normalize('NFD'), sn: "O’MYR-D'ENG" }],
  ['79', { sn: 'YTTERSTNORDVESTLANDSFJORDBYGDEMUSEUMSVAKTMESTERBØLERÅKERLIEN' }],
  ['80', { givenName: 'Ø', sn: 'Å' }],
  ['81', {}, { houseNumber: null, postalAddress: 'TROLLHEIMKROKEN 12-14' }],
  ['82', { givenName: 'DOBBEL', dateName: '2016-06-06' }, { streetName: 'SKYGGESVINGEN', houseNumber: 3 }],
  ['86', {}, { postalType: 7, postalAddress: 'Sperret adr. fortrolig' }],
];
const irregular: readonly Highlight[] = [
  ['03', { regStatus: null, deceased: null }],
  ['04', { maritalStatus: null }],
  ['05', { dateOfBirth: null }],
  ['06', { givenName: null, middleName: null, sn: null, dateName: null }],
  ['07', { gender: 'F', regStatus: null, deceased: null, sn: null, addresses: [] }],
  ['08', { gender: null, regStatus: null, deceased: null, sn: null, addresses: [] }],
  ['09', { sn: 'VINDHANE', regStatus: 1 }, { streetName: 'IRRVEGEN', houseNumber: 9 }],
  ['10', { sn: 'PYNTEBÅND' }, { houseNumber: 10 }],
  ['11', {}, { postalType: 0 }],
  ['12', { alternativeNINs: [], supersededNINs: [] }],
  ['13', { citizenship: 'KOSOVO', citizenshipCode: '161' }, { country: null }, 'rich'],
  ['14', { dateOfBirth: '1993-04-27', dateStatus: '1993-04-27', dateMaritalStatus: null }],
  [
    '15',
    { custody: null, workPermit: null, gender: null, mothersNIN: '16858219888', childrensNINs: [] },
    undefined,
    'rich',
  ],
  [
    '17',
    { regStatus: null, deceased: null, maritalStatus: null, citizenships: [], addresses: [] },
    undefined,
    'rich',
  ],
];

/** What the irregular documents hold that no table knows. */
const UNKNOWN = [
  '01 TopSecret',
  '02 SemiSecret',
  '03 Hibernating',
  '04 Betrothed',
  '11 OnTheMoon',
  '12 EuropeanHealthNumber',
  '13 QQQ',
  '13 ZZ',
  '15 GodParent',
  '15 Undisclosed',
  '15 Grandparents',
  '15 Provisional',
  '18 (not a code)',
];

/** A code of the README; undefined for a dash, where the scenario has none or does not tell. */
function codeIn(cell: string | undefined): number | undefined {
  return cell === undefined || !/^[0-9]$/.test(cell) ? undefined : Number(cell);
}

describe('the fixture persons', () => {
  describe('by the table of their README', () => {
    for (const { name, document, cells } of personFixtures('persons')) {
      const [scenario, nin = '', regStatus, maritalStatus, postalType, label] = cells;
      it(`${name}: ${String(scenario)}`, () => {
        const { person } = mapped(document, { nin: number(nin) });
        expect(person.nin).to.equal(nin);
        if (codeIn(regStatus) !== undefined) expect(person.regStatus).to.equal(codeIn(regStatus));
        if (codeIn(maritalStatus) !== undefined) expect(person.maritalStatus).to.equal(codeIn(maritalStatus));
        if (codeIn(postalType) !== undefined)
          expect(onlyAddress(person).postalType).to.equal(codeIn(postalType));
        if (label) expect(onlyAddress(person).postalAddress).to.equal(label);
      });
    }
  });

  for (const [folder, rows] of [
    ['persons', regular],
    ['persons-irregular', irregular],
  ] as const) {
    describe(`by the highlights of ${folder}`, () => {
      for (const [digits, fields, address, fill = 'faithful'] of rows) {
        it(digits, () => {
          const { person } = mapped(fixture(digits, folder), { fill });
          expect(person).to.deep.include(fields);
          if (address !== undefined) expect(onlyAddress(person)).to.deep.include(address);
        });
      }
    });
  }

  it('have nothing that no table knows, but for the irregular ones made for it', () => {
    const reported = everyFixture.flatMap(({ name, document }) =>
      mapped(document, { fill: 'rich' }).unmapped.map(({ value }) => `${name.slice(0, 2)} ${value}`),
    );
    expect(reported).to.have.members(UNKNOWN);
  });

  it('show an open address whenever protection has ended and no address keeps a level', () => {
    expect(onlyAddress(mapped(fixture('36')).person).postalType).to.equal(0);
  });
});
