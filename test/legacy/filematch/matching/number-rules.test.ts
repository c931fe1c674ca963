import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import fc from 'fast-check';
import { problemOfNumber } from '../../../../src/legacy/filematch/matching/number-rules.js';
import { checkDigitsFor } from '../../../../src/person/national-id.js';
import { elementsOf, textAt } from '../../../../src/sandbox/population/person-document.js';
import { Population } from '../../../../src/sandbox/population/population.js';
import { runs } from '../../../support/long-runs.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

/** The nine digits with their check digits; with a later individual number where the rule has none. */
function numberOf(sixDigits: string, individual: number): string {
  for (let serial = individual; serial < individual + 20; serial += 1) {
    const nine = sixDigits + String(serial).padStart(3, '0');
    const check = checkDigitsFor(nine);
    if (check !== undefined) return nine + check;
  }
  throw new RangeError('no number');
}

function problem(sixDigits: string, individual: number): string | undefined {
  return problemOfNumber(numberOf(sixDigits, individual), 'until-2032');
}

describe('the rules for numbers', () => {
  it('take synthetic numbers, D-numbers of such and help numbers', () => {
    expect(problem('018150', 100), 'month + 80').to.equal(undefined);
    expect(problem('016650', 100), 'month + 65').to.equal(undefined);
    expect(problem('419250', 100), 'day + 40, month + 80').to.equal(undefined);
    expect(problem('717750', 100), 'day + 40, month + 65').to.equal(undefined);
    expect(problem('800000', 10), 'help number').to.equal(undefined);
    expect(problem('999999', 10), 'help number without a day').to.equal(undefined);
  });

  it('refuse what is not eleven digits (E001)', () => {
    for (const text of [
      '1',
      '1281500000',
      '128150000000',
      '1281500000a',
      '12815 00000',
      '１２８１５０００００１',
      '-1281500001',
    ]) {
      expect(problemOfNumber(text, 'until-2032'), text).to.equal('E001');
    }
  });

  it('refuse wrong check digits (E002), whichever of the two', () => {
    const right = syntheticNumber();
    for (const place of [9, 10]) {
      const digit = String((Number(right.charAt(place)) + 1) % 10);
      const wrong = right.slice(0, place) + digit + right.slice(place + 1);
      expect(problemOfNumber(wrong, 'until-2032')).to.equal('E002');
    }
    expect(problemOfNumber('80000000000', 'until-2032'), 'of a help number').to.equal('E002');
  });

  it('refuse days and months that there are not (E003)', () => {
    for (const six of ['008150', '328150', '319150', '308250', '317150', '408150', '728150', '719150']) {
      expect(problem(six, 100), six).to.equal('E003');
    }
    for (const six of ['018050', '019350', '017850', '016550', '013350', '010050', '014050', '015350']) {
      expect(problem(six, 100), six).to.equal('E003');
    }
  });

  it('name a wrong check digit before a wrong day', () => {
    expect(problemOfNumber('00815010000', 'until-2032')).to.equal('E002');
  });

  it('know 29 February by the century of the individual number', () => {
    expect(problem('298200', 100), '1900').to.equal('E003');
    expect(problem('298200', 500), '2000').to.equal(undefined);
    expect(problem('298204', 100), '1904').to.equal(undefined);
    expect(problem('298201', 600), '2001').to.equal('E003');
    expect(problem('698200', 100), 'D-number of 1900').to.equal('E003');
    expect(problem('698200', 180), 'D-number of 1900').to.equal('E003');
    expect(problem('698200', 200), 'D-number of 2000, by the series of 2021').to.equal(undefined);
  });

  it('hold national identity numbers to the series of their centuries (E003)', () => {
    const series: readonly (readonly [year: string, individual: number, isTaken: boolean])[] = [
      ['54', 500, true],
      ['99', 730, true],
      ['53', 500, false],
      ['54', 760, false],
      ['99', 870, false],
      ['00', 0, true],
      ['99', 470, true],
      ['40', 900, true],
      ['40', 860, false],
      ['39', 500, true],
      ['39', 970, true],
      ['00', 970, true],
    ];
    for (const [year, individual, isTaken] of series) {
      const expected = isTaken ? undefined : 'E003';
      expect(problem(`0181${year}`, individual), `${year} ${individual}`).to.equal(expected);
    }
  });

  it('take every individual number of D-numbers, whose series were widened in 2021', () => {
    for (const year of ['00', '39', '40', '57', '99']) {
      for (const individual of [0, 180, 200, 480, 500, 580, 600, 860, 970]) {
        expect(problem(`4181${year}`, individual), `${year} ${individual}`).to.equal(undefined);
      }
    }
  });

  it('keep internal H-numbers inside whatever else is wrong with them (E008)', () => {
    for (const text of [
      '01415010000',
      '01525010000',
      '41455010000',
      '71525010000',
      '00415010000',
      '79415010000',
    ]) {
      expect(problemOfNumber(text, 'until-2032'), text).to.equal('E008');
      expect(problemOfNumber(text, 'from-2032'), text).to.equal('E008');
    }
    expect(problem('804150', 10), 'a help number has no month').to.equal(undefined);
  });

  describe('from 2032', () => {
    /** Numbers of nine digits by what the first sum leaves. */
    const withRemainder = (nine: string, remainder: number): string | undefined => {
      for (let check = 0; check < 100; check += 1) {
        const text = nine + String(check).padStart(2, '0');
        const sum = (weights: readonly number[]): number =>
          weights.reduce((total, weight, index) => total + weight * Number(text.charAt(index)), 0) % 11;
        if (sum([3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) === remainder && sum([5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) === 0)
          return text;
      }
      return undefined;
    };

    it('take remainders 0 to 3 of the first check digit, and no others', () => {
      for (let remainder = 0; remainder < 11; remainder += 1) {
        const found = Array.from({ length: 40 }, (_, index) =>
          withRemainder(`018150${String(100 + index)}`, remainder),
        ).filter((text) => text !== undefined);
        expect(found).to.not.deep.equal([]);
        for (const text of found) {
          const expected = remainder <= 3 ? undefined : 'E002';
          expect(problemOfNumber(text, 'from-2032'), `remainder ${remainder}`).to.equal(expected);
          const before = remainder === 0 ? undefined : 'E002';
          expect(problemOfNumber(text, 'until-2032'), `remainder ${remainder} before`).to.equal(before);
        }
      }
    });

    it('take individual numbers of no century', () => {
      const number = numberOf('018153', 760);
      expect(problemOfNumber(number, 'until-2032')).to.equal('E003');
      expect(problemOfNumber(number, 'from-2032')).to.equal(undefined);
      expect(problemOfNumber(numberOf('298200', 100), 'from-2032')).to.equal(undefined);
      expect(problemOfNumber(numberOf('298201', 100), 'from-2032')).to.equal('E003');
    });

    it('take whatever the rule before takes', () => {
      const two = (min: number, max: number): fc.Arbitrary<string> =>
        fc.integer({ min, max }).map((value) => String(value).padStart(2, '0'));
      const nine = fc
        .tuple(two(1, 72), two(81, 92), two(0, 99), fc.integer({ min: 0, max: 999 }))
        .map(([day, month, year, serial]) => day + month + year + String(serial).padStart(3, '0'));
      let taken = 0;
      fc.assert(
        fc.property(nine, (digits) => {
          const number = digits + (checkDigitsFor(digits) ?? '00');
          if (problemOfNumber(number, 'until-2032') !== undefined) return;
          taken += 1;
          expect(problemOfNumber(number, 'from-2032')).to.equal(undefined);
        }),
        { numRuns: runs(500) },
      );
      expect(taken).to.be.greaterThan(50);
    });
  });

  it('take every number of the people of the sandbox', async function () {
    this.timeout(20_000);
    const persons = fileURLToPath(new URL('../../../../../fixtures/persons', import.meta.url));
    const population = await Population.create({ personFolders: [persons], generated: 500, seed: 1 });
    const numbers = [...population.documents()]
      .flatMap((document) => elementsOf(document, 'norwegianIdentificationNumber'))
      .flatMap((element) => textAt(element, 'identificationNumber') ?? []);
    expect(numbers.length).to.be.greaterThan(500);
    for (const number of numbers) expect(problemOfNumber(number, 'until-2032')).to.equal(undefined);
  });
});
