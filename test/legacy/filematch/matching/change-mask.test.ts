import { expect } from 'chai';
import fc from 'fast-check';
import { changeMask, type NumberFinding } from '../../../../src/legacy/filematch/matching/change-mask.js';
import type { InputRow } from '../../../../src/legacy/filematch/record.js';
import { fieldGroups, type FieldGroup } from '../../../../src/person/field-groups.js';
import type { PregAddress, PregPerson } from '../../../../src/person/preg-person.js';
import { inputRow } from '../../../support/filematch-rows.js';
import { runs } from '../../../support/long-runs.js';
import { dayIn, pregAddress, pregPerson } from '../../../support/preg-person.js';

const BIRTH = dayIn('1981-03-12');
const home: Partial<PregAddress> = {
  postalAddress: 'PRØVEVEIEN 12 B',
  postalCode: '0484',
  st: '0301',
  postalType: 0,
};
const known: Partial<PregPerson> = {
  sn: 'LØV',
  givenName: 'KARI',
  middleName: 'ÆREKJÆR',
  dateOfBirth: BIRTH,
  regStatus: 1,
};
const told: Partial<InputRow> = {
  surname: 'Løv',
  givenName: 'Kari',
  middleName: 'Ærekjær',
  dateOfBirth: BIRTH,
  sex: 'K',
  street: 'Prøveveien 12 B',
  postalCode: '0484',
  municipality: '0301',
};

interface Case {
  readonly row?: Partial<InputRow>;
  readonly person?: Partial<PregPerson>;
  readonly address?: Partial<PregAddress> | null;
  readonly number?: NumberFinding;
  readonly sex?: string;
  readonly visible?: readonly FieldGroup[];
}

function maskOf({
  row = {},
  person = {},
  address = {},
  number = 'same',
  sex = 'K',
  visible = fieldGroups,
}: Case): string {
  return changeMask({
    row: inputRow({ ...told, ...row }),
    person: pregPerson({
      ...known,
      addresses: address === null ? [] : [pregAddress({ ...home, ...address })],
      ...person,
    }),
    number,
    sex,
    visible: new Set(visible),
  });
}

const blankRow: Partial<InputRow> = {
  surname: '',
  givenName: '',
  middleName: '',
  dateOfBirth: null,
  sex: '',
  street: '',
  postalCode: '',
  municipality: '',
};

