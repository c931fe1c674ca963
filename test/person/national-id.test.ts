import { expect } from 'chai';
import fc from 'fast-check';
import {
  NationalIdKind,
  checkDigitsFor,
  hasCheckDigitsFrom2032,
  hasRegularCheckDigits,
  isNationalId,
  kindOf,
} from '../../src/person/national-id.js';
import { number } from '../support/person-documents.js';

const digits = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.integer({ min: 0, max: 9 }).map(String), minLength: length, maxLength: length });

describe('national identity numbers', () => {
  it('are eleven digits, or twelve for DUF', () => {
    fc.assert(fc.property(digits(11), (text) => isNationalId(text)));
    fc.assert(fc.property(digits(12), (text) => isNationalId(text)));
    for (const text of [
      '',
      '1234567890',
      '1234567890123',
      ' 12345678901',
      '12345678901\n',
      '1234567890a',
      '+1234567890',
      '１２３４５６７８９０１',
      '123456 78901',
    ]) {
      expect(isNationalId(text), JSON.stringify(text)).to.equal(false);
    }
  });

  it('tell their kind by length and first digit alone', () => {
    const kinds = new Map([
      ['0', NationalIdKind.NationalIdentityNumber],
      ['3', NationalIdKind.NationalIdentityNumber],
      ['4', NationalIdKind.DNumber],
      ['7', NationalIdKind.DNumber],
      ['8', NationalIdKind.HelpNumber],
      ['9', NationalIdKind.HelpNumber],
    ]);
    for (const [first, kind] of kinds) {
      expect(kindOf(number(`${first}1810000000`)), first).to.equal(kind);
      expect(kindOf(number(`${first}18100000000`)), `DUF ${first}`).to.equal(NationalIdKind.DufNumber);
    }
  });

  it('have the check digits of known vectors', () => {
    expect(checkDigitsFor('800000000')).to.equal('98');
    expect(checkDigitsFor('000000000')).to.equal('00');
    expect(checkDigitsFor('800000417')).to.equal('70');
    expect(checkDigitsFor('118684262')).to.equal('35');
  });

  it('have no check digits where a remainder gives ten', () => {
    // Sum of the first weights 3·1 + 9·1 = 12: remainder 1, so the digit would be ten.
    expect(checkDigitsFor('100001000')).to.equal(undefined);
    // First digit 8 by 3·1; second sum 5·1 + 2·8 = 21: the digit is 1.
    expect(checkDigitsFor('100000000')).to.equal('81');
  });

  it('satisfy the two sums of the rule whenever they have check digits', () => {
    const sum = (text: string, weights: readonly number[]): number =>
      weights.reduce((total, weight, index) => total + weight * Number(text.charAt(index)), 0);
    fc.assert(
      fc.property(digits(9), (nine) => {
        const check = checkDigitsFor(nine);
        if (check === undefined) return true;
        const eleven = nine + check;
        return (
          sum(eleven, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
          sum(eleven, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
        );
      }),
    );
  });

  it('notice each wrong digit', () => {
    fc.assert(
      fc.property(
        digits(9),
        fc.integer({ min: 0, max: 10 }),
        fc.integer({ min: 1, max: 9 }),
        (nine, place, added) => {
          const check = checkDigitsFor(nine);
          if (check === undefined) return;
          const right = nine + check;
          const wrong =
            right.slice(0, place) +
            String((Number(right.charAt(place)) + added) % 10) +
            right.slice(place + 1);
          expect(hasRegularCheckDigits(number(right))).to.equal(true);
          expect(hasRegularCheckDigits(number(wrong))).to.equal(false);
        },
      ),
    );
  });

  it('need no check digits for DUF', () => {
    fc.assert(fc.property(digits(12), (text) => hasRegularCheckDigits(number(text))));
  });

  it('may be looked up with odd check digits (Safety S6)', () => {
    expect(isNationalId('80000000099')).to.equal(true);
    expect(hasRegularCheckDigits(number('80000000099'))).to.equal(false);
  });

  it('may leave 0 to 3 at the first check digit from 2032 on, and nothing at the second', () => {
    // The first sum is 7·7 = 49, five more than a multiple of 11: 6 leaves nothing, 7, 8 and 9 leave 1, 2 and 3. The second sum
    // is 4·7 and twice the first check digit.
    const eachEnd = Array.from({ length: 100 }, (_, end) =>
      number(`070000000${String(end).padStart(2, '0')}`),
    );
    expect(eachEnd.filter(hasCheckDigitsFrom2032)).to.deep.equal([
      '07000000064',
      '07000000072',
      '07000000080',
      '07000000099',
    ]);
    expect(eachEnd.filter(hasRegularCheckDigits)).to.deep.equal(['07000000064']);
    fc.assert(fc.property(digits(12), (text) => hasCheckDigitsFrom2032(number(text))));
  });
});
