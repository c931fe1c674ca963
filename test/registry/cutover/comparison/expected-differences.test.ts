import { expect } from 'chai';
import type { PregAddress, PregPerson } from '../../../../src/person/preg-person.js';
import { isNationalId, type NationalId } from '../../../../src/person/national-id.js';
import { checkDigitsFor } from '../../../../src/person/national-id.js';
import type { Answered } from '../../../../src/registry/cutover/comparison/comparer.js';
import { dayIn, pregAddress, pregPerson } from '../../../support/preg-person.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';
import { comparer, found, hit, reasonsOf, rules } from './compared.js';

/** What a rule expects: what PREG says, what the new register says, and the fields that differ. */
interface Example {
  readonly what: string;
  readonly old: Answered;
  readonly fresh: Answered;
  readonly fields: readonly string[];
  /** What other rules explain besides. */
  readonly alsoExpected?: Readonly<Record<string, string>>;
  /** What no rule explains besides. */
  readonly unexplained?: readonly string[];
}

function numberOf(nineDigits: string): NationalId {
  const number = nineDigits + (checkDigitsFor(nineDigits) ?? '');
  if (!isNationalId(number) || number.length !== 11) throw new RangeError('no number');
  return number;
}

/** Day + 40 for a D-number, month + 80 for nobody. */
const D_NUMBER = numberOf('418150100');
/** First digit 8, and month + 80 as in the numbers for tests. */
const HELP_NUMBER = numberOf('818150101');

const home: PregAddress = pregAddress({
  postalType: 0,
  dateAdrFrom: dayIn('2015-06-01'),
  st: '3005',
  municipality: 'DRAMMEN',
  streetName: 'STORGATA',
  houseNumber: 1,
  postalAddress: 'STORGATA 1',
  postalCode: '3015',
  postalPlace: 'DRAMMEN',
});
const masked = (postalType: 4 | 6 | 7, label: string): PregAddress =>
  pregAddress({ postalType, postalAddress: label });

function living(address: Partial<PregAddress>): Partial<PregPerson> {
  return { addresses: [{ ...home, ...address }] };
}

function people(
  what: string,
  old: Partial<PregPerson>,
  fresh: Partial<PregPerson>,
  ...fields: readonly string[]
): Example {
  return { what, old: found(hit(pregPerson(old))), fresh: found(hit(pregPerson(fresh))), fields };
}

function homes(
  what: string,
  old: Partial<PregAddress>,
  fresh: Partial<PregAddress>,
  ...fields: readonly (keyof PregAddress)[]
): Example {
  return people(what, living(old), living(fresh), ...fields.map((field) => `addresses.${field}`));
}

function searches(
  what: string,
  [old, oldTotal = old.length]: readonly [readonly Partial<PregPerson>[], number?],
  [fresh, freshTotal = fresh.length]: readonly [readonly Partial<PregPerson>[], number?],
  ...fields: readonly string[]
): Example {
  const answer = (hits: readonly Partial<PregPerson>[], total: number): Answered => ({
    question: 'search',
    answer: { hits: hits.map((known) => hit(pregPerson(known))), total },
    isByAddress: true,
  });
  return { what, old: answer(old, oldTotal), fresh: answer(fresh, freshTotal), fields };
}

const lines = [1, 2, 3].map((line) => `addresses.addressLine${line}`);

function mail(line: string, postalPlace: string | null): PregAddress['mailing'] {
  return { lines: [line], postalCode: null, postalPlace, countryCode: null, isForeignStay: false };
}

const birth = dayIn('1950-12-31');

