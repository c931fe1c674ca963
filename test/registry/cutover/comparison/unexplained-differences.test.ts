import { expect } from 'chai';
import { targets } from '../../../../src/mapping/targets.js';
import type { PregAddress, PregPerson } from '../../../../src/person/preg-person.js';
import { dayIn, pregAddress, pregPerson } from '../../../support/preg-person.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';
import { differencesOf, hit, reasonsFor, reasonsOf } from './compared.js';

const day = dayIn('1990-01-01');
const numbers = [syntheticNumber(1), syntheticNumber(2)];

/** Somebody of whom everything is told, and told otherwise in every field. */
const somebody: Omit<PregPerson, 'addresses'> = {
  citizenship: 'SVERIGE',
  citizenshipCode: '106',
  custody: 'D',
  dateCitizenship: day,
  dateCustody: day,
  dateMaritalStatus: day,
  dateOfBirth: day,
  dateParentalResponsibility: day,
  dateStatus: day,
  dateWithoutLegalCapacity: day,
  dateWorkPermit: day,
  dufNo: '198112345678',
  fathersNIN: syntheticNumber(3),
  givenName: 'KARI',
  maritalStatus: 1,
  middleName: 'ANNE',
  mothersNIN: syntheticNumber(4),
  nin: syntheticNumber(),
  newNIN: syntheticNumber(5),
  oldNIN: syntheticNumber(6),
  parentalResponsibility: 1,
  regStatus: 1,
  sn: 'DAL',
  spouseNIN: syntheticNumber(7),
  statusCountryCode: 106,
  withoutLegalCapacity: 'J',
  workPermit: 'B',
  gender: 'F',
  deceased: false,
  dateOfDeath: day,
  dateName: day,
  dateRegistered: day,
  supersededNINs: numbers,
  datesSuperseded: [day, day],
  alternativeNINs: numbers,
  childrensNINs: numbers,
  citizenships: ['SWE'],
  telecoms: [{ value: 'tel:1', use: null }],
  foreignIds: [{ root: '1.2', extension: '3' }],
};
const elsewhere: PregAddress = pregAddress({
  addressLine1: 'POSTBOKS 1',
  addressLine2: 'SENTRUM',
  addressLine3: '0155 OSLO',
  apartmentNumber: 'H0101',
  basicStatisticalUnit: 12,
  cadastralNumber: '12',
  coAddress: 'C/O BERG',
  constituency: '0001',
  country: 'SVERIGE',
  countryCode: 'SWE',
  dateAdrFrom: day,
  datePostalType: day,
  districtCode: '0301',
  districtName: 'FROGNER',
  houseLetter: 'B',
  houseNumber: 1,
  municipality: 'OSLO',
  postalAddress: 'STORGATA 1B',
  postalAddressValidFrom: day,
  postalCode: '0155',
  postalPlace: 'OSLO',
  postalType: 0,
  propertyNumber: '3',
  schoolDistrict: '0012',
  st: '0301',
  streetName: 'STORGATA',
  streetNumber: '12345',
  xCoord: 1,
  yCoord: 2,
});

/** A day before, so that it never counts as fresher; far enough not to count as the same. */
const longBefore = dayIn('1970-05-05');
const other: Partial<Record<string, unknown>> = {
  gender: 'M',
  deceased: true,
  currentAddress: false,
  nin: syntheticNumber(9),
  datesSuperseded: [day, longBefore],
  telecoms: [{ value: 'tel:2', use: null }],
  foreignIds: [{ root: '1.2', extension: '4' }],
  addressLine1: 'SOLVEIEN 9',
};

function changed(field: string, value: unknown): unknown {
  if (field in other) return other[field];
  if (value === day) return longBefore;
  if (typeof value === 'number') return value + 3;
  if (Array.isArray(value)) return [syntheticNumber(8)];
  return /^[0-9]+$/.test(String(value)) ? syntheticNumber(9) : 'ELVERUM';
}

