import { expect } from 'chai';
import fc from 'fast-check';
import { dateInTimestamp, wholeDay } from '../../../src/legacy/hl7/timestamp-date.js';

describe('a date in a timestamp', () => {
  for (const [value, date, hasTime] of [
    ['1990', '1990', false],
    ['199002', '1990-02', false],
    ['19900210', '1990-02-10', false],
    ['20240229', '2024-02-29', false],
    ['1990021023', '1990-02-10', true],
    ['199002102359', '1990-02-10', true],
    ['19900210235959.1234+0100', '1990-02-10', true],
    ['19900210000000-01', '1990-02-10', true],
  ] as const) {
    it(`is ${date} in ${value}`, () => {
      expect(dateInTimestamp(value)).to.deep.equal({ date, hasTime });
    });
  }

  for (const value of [
    ...['', '199', '19900', '1990021', '199013', '199000', '19900230', '20230229', '0000', '00000101'],
    ...['1990-02-10', '19900210T10', ' 1990', '1990 ', '19900210+01', '1990+01', 'abcd', '19900210 10'],
  ]) {
    it(`is none in "${value}"`, () => {
      expect(dateInTimestamp(value)).to.equal(undefined);
    });
  }

  it('is a whole day when the day is told', () => {
    const days = ['1990', '199002', '19900210', '199002101200'].map((value) => {
      const found = dateInTimestamp(value);
      return found === undefined ? undefined : wholeDay(found);
    });
    expect(days).to.deep.equal([undefined, undefined, '1990-02-10', '1990-02-10']);
  });

  it('says nothing but the digits that were told', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{4,8}$/), (digits) => {
        const found = dateInTimestamp(digits);
        if (found !== undefined) expect(found.date.replaceAll('-', '')).to.equal(digits);
      }),
    );
  });
});