const examples: Readonly<Record<string, readonly Example[]>> = {
  'protected-in-new': [
    people(
      'a home that PREG still shows',
      living({}),
      { addresses: [masked(7, 'Sperret adr. fortrolig')] },
      ...['postalType', 'dateAdrFrom', 'st', 'municipality', 'streetName', 'houseNumber', 'postalCode'].map(
        (field) => `addresses.${field}`,
      ),
      'addresses.postalPlace',
      'addresses.postalAddress',
    ),
    people(
      'a stricter level',
      { addresses: [masked(4, 'Sperret adr. klientadr.')] },
      { addresses: [masked(6, 'Sperret adresse')] },
      'addresses.postalType',
      'addresses.postalAddress',
    ),
    people(
      'somebody without an address in PREG',
      {},
      { addresses: [masked(6, 'Sperret adresse')] },
      'addresses',
    ),
  ],
  'protected-label': [
    people(
      'the label of the years before 2023',
      { addresses: [masked(7, 'Sperret adresse')] },
      { addresses: [masked(7, 'Sperret adr. fortrolig')] },
      'addresses.postalAddress',
    ),
  ],
  'protected-not-searched': [
    searches(
      'somebody protected whom PREG found',
      [[{ addresses: [masked(6, 'Sperret adresse')] }]],
      [[]],
      'hits',
    ),
  ],
  'fresher-data': [
    people(
      'a death',
      { regStatus: 1, dateStatus: dayIn('1990-01-01'), deceased: false },
      { regStatus: 5, dateStatus: dayIn('2022-11-20'), deceased: true, dateOfDeath: dayIn('2022-11-20') },
      'regStatus',
      'dateStatus',
      'deceased',
      'dateOfDeath',
    ),
    people(
      'a marriage',
      { maritalStatus: 1, dateMaritalStatus: dayIn('1990-01-01') },
      { maritalStatus: 2, dateMaritalStatus: dayIn('2022-10-01'), spouseNIN: syntheticNumber(7) },
      'maritalStatus',
      'dateMaritalStatus',
      'spouseNIN',
    ),
    homes(
      'a move',
      {},
      {
        dateAdrFrom: dayIn('2022-11-01'),
        streetName: 'NYVEIEN',
        postalAddress: 'NYVEIEN 1',
        postalCode: '3016',
      },
      'dateAdrFrom',
      'streetName',
      'postalAddress',
      'postalCode',
    ),
    people(
      'an address that ended with a death',
      { ...living({}), dateStatus: dayIn('1990-01-01'), regStatus: 1 },
      { dateStatus: dayIn('2022-11-20'), regStatus: 5 },
      'addresses',
      'dateStatus',
      'regStatus',
    ),
  ],
  'new-person': [
    {
      what: 'a child of last week',
      old: found(undefined),
      fresh: found(hit(pregPerson({ dateOfBirth: dayIn('2022-11-15') }))),
      fields: ['person'],
    },
    searches('an immigrant', [[]], [[{ dateStatus: dayIn('2022-11-10') }]], 'hits'),
  ],
  'fresher-number': [
    people(
      'a number that gave way last week',
      { dateOfBirth: birth, supersededNINs: [syntheticNumber(1)], datesSuperseded: [dayIn('1990-01-01')] },
      {
        dateOfBirth: birth,
        oldNIN: syntheticNumber(2),
        supersededNINs: [syntheticNumber(2)],
        datesSuperseded: [dayIn('2022-11-18')],
      },
      'oldNIN',
      'supersededNINs',
    ),
  ],
  'fresher-name': [
    people(
      'a name of last week, where PREG tells no day',
      { givenName: 'KARI', sn: 'DAL' },
      { givenName: 'KARI', sn: 'BERG', dateName: dayIn('2022-11-18') },
      'sn',
      'dateName',
    ),
  ],
  'more-children': [
    people(
      'another child',
      { childrensNINs: [syntheticNumber(1)] },
      { childrensNINs: [syntheticNumber(2), syntheticNumber(1)] },
      'childrensNINs',
    ),
  ],
  'help-number': [
    {
      what: 'one that PREG does not know',
      old: found(undefined),
      fresh: found(hit(pregPerson({ nin: HELP_NUMBER }))),
      fields: ['person'],
    },
    searches('one found besides', [[]], [[{ nin: HELP_NUMBER }]], 'hits'),
  ],
  'other-numbers-kept': [
    people(
      'numbers that PREG did not list',
      { dateOfBirth: birth, supersededNINs: [syntheticNumber(1)] },
      {
        dateOfBirth: birth,
        oldNIN: syntheticNumber(1),
        supersededNINs: [syntheticNumber(2), syntheticNumber(1)],
      },
      'oldNIN',
      'supersededNINs',
    ),
  ],
  'listed-as-superseded': [
    people(
      'a former number that PREG tells as another one',
      { dateOfBirth: birth, supersededNINs: [], alternativeNINs: [syntheticNumber(3)] },
      { dateOfBirth: birth, supersededNINs: [syntheticNumber(3)], alternativeNINs: [] },
      'alternativeNINs',
    ),
  ].map((example) => ({ ...example, alsoExpected: { supersededNINs: 'other-numbers-kept' } })),
  'no-source': [
    people(
      'responsibility',
      { parentalResponsibility: 1, dateParentalResponsibility: dayIn('2000-01-01') },
      {},
      'parentalResponsibility',
      'dateParentalResponsibility',
    ),
    homes('coordinates', { xCoord: 6_650_000, yCoord: 600_000 }, {}, 'xCoord', 'yCoord'),
  ],
  'rarely-filled': [
    people(
      'citizenship',
      { citizenship: 'NORGE', citizenshipCode: '000', dateCitizenship: dayIn('1990-01-01') },
      {},
      'citizenship',
      'citizenshipCode',
      'dateCitizenship',
    ),
    people('a permit', {}, { workPermit: 'B' }, 'workPermit'),
  ],
  'left-blank': [
    {
      what: 'a home where the new register knows no fixed abode',
      old: found(hit(pregPerson(living({ dateAdrFrom: null })))),
      fresh: found(withoutAbode()),
      fields: ['municipality', 'streetName', 'houseNumber', 'postalAddress', 'postalCode', 'postalPlace'].map(
        (field) => `addresses.${field}`,
      ),
      unexplained: ['addresses.postalType'],
    },
  ],
  'status-left-blank': [
    {
      what: 'the status in the thinned view',
      old: found(hit(pregPerson({ regStatus: 4 }))),
      fresh: found(withThinnedStatus()),
      fields: ['regStatus'],
    },
  ],
  'merged-status': [
    people('annulled', { regStatus: 8 }, { regStatus: 9 }, 'regStatus'),
    people('out of the area', { regStatus: 2 }, { regStatus: 3 }, 'regStatus'),
  ],
  'status-of-d-number': [
    people('dead', { nin: D_NUMBER, regStatus: 2 }, { nin: D_NUMBER, regStatus: 5 }, 'regStatus'),
  ],
  'merged-permits': [people('work', { workPermit: 'A' }, { workPermit: 'O' }, 'workPermit')],
  'no-cadastral-number': [
    homes(
      'a street',
      { cadastralNumber: '12', propertyNumber: '3' },
      {},
      'cadastralNumber',
      'propertyNumber',
    ),
  ],
  'areas-not-told': [
    homes(
      'districts',
      { constituency: '0001', schoolDistrict: '0012' },
      {},
      'constituency',
      'schoolDistrict',
    ),
  ],
  requisitioner: [
    people(
      'a code of the authorities',
      { nin: D_NUMBER, ...living({ st: '2300' }) },
      { nin: D_NUMBER, ...living({}) },
      'addresses.st',
    ),
  ],
  'address-of-d-number': [people('a stay', { nin: D_NUMBER }, { nin: D_NUMBER, ...living({}) }, 'addresses')],
  'municipality-reform': [
    homes('a county of 2020', { st: '0602' }, {}, 'st'),
    homes(
      'municipalities that were joined',
      { st: '1102', municipality: 'FORSAND', constituency: '0002' },
      { st: '1108', municipality: 'SANDNES', constituency: '0009' },
      'st',
      'municipality',
      'constituency',
    ),
  ],
  'new-knows-more': [
    people(
      'parents',
      {},
      { mothersNIN: syntheticNumber(1), fathersNIN: syntheticNumber(2) },
      'mothersNIN',
      'fathersNIN',
    ),
    homes('a flat', {}, { apartmentNumber: 'H0101' }, 'apartmentNumber'),
  ],
  'former-spouse': [
    people(
      'a widow whom PREG still tells the spouse of',
      { maritalStatus: 3, spouseNIN: syntheticNumber(1) },
      { maritalStatus: 3 },
      'spouseNIN',
    ),
  ],
  'longer-history': [
    people(
      'a home of long ago',
      living({}),
      {
        addresses: [
          home,
          { ...home, currentAddress: false, dateAdrFrom: dayIn('1999-01-01'), postalAddress: 'GAMLEVEIEN 2' },
        ],
      },
      'addresses',
    ),
  ],
  'norway-written-out': [homes('the country', { country: 'Norge' }, {}, 'country')],
  'day-taken-down': [homes('the day of a move', {}, { dateAdrFrom: dayIn('2015-05-15') }, 'dateAdrFrom')],
  'day-of-permit': [
    people(
      'an end',
      { dateWorkPermit: dayIn('2030-01-01') },
      { dateWorkPermit: dayIn('2020-01-01') },
      'dateWorkPermit',
    ),
  ],
  'divided-otherwise': [
    people(
      'a middle name that PREG had among the given names',
      { givenName: 'KARI ANNE', sn: 'DAL' },
      { givenName: 'KARI', middleName: 'ANNE', sn: 'DAL' },
      'givenName',
      'middleName',
    ),
    homes(
      'lines',
      { addressLine1: 'POSTBOKS 1 SENTRUM', addressLine2: '0155 OSLO' },
      { addressLine1: 'POSTBOKS 1', addressLine2: 'SENTRUM', addressLine3: '0155 OSLO' },
      'addressLine1',
      'addressLine2',
      'addressLine3',
    ),
  ],
  'same-street-line': [
    homes('a line alone', { streetName: null, houseNumber: null }, {}, 'streetName', 'houseNumber'),
  ],
  'cut-text': [
    homes(
      'a long street',
      { streetName: 'PRINSESSE MÄRTHA LOUISES' },
      { streetName: 'PRINSESSE MÄRTHA LOUISES HAGE' },
      'streetName',
    ),
  ],
  'fewer-lines': [
    homes(
      'a farm',
      { addressLine1: 'STORGATA 1', addressLine2: '0155 OSLO' },
      { addressLine1: 'NEDRE GARD', addressLine2: 'STORGATA 1', addressLine3: '0155 OSLO' },
      'addressLine1',
      'addressLine2',
      'addressLine3',
    ),
  ],
  'shorter-mail': [
    {
      what: 'without the place',
      old: found(hit(pregPerson(living({ mailing: mail('POSTBOKS 1', null) })), { not: lines })),
      fresh: found(hit(pregPerson(living({ mailing: mail('PB 1', 'OSLO') })))),
      fields: ['addresses.mailing'],
    },
  ],
  abbreviated: [
    homes(
      'initials',
      { streetName: 'C J HAMBROS PLASS' },
      { streetName: 'CARL JOACHIM HAMBROS PLASS' },
      'streetName',
    ),
  ],
  'lost-letters': [
    people('a mark', { sn: '?NNESM?' }, { sn: 'ŠNNESMŽ' }, 'sn'),
    people('nothing', { givenName: 'JRGEN' }, { givenName: 'JØRGEN' }, 'givenName'),
  ],
  'shorter-code': [
    homes(
      'areas',
      { districtCode: '01', basicStatisticalUnit: 30051417 },
      { districtCode: '0301', basicStatisticalUnit: 1417 },
      'districtCode',
      'basicStatisticalUnit',
    ),
  ],
  'several-names-of-a-place': [
    homes('Sami', { municipality: 'TANA' }, { municipality: 'DEATNU - TANA' }, 'municipality'),
  ],
  'country-told-otherwise': [
    people('a number', { citizenship: '106' }, { citizenship: 'SVERIGE' }, 'citizenship'),
  ],
  'counted-otherwise': [searches('three more of a thousand', [[{}], 1_003], [[{}], 1_000], 'total')],
};

