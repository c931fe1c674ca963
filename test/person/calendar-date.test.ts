import { expect } from 'chai';
import fc from 'fast-check';
import {
  dayInNorway,
  dayOf,
  fullYearsBetween,
  isCalendarDate,
  isCertainlyAfter,
  startInNorway,
} from '../../src/person/calendar-date.js';
import { day } from '../support/person-documents.js';

describe('a date that is known in part', () => {
  for (const [date, other, expected] of [
    ['2025', '2024-12-31', true],
    ['2025', '2025-01-01', false],
    ['2025-02', '2025-01-31', true],
    ['2025-02', '2025-02-01', false],
    ['2025-02-02', '2025-02-01', true],
    ['2025-02-01', '2025-02-01', false],
    ['2024', '2025-01-01', false],
  ] as const) {
    it(`${date} is ${expected ? '' : 'not '}certainly after ${other}`, () => {
      expect(isCertainlyAfter(date, day(other))).to.equal(expected);
    });
  }
});

describe('the beginning of a day in Norway', () => {
  it('is midnight there, in summer, in winter, and when clocks are changed', () => {
    for (const [text, expected] of [
      ['2022-12-31', '2022-12-30T23:00:00.000Z'],
      ['2022-07-01', '2022-06-30T22:00:00.000Z'],
      ['2022-03-27', '2022-03-26T23:00:00.000Z'],
      ['2022-03-28', '2022-03-27T22:00:00.000Z'],
      ['2022-10-30', '2022-10-29T22:00:00.000Z'],
      ['2022-10-31', '2022-10-30T23:00:00.000Z'],
    ] as const) {
      expect(startInNorway(day(text)).toISOString(), text).to.equal(expected);
    }
  });

  it('is the first instant of the day', () => {
    const times = fc.integer({ min: Date.parse('1985-01-01'), max: Date.parse('2060-01-01') });
    fc.assert(
      fc.property(times, (time) => {
        const today = dayInNorway(new Date(time));
        const start = startInNorway(today);
        expect(dayInNorway(start)).to.equal(today);
        expect(dayInNorway(new Date(start.getTime() - 1))).not.to.equal(today);
      }),
    );
  });
});

describe('calendar dates', () => {
  it('exist in the calendar', () => {
    for (const text of ['2024-02-29', '1900-02-28', '2000-02-29', '1898-05-30', '9999-12-31']) {
      expect(isCalendarDate(text), text).to.equal(true);
    }
    for (const text of [
      '2023-02-29',
      '1900-02-29',
      '2024-13-01',
      '2024-00-10',
      '2024-04-31',
      '2024-1-01',
      '20240101',
      '2024-01-01T',
      ' 2024-01-01',
      '2024-01-01\n',
      '',
    ]) {
      expect(isCalendarDate(text), JSON.stringify(text)).to.equal(false);
    }
  });

  it('are the first ten characters of a date-time, whatever its time and zone', () => {
    for (const rest of ['', 'T00:00:00Z', 'T23:59:59.999-11:00', 'T00:30:00+02:00', ' noon']) {
      expect(dayOf(`2021-11-02${rest}`), rest).to.equal('2021-11-02');
    }
    for (const text of ['', '2021', '2021-02-30T00:00:00Z', '02.11.2021', 'ukjent dato'])
      expect(dayOf(text), text).to.equal(undefined);
  });

  it('are the day that it is in Norway', () => {
    expect(dayInNorway(new Date('2025-03-01T22:59:59Z'))).to.equal('2025-03-01');
    expect(dayInNorway(new Date('2025-03-01T23:00:00Z'))).to.equal('2025-03-02');
    expect(dayInNorway(new Date('2025-07-01T21:59:59Z'))).to.equal('2025-07-01');
    expect(dayInNorway(new Date('2025-07-01T22:00:00Z'))).to.equal('2025-07-02');
  });

  it('count full years by birthdays', () => {
    expect(fullYearsBetween(day('2007-03-02'), day('2025-03-01'))).to.equal(17);
    expect(fullYearsBetween(day('2007-03-01'), day('2025-03-01'))).to.equal(18);
    expect(fullYearsBetween(day('2007-12-31'), day('2025-03-01'))).to.equal(17);
  });

  it('make those born on 29 February a year older on 1 March, but in leap years', () => {
    expect(fullYearsBetween(day('2008-02-29'), day('2026-02-28'))).to.equal(17);
    expect(fullYearsBetween(day('2008-02-29'), day('2026-03-01'))).to.equal(18);
    expect(fullYearsBetween(day('2008-02-29'), day('2028-02-28'))).to.equal(19);
    expect(fullYearsBetween(day('2008-02-29'), day('2028-02-29'))).to.equal(20);
  });

  it('never lose a year or win one between two days', () => {
    const days = fc
      .date({ min: new Date('1850-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => day(date.toISOString().slice(0, 10)));
    fc.assert(
      fc.property(days, days, (from, to) => {
        const exact = (Date.parse(to) - Date.parse(from)) / (365.2425 * 86_400_000);
        expect(fullYearsBetween(from, to)).to.be.within(Math.floor(exact - 0.01), Math.floor(exact + 0.01));
      }),
    );
  });
});
