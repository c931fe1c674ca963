import { expect } from 'chai';
import type { JsonObject } from '../../src/mapping/json.js';
import type { NationalId } from '../../src/person/national-id.js';
import type { PregPerson } from '../../src/person/preg-person.js';
import {
  OWN_NUMBER,
  discontinued,
  element,
  fixture,
  inUse,
  mapped,
  number,
  person,
  personWith,
} from '../support/person-documents.js';
import { syntheticNumber } from '../support/synthetic-number.js';

const [FIRST, SECOND, THIRD] = [syntheticNumber(1), syntheticNumber(2), syntheticNumber(3)];
const HELP = number('80000041770');

function withNumbers(numbers: readonly JsonObject[], nin?: NationalId): PregPerson {
  const document = person({ norwegianIdentificationNumber: [...numbers] });
  return mapped(document, nin === undefined ? {} : { nin }).person;
}

describe('the numbers of a person', () => {
  it('are the record’s own and nothing else for most people', () => {
    expect(withNumbers([inUse(OWN_NUMBER)])).to.deep.include({
      nin: OWN_NUMBER,
      newNIN: null,
      oldNIN: null,
      supersededNINs: [],
      alternativeNINs: [],
      dufNo: null,
    });
  });

  it('among several in use prefer the national one, then the D-number, then the help number', () => {
    const all = [
      inUse(HELP, { identificationNumberType: 'AlternateIdentificationNumber', validFrom: '2024-01-01' }),
      inUse(FIRST, { identificationNumberType: 'DNumber', validFrom: '2020-01-01' }),
      inUse(OWN_NUMBER, { validFrom: '1990-01-01' }),
    ];
    expect(withNumbers(all)).to.deep.include({ nin: OWN_NUMBER, alternativeNINs: [FIRST, HELP] });
    expect(withNumbers(all.slice(0, 2))).to.deep.include({ nin: FIRST, alternativeNINs: [HELP] });
    expect(withNumbers(all.slice(0, 1))).to.deep.include({ nin: HELP, alternativeNINs: [] });
  });

  it('of one kind prefer the newest', () => {
    const two = [inUse(FIRST, { validFrom: '1990-01-01' }), inUse(SECOND, { validFrom: '2001-01-01' })];
    expect(withNumbers(two)).to.deep.include({ nin: SECOND, alternativeNINs: [FIRST] });
  });

  it('out of use stand newest first, and the newest before the current one is OldNIN', () => {
    const numbers = [
      discontinued(FIRST, { validFrom: '1976-01-01' }),
      inUse(OWN_NUMBER, { validFrom: '2017-01-01' }),
      discontinued(SECOND, { validFrom: '1989-01-01' }),
    ];
    expect(withNumbers(numbers)).to.deep.include({
      oldNIN: SECOND,
      newNIN: null,
      supersededNINs: [SECOND, FIRST],
    });
  });

  it('out of use ended on their own day, else when the next one began, else nobody knows when', () => {
    const numbers = [
      inUse(OWN_NUMBER, { validFrom: '2017-01-01' }),
      discontinued(SECOND, { validFrom: '1989-01-01', validTo: '2016-12-24T00:00:00Z' }),
      discontinued(FIRST, { validFrom: '1976-01-01' }),
      discontinued(THIRD, { validFrom: '2018-01-01' }),
    ];
    expect(withNumbers(numbers)).to.deep.include({
      supersededNINs: [THIRD, SECOND, FIRST],
      datesSuperseded: [null, '2016-12-24', '1989-01-01'],
    });
  });

  it('prefer for OldNIN one that is older than the current one over one lost in a merger', () => {
    const numbers = [
      inUse(OWN_NUMBER, { validFrom: '2000-01-01' }),
      discontinued(FIRST, { validFrom: '1990-01-01' }),
      discontinued(SECOND, { validFrom: '2010-01-01' }),
    ];
    expect(withNumbers(numbers)).to.deep.include({ oldNIN: FIRST, supersededNINs: [SECOND, FIRST] });
    expect(withNumbers(numbers.filter((_, index) => index !== 1)).oldNIN).to.equal(SECOND);
  });

  it('of a record out of use name its successor and its own predecessors', () => {
    const numbers = [
      inUse(OWN_NUMBER, { validFrom: '2017-01-01' }),
      discontinued(SECOND, { validFrom: '1989-01-01' }),
      discontinued(FIRST, { validFrom: '1976-01-01' }),
      discontinued(THIRD, { validFrom: '1995-01-01' }),
    ];
    expect(withNumbers(numbers, SECOND)).to.deep.include({
      nin: SECOND,
      newNIN: OWN_NUMBER,
      oldNIN: FIRST,
      supersededNINs: [FIRST],
    });
    expect(withNumbers([discontinued(SECOND)], SECOND)).to.include({ newNIN: null, oldNIN: null });
  });

  it('count as out of use when an ended element has no status, and as neither when nobody knows it', () => {
    const ended = { identificationNumber: FIRST, isValid: false };
    expect(withNumbers([inUse(OWN_NUMBER), ended]).supersededNINs).to.deep.equal([FIRST]);
    const odd = inUse(FIRST, { status: 'Sleeping' });
    expect(withNumbers([inUse(OWN_NUMBER), odd])).to.deep.include({
      supersededNINs: [],
      alternativeNINs: [],
    });
    expect(withNumbers([inUse(OWN_NUMBER), odd], FIRST)).to.include({ newNIN: null, regStatus: null });
  });

  it('of a kind that nobody knows are left out, and reported', () => {
    const odd = { identificationNumberType: 'EuropeanHealthNumber' };
    const translated = mapped(
      person({
        norwegianIdentificationNumber: [inUse(OWN_NUMBER), inUse(FIRST, odd), discontinued(SECOND, odd)],
      }),
    );
    expect(translated.person).to.deep.include({
      nin: OWN_NUMBER,
      supersededNINs: [],
      alternativeNINs: [],
      oldNIN: null,
    });
    expect(translated.unmapped).to.deep.equal(
      [1, 2].map(() => ({
        row: 'norwegianIdentificationNumber[every].identificationNumberType',
        value: 'EuropeanHealthNumber',
      })),
    );
  });

  it('that are not digits are no numbers', () => {
    expect(withNumbers([inUse(OWN_NUMBER), inUse('X-417'), inUse('123')])).to.deep.include({
      alternativeNINs: [],
    });
  });

  it('of the immigration authorities are DUF numbers when they have twelve digits', () => {
    const duf = (...numbers: string[]): JsonObject => ({
      immigrationAuthoritiesIdentificationNumber: numbers.map((text, index) =>
        element({ identificationNumber: text, validFrom: `200${9 - index}-01-01` }),
      ),
    });
    expect(personWith(duf('209900000417')).dufNo).to.equal('209900000417');
    expect(personWith(duf('ABC123', '20990000041', '209900000417')).dufNo).to.equal('209900000417');
    expect(personWith(duf('ABC123')).dufNo).to.equal(null);
  });

  it('of the fixtures are told under the number that is asked for ("Decided" 1)', () => {
    expect(mapped(fixture('38'), { nin: number('04907635029') }).person).to.deep.include({
      regStatus: 6,
      dateStatus: '1989-03-01',
      newNIN: '04917604156',
      oldNIN: null,
    });
    expect(mapped(fixture('38'), { nin: number('04917603443') }).person).to.deep.include({
      regStatus: 6,
      dateStatus: '2017-05-17',
      newNIN: '04917604156',
      oldNIN: '04907635029',
    });
    expect(mapped(fixture('38')).person).to.deep.include({
      regStatus: 1,
      newNIN: null,
      oldNIN: '04917603443',
      supersededNINs: ['04917603443', '04907635029'],
      datesSuperseded: ['2017-05-17', '1989-03-01'],
    });
    expect(mapped(fixture('39'), { nin: number('42929225044') }).person).to.deep.include({
      regStatus: 1,
      newNIN: '02929225050',
    });
    expect(mapped(fixture('40'), { nin: number('03836719424') }).person).to.deep.include({
      regStatus: 6,
      dateStatus: '2013-11-05',
      newNIN: '03836718045',
    });
    expect(mapped(fixture('41'), { nin: number('59878343330') }).person).to.deep.include({
      regStatus: 1,
      newNIN: '58878347585',
    });
  });
});