function withoutAbode(): ReturnType<typeof hit> {
  const { person, lineage } = hit(pregPerson({ addresses: [pregAddress({ postalType: 5, st: '3005' })] }));
  const blanks = [...lineage].map(
    ([place, origin]) => [place, { ...origin, blank: 'no fixed abode' }] as const,
  );
  return { person, lineage: new Map(blanks) };
}

function withThinnedStatus(): ReturnType<typeof hit> {
  const { person, lineage } = hit(pregPerson());
  const blank = 'Safety S7: the thinned view puts it in place of several statuses and cannot be told apart';
  return { person, lineage: new Map([...lineage, ['regStatus', { row: 'regStatus', sources: [], blank }]]) };
}

describe('expected differences', () => {
  it('each have an example here', () => {
    expect(Object.keys(examples).toSorted()).to.deep.equal(rules.rules.map(({ name }) => name).toSorted());
  });

  for (const [rule, cases] of Object.entries(examples)) {
    for (const { what, old, fresh, fields, alsoExpected, unexplained = [] } of cases) {
      it(`are found and called ${rule}: ${what}`, () => {
        const differences = comparer.compare({ preg: old, persontjenesten: fresh });
        expect(reasonsOf(differences)).to.deep.equal({
          ...Object.fromEntries(fields.map((field) => [field, rule])),
          ...alsoExpected,
          ...Object.fromEntries(unexplained.map((field) => [field, 'unexplained'])),
        });
      });
    }
  }
});
