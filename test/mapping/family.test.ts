import { expect } from 'chai';
import { isJsonList, type JsonObject } from '../../src/mapping/json.js';
import type { PregPerson } from '../../src/person/preg-person.js';
import { OWN_NUMBER, day, discontinued, element, inUse, personWith } from '../support/person-documents.js';
import { syntheticNumber } from '../support/synthetic-number.js';

const [MOTHER, FATHER, CO_MOTHER, OTHER] = [1, 2, 3, 4].map((index) => syntheticNumber(index));

function relation(
  relatedPersonsRole: string,
  relatedPerson: string | null | undefined,
  members: JsonObject = {},
): JsonObject {
  return element({ relatedPersonsRole, relatedPerson, ...members });
}

function withRelations(...familyRelation: JsonObject[]): PregPerson {
  return personWith({ familyRelation });
}

describe('family', () => {
  it('names mother, father and children by number', () => {
    const family = withRelations(
      relation('Mother', MOTHER),
      relation('Father', FATHER),
      relation('Child', OTHER),
      relation('Child', CO_MOTHER),
      relation('Child', OTHER),
    );
    expect(family).to.deep.include({
      mothersNIN: MOTHER,
      fathersNIN: FATHER,
      childrensNINs: [OTHER, CO_MOTHER],
    });
  });

  it('has no place for siblings and stillborn children', () => {
    const family = withRelations(relation('Sibling', OTHER), relation('StillbornChild', OTHER));
    expect(family).to.deep.include({
      mothersNIN: null,
      fathersNIN: null,
      spouseNIN: null,
      childrensNINs: [],
    });
  });

  it('leaves out relatives without a number and relations that have ended', () => {
    const family = withRelations(
      relation('Mother', null, { relatedPersonWithoutIdentifier: { gender: 'Female' } }),
      relation('Child', undefined),
      relation('Father', FATHER, { isValid: false }),
    );
    expect(family).to.deep.include({ mothersNIN: null, fathersNIN: null, childrensNINs: [] });
  });

  describe('a co-mother ("Decided" 3)', () => {
    it('stands in the father’s field when there is no father', () => {
      expect(withRelations(relation('CoMother', CO_MOTHER)).fathersNIN).to.equal(CO_MOTHER);
    });

    it('does not stand there when there is one, even one without a number', () => {
      expect(withRelations(relation('CoMother', CO_MOTHER), relation('Father', FATHER)).fathersNIN).to.equal(
        FATHER,
      );
      expect(withRelations(relation('CoMother', CO_MOTHER), relation('Father', null)).fathersNIN).to.equal(
        null,
      );
    });
  });

  describe('the spouse', () => {
    const married = (number: string | null): JsonObject => ({
      maritalStatus: [element({ status: 'Married', relatedByMaritalStatus: number })],
    });

    it('is the one the marital status names', () => {
      expect(
        personWith({ ...married(OTHER ?? null), familyRelation: [relation('SpouseOrPartner', FATHER)] })
          .spouseNIN,
      ).to.equal(OTHER);
    });

    it('is else the one the family relations name', () => {
      for (const marriage of [married(null), {}])
        expect(
          personWith({ ...marriage, familyRelation: [relation('SpouseOrPartner', FATHER)] }).spouseNIN,
        ).to.equal(FATHER);
    });

    it('is nobody when the current element names nobody', () => {
      const former = { status: 'Married', relatedByMaritalStatus: OTHER, isValid: false };
      expect(personWith({ maritalStatus: [element({ status: 'WidowOrWidower' }), former] })).to.include({
        spouseNIN: null,
        maritalStatus: 3,
      });
    });
  });

  it('dates the marital status by its own date, else by when the element began', () => {
    const marital = (members: JsonObject): JsonObject => ({
      maritalStatus: [element({ status: 'Married', validFrom: '2011-01-01', ...members })],
    });
    expect(personWith(marital({ statusDate: '2010-06-12T00:00:00Z' })).dateMaritalStatus).to.equal(
      '2010-06-12',
    );
    expect(personWith(marital({})).dateMaritalStatus).to.equal('2011-01-01');
    expect(personWith(marital({ statusDate: 'i fjor' })).dateMaritalStatus).to.equal('2011-01-01');
  });

  for (const [status, code] of [
    ['Unspecified', 0],
    ['Unmarried', 1],
    ['Married', 2],
    ['WidowOrWidower', 3],
    ['Divorced', 4],
    ['Separated', 5],
    ['RegisteredPartner', 6],
    ['SeparatedPartner', 7],
    ['DivorcedPartner', 8],
    ['SurvivingPartner', 9],
  ] as const) {
    it(`has ${status} as ${code}`, () => {
      expect(personWith({ maritalStatus: [element({ status })] }).maritalStatus).to.equal(code);
    });
  }
});