/** The day of a permit is one thing in PREG and another in the new register. */
const always: Readonly<Record<string, string>> = { dateWorkPermit: 'day-of-permit' };

describe('a difference that no rule expects', () => {
  const living: PregPerson = { ...somebody, addresses: [elsewhere] };

  for (const row of targets.keys()) {
    const [field, ofAddress] = row.startsWith('addresses.') ? [row.slice(10), true] : [row, false];
    it(`is found: ${row}`, () => {
      const value: unknown = Object.entries(ofAddress ? elsewhere : somebody).find(
        ([name]) => name === field,
      )?.[1];
      const to = { [field]: changed(field, value) };
      const fresh = ofAddress ? { ...living, addresses: [{ ...elsewhere, ...to }] } : { ...living, ...to };
      const differences = differencesOf(hit(living), hit(fresh));
      expect(reasonsOf(differences)).to.deep.equal({ [row]: always[row] ?? 'unexplained' });
    });
  }

  it('is a new given name and surname at once, whatever the days say', () => {
    const [old, fresh] = [
      { givenName: 'OLA', sn: 'HANSEN', dateName: day },
      { givenName: 'KARI', sn: 'BERG', dateName: dayIn('1990-01-02') },
    ];
    expect(reasonsFor(old, fresh)).to.deep.equal({
      givenName: 'unexplained',
      sn: 'unexplained',
      dateName: 'unexplained',
    });
  });

  it('is a number that another birth date goes with', () => {
    const old = { dateOfBirth: day };
    const fresh = {
      dateOfBirth: longBefore,
      oldNIN: syntheticNumber(1),
      supersededNINs: [syntheticNumber(1)],
    };
    expect(reasonsFor(old, fresh)).to.deep.equal({
      dateOfBirth: 'unexplained',
      oldNIN: 'unexplained',
      supersededNINs: 'unexplained',
    });
  });

  it('is a death that the thinned view does not tell', () => {
    const { person, lineage } = hit(pregPerson());
    const blank = 'Safety S7: the thinned view puts it in place of several statuses and cannot be told apart';
    const thinned = new Map([...lineage, ['regStatus', { row: 'regStatus', sources: [], blank }] as const]);
    const differences = differencesOf(hit(pregPerson({ regStatus: 5 })), { person, lineage: thinned });
    expect(reasonsOf(differences)).to.deep.equal({ regStatus: 'unexplained' });
  });

  it('is a person with a help number whom PREG alone knows', () => {
    const known = hit(pregPerson({ nin: syntheticNumber() }));
    expect(reasonsOf(differencesOf(known, undefined))).to.deep.equal({ person: 'unexplained' });
  });

  const home = pregAddress({ postalType: 0, st: '0301', postalAddress: 'STORGATA 1', postalCode: '0155' });
  const hidden = pregAddress({ postalType: 7, postalAddress: 'Sperret adr. fortrolig' });

  const mistakes: readonly (readonly [
    what: string,
    old: Partial<PregPerson>,
    fresh: Partial<PregPerson>,
    field: string,
  ])[] = [
    [
      'numbers of somebody whose birth date is not the same for all we know',
      {},
      { supersededNINs: [syntheticNumber(1)] },
      'supersededNINs',
    ],
    [
      'another number that nobody lists as superseded',
      { dateOfBirth: day },
      { dateOfBirth: day, alternativeNINs: [syntheticNumber(1)] },
      'alternativeNINs',
    ],
    ['lost legal capacity', { withoutLegalCapacity: 'J' }, {}, 'withoutLegalCapacity'],
    [
      'a person like another one at an address',
      { addresses: [{ ...home, coAddress: 'C/O OLA HANSEN' }] },
      { addresses: [{ ...home, coAddress: 'C/O OLAV HANSEN' }] },
      'addresses.coAddress',
    ],
    ['another surname of long ago', { sn: 'DAL' }, { sn: 'BERG' }, 'sn'],
    ['a name that PREG lacks', {}, { givenName: 'KARI' }, 'givenName'],
    [
      'a status that PREG has since later',
      { regStatus: 5, dateStatus: day },
      { regStatus: 1, dateStatus: day },
      'regStatus',
    ],
    ['a status merged the other way round', { regStatus: 9 }, { regStatus: 8 }, 'regStatus'],
    [
      'a child that the new register lacks',
      { childrensNINs: numbers },
      { childrensNINs: [] },
      'childrensNINs',
    ],
    [
      'a spouse of the married',
      { maritalStatus: 2, spouseNIN: numbers[0] ?? null },
      { maritalStatus: 2 },
      'spouseNIN',
    ],
    [
      'another municipality of today',
      { addresses: [{ ...home, st: '4601' }] },
      { addresses: [home] },
      'addresses.st',
    ],
    [
      'another number in the county',
      { addresses: [{ ...home, st: '3001' }] },
      { addresses: [{ ...home, st: '3002' }] },
      'addresses.st',
    ],
    [
      'another house',
      { addresses: [home] },
      { addresses: [{ ...home, postalAddress: 'STORGATA 11' }] },
      'addresses.postalAddress',
    ],
    ['an address that PREG alone has', { addresses: [home] }, {}, 'addresses'],
    [
      'a former address that PREG alone has',
      { addresses: [{ ...home, currentAddress: false }] },
      {},
      'addresses',
    ],
    ['a home that PREG does not know', {}, { addresses: [home] }, 'addresses'],
  ];
  for (const [what, old, fresh, field] of mistakes) {
    it(`stays unexplained: ${what}`, () => {
      expect(reasonsFor(old, fresh)).to.deep.equal({ [field]: 'unexplained' });
    });
  }

  it('stays unexplained: somebody whom one of them does not know', () => {
    expect(reasonsOf(differencesOf(hit(living), undefined))).to.deep.equal({ person: 'unexplained' });
    expect(reasonsOf(differencesOf(undefined, hit(living)))).to.deep.equal({ person: 'unexplained' });
  });

  describe('is one of protection that the new register does not have', () => {
    for (const [what, fresh] of [
      ['a home', { addresses: [home] }],
      [
        'a home since lately',
        { addresses: [{ ...home, dateAdrFrom: dayIn('2022-11-20'), datePostalType: dayIn('2022-11-20') }] },
      ],
      ['a home of a D-number', { addresses: [{ ...home, st: '3005' }] }],
    ] as const) {
      it(`in whatever it shows: ${what}`, () => {
        const differences = differencesOf(hit(pregPerson({ addresses: [hidden] })), hit(pregPerson(fresh)));
        expect(reasonsOf(differences)).to.include({
          'addresses.postalType': 'unexplained',
          'addresses.st': 'unexplained',
          'addresses.postalAddress': 'unexplained',
        });
        expect(
          differences.filter(({ class: kind, values }) => kind === 'expected' || values !== undefined),
        ).to.deep.equal([]);
      });
    }

    it('also where PREG does not tell by which code', () => {
      const silent = [...targets.keys()].filter((row) => row.startsWith('addresses.'));
      const old = hit(pregPerson({ addresses: [hidden] }), { not: silent });
      const differences = differencesOf(old, hit(pregPerson({ addresses: [home] })));
      expect(reasonsOf(differences)).to.deep.equal({ 'addresses.postalType': 'unexplained' });
    });

    it('also where nothing is left of the address', () => {
      expect(reasonsFor({ addresses: [hidden] }, {})).to.deep.equal({ addresses: 'unexplained' });
    });

    it('or a lower level of it', () => {
      const strict = pregAddress({ postalType: 6, postalAddress: 'Sperret adresse' });
      expect(reasonsFor({ addresses: [strict] }, { addresses: [hidden] })).to.deep.equal({
        'addresses.postalType': 'unexplained',
        'addresses.postalAddress': 'protected-label',
      });
    });
  });
});