describe('the change mask', () => {
  it('is all zeros where nothing differs', () => {
    expect(maskOf({})).to.equal('000000000000');
  });

  const differing: readonly (readonly [what: string, one: Case, mask: string])[] = [
    ['another number in use', { number: 'another' }, '100000000000'],
    ['a number found by search', { number: 'found-by-search' }, '200000000000'],
    ['the surname', { row: { surname: 'LOEV' } }, '010000000000'],
    ['the given name', { row: { givenName: 'KARI ANNE' } }, '001000000000'],
    ['the middle name', { row: { middleName: 'AEREKJAER' } }, '000100000000'],
    ['the birth date', { row: { dateOfBirth: dayIn('1981-12-03') } }, '000010000000'],
    ['the sex', { row: { sex: 'M' } }, '000001000000'],
    ['a sex that is none', { row: { sex: 'X' } }, '000001000000'],
    ['the street line', { row: { street: 'Prøveveien 12B' } }, '000000100000'],
    ['the postal code', { row: { postalCode: '484' } }, '000000010000'],
    ['the municipality', { row: { municipality: '301' } }, '000000001000'],
    ['the registration status', { person: { regStatus: 5 } }, '000000000100'],
    ['no fixed abode', { address: { postalType: 5, postalAddress: null, postalCode: null } }, '000000000001'],
  ];
  for (const [what, one, mask] of differing) {
    it(`tells ${what}`, () => {
      expect(maskOf(one)).to.equal(mask);
    });
  }

  it('compares as 2.6 says, and folds nothing more', () => {
    expect(maskOf({ row: { sex: 'k', surname: ' løv ', middleName: 'ærekjær' } })).to.equal('000000000000');
    expect(maskOf({ row: { givenName: 'AASE-marie' }, person: { givenName: 'ÅSE MARIE' } })).to.equal(
      '000000000000',
    );
    expect(maskOf({ row: { surname: 'LÖV' } })).to.equal('010000000000');
  });

  it('tells what the register fills in', () => {
    expect(maskOf({ row: blankRow })).to.equal('022222222000');
  });

  it('has nothing to compare where the register is blank', () => {
    const person: Partial<PregPerson> = {
      sn: null,
      givenName: null,
      middleName: null,
      dateOfBirth: null,
      regStatus: null,
    };
    expect(maskOf({ person, address: null, sex: '' })).to.equal('000000000000');
    expect(maskOf({ row: blankRow, person, address: null, sex: '' })).to.equal('000000000000');
  });

  it('takes a blank name for a name as soon as the register tells any', () => {
    expect(maskOf({ person: { middleName: null } })).to.equal('000100000000');
    expect(maskOf({ person: { middleName: null }, row: { middleName: '' } })).to.equal('000000000000');
    expect(maskOf({ person: { givenName: null, middleName: null } })).to.equal('001100000000');
  });

  it('compares the address that holds today', () => {
    const addresses = [
      pregAddress({ ...home, postalCode: '5003', currentAddress: false }),
      pregAddress(home),
    ];
    expect(maskOf({ person: { addresses } })).to.equal('000000000000');
  });

  for (const postalType of [4, 6, 7]) {
    it(`withholds a protected address (PostalType ${postalType})`, () => {
      const address = { postalType, postalAddress: 'SPERRET ADRESSE', postalCode: null, st: null };
      const expected = '000000333001';
      expect(maskOf({ address })).to.equal(expected);
      expect(maskOf({ address, row: { street: '', postalCode: '', municipality: '' } })).to.equal(expected);
      // Whatever else a source might leave in the record.
      expect(maskOf({ address: { postalType } })).to.equal(expected);
      expect(maskOf({ address: { postalType }, row: { street: 'Sperret adresse' } })).to.equal(expected);
    });
  }

  it('withholds what the profile does not grant, group by group', () => {
    const without = (group: FieldGroup): string =>
      maskOf({ visible: fieldGroups.filter((one) => one !== group) });
    expect(without('names')).to.equal('033300000000');
    expect(without('birth')).to.equal('000030000000');
    expect(without('gender')).to.equal('000003000000');
    expect(without('addresses')).to.equal('000000333003');
    expect(without('status')).to.equal('000000000300');
    expect(maskOf({ visible: [] })).to.equal('033333333303');
  });

  describe('for whatever is told and known', () => {
    const text = fc.constantFrom('', 'A', 'Aa', 'Å', 'B-C', 'B C');
    const maybe = fc.option(text, { nil: null });
    const rows = fc.record({
      surname: text,
      givenName: text,
      middleName: text,
      dateOfBirth: fc.option(fc.constantFrom(BIRTH, dayIn('1981-03-13'))),
      sex: fc.constantFrom('', 'M', 'K', 'x'),
      street: text,
      postalCode: text,
      municipality: text,
    });
    const addresses = fc.record({
      postalAddress: maybe,
      postalCode: maybe,
      st: maybe,
      postalType: fc.option(fc.integer({ min: 0, max: 8 })),
    });
    const cases = fc.record({
      row: rows,
      person: fc.record({
        sn: maybe,
        givenName: maybe,
        middleName: maybe,
        regStatus: fc.option(fc.integer({ min: 1, max: 9 })),
      }),
      address: fc.option(addresses),
      number: fc.constantFrom<NumberFinding>('same', 'another', 'found-by-search'),
      sex: fc.constantFrom('', 'M', 'K'),
      visible: fc.subarray([...fieldGroups]),
    });

    it('has twelve positions of 0 to 3, with a 0 at the eleventh', () => {
      fc.assert(
        fc.property(cases, (one) => /^[0-3]{10}0[013]$/.test(maskOf(one))),
        { numRuns: runs(500) },
      );
    });

    it('does not depend on what it withholds', () => {
      const hidden: Case = {
        person: { sn: 'X', givenName: 'Y', middleName: 'Z', dateOfBirth: dayIn('2001-01-01'), regStatus: 5 },
        address: { postalAddress: 'X', postalCode: 'Y', st: 'Z', postalType: 7 },
        sex: 'M',
      };
      fc.assert(
        fc.property(cases, (one) => {
          const mask = maskOf(one);
          const { visible } = one;
          const groups: readonly (FieldGroup | null)[] = [
            null,
            'names',
            'names',
            'names',
            'birth',
            'gender',
            'addresses',
            'addresses',
            'addresses',
            'status',
            null,
            'addresses',
          ];
          const other = maskOf({ ...one, ...hidden });
          for (const [index, group] of groups.entries()) {
            if (group !== null && !visible.includes(group)) {
              expect(mask.charAt(index) + other.charAt(index), `${index + 1}`).to.equal('33');
            }
          }
        }),
        { numRuns: runs(300) },
      );
    });
  });
});