describe('custody', () => {
  const child = (members: JsonObject, birthDate: string | null = '2015-05-05T00:00:00Z'): JsonObject => ({
    birth: [element({ birthDate })],
    parentalResponsibility: [
      element({
        responsibilityType: 'Mother',
        subjectOfResponsibility: OWN_NUMBER,
        responsible: MOTHER,
        validFrom: '2016-07-08T00:00:00Z',
        ...members,
      }),
    ],
  });

  for (const [type, letter] of [
    ['Joint', 'D'],
    ['Mother', 'M'],
    ['Father', 'F'],
    ['CoMother', 'A'],
    ['Other', 'A'],
    ['Unknown', 'U'],
    ['Odd', null],
  ] as const) {
    it(`by ${type} is ${String(letter)}`, () => {
      expect(personWith(child({ responsibilityType: type })).custody).to.equal(letter);
    });
  }

  it('is dated, and leaves ParentalResponsibility blank under either fill ("Decided" 5)', () => {
    for (const fill of ['faithful', 'rich'] as const)
      expect(personWith(child({}), { fill })).to.include({
        custody: 'M',
        dateCustody: '2016-07-08',
        parentalResponsibility: null,
        dateParentalResponsibility: null,
      });
  });

  it('is the child’s own matter: a parent’s document has the child as subject', () => {
    expect(personWith(child({ subjectOfResponsibility: OTHER, responsible: OWN_NUMBER })).custody).to.equal(
      null,
    );
    expect(
      personWith(
        child({
          subjectOfResponsibility: null,
          subjectOfResponsibilityWithoutIdentifier: { gender: 'Male' },
        }),
      ).custody,
    ).to.equal(null);
  });

  it('without a subject is the document’s own, unless the person is the one responsible', () => {
    expect(personWith(child({ subjectOfResponsibility: null })).custody).to.equal('M');
    expect(personWith(child({ subjectOfResponsibility: null, responsible: OWN_NUMBER })).custody).to.equal(
      null,
    );
  });

  it('knows the child by a former number', () => {
    const numbers = { norwegianIdentificationNumber: [inUse(OWN_NUMBER), discontinued(OTHER ?? '')] };
    expect(personWith({ ...numbers, ...child({ subjectOfResponsibility: OTHER }) }).custody).to.equal('M');
  });

  it('passes over the elements of other children to find the own one', () => {
    const own = child({ responsibilityType: 'Joint', validFrom: '2016-01-01' });
    const others = element({
      responsibilityType: 'Mother',
      subjectOfResponsibility: OTHER,
      validFrom: '2024-01-01',
    });
    const list = own['parentalResponsibility'];
    expect(
      personWith({ ...own, parentalResponsibility: [others, ...(isJsonList(list) ? list : [])] }).custody,
    ).to.equal('D');
  });

  describe('ends on the eighteenth birthday', () => {
    for (const [birth, today, letter] of [
      ['2007-03-02', '2025-03-01', 'M'],
      ['2007-03-01', '2025-03-01', null],
      ['2008-02-29', '2026-02-28', 'M'],
      ['2008-02-29', '2026-03-01', null],
      ['2025-02-28', '2025-03-01', 'M'],
      ['1980-01-01', '2025-03-01', null],
    ] as const) {
      it(`born ${birth}, on ${today}: ${String(letter)}`, () => {
        const translated = personWith(child({}, birth), { today: day(today) });
        expect(translated.custody).to.equal(letter);
        expect(translated.dateCustody).to.equal(letter === null ? null : '2016-07-08');
      });
    }

    it('and is blank for those whose age nobody knows', () => {
      expect(personWith(child({}, null)).custody).to.equal(null);
      expect(personWith({ ...child({}), birth: [element({ birthYear: '2015' })] }).custody).to.equal(null);
    });
  });
});
