import { expect } from 'chai';
import fc from 'fast-check';
import { parseDateTime } from '../../src/xml/date-time.js';

const instant = Date.parse('2025-01-15T10:30:00.000Z');

describe('parseDateTime', () => {
  for (const [text, expected] of [
    ['2025-01-15T10:30:00Z', instant],
    ['2025-01-15T10:30:00.0Z', instant],
    ['2025-01-15T10:30:00.123Z', instant + 123],
    ['2025-01-15T10:30:00.1234567Z', instant + 123.4567],
    ['2025-01-15T11:30:00+01:00', instant],
    ['2025-01-15T11:30:00.5+01:00', instant + 500],
    ['2025-01-15T05:00:00-05:30', instant],
    ['2025-01-15T10:30:00+00:00', instant],
    ['2025-01-15T10:30:00-00:00', instant],
    ['2025-01-16T00:30:00+14:00', instant],
    ['2024-02-29T00:00:00Z', Date.parse('2024-02-29T00:00:00Z')],
  ] as const) {
    it(`reads ${text}`, () => {
      expect(parseDateTime(text)).to.be.closeTo(expected, 0.001);
    });
  }

  for (const text of [
    '',
    '2025-01-15T10:30:00',
    '2025-01-15 10:30:00Z',
    '2025-01-15',
    '2025-01-15T10:30Z',
    '2025-01-15T10:30:00.Z',
    '2025-01-15T10:30:00z',
    '2025-01-15T10:30:00+0100',
    '2025-01-15T10:30:00+14:01',
    '2025-01-15T10:30:00+01:60',
    '2025-01-15T24:00:00Z',
    '2025-02-29T00:00:00Z',
    '2025-13-01T00:00:00Z',
    '-2025-01-15T10:30:00Z',
    '12025-01-15T10:30:00Z',
    ' 2025-01-15T10:30:00Z',
    '٢٠٢٥-01-15T10:30:00Z',
  ]) {
    it(`refuses '${text}'`, () => {
      expect(parseDateTime(text)).to.equal(undefined);
    });
  }

  it('reads every instant in every zone', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1950-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
        fc.integer({ min: -14 * 60, max: 14 * 60 }),
        (date, ahead) => {
          const local = new Date(date.getTime() + ahead * 60_000).toISOString().slice(0, -1);
          const [hours, minutes] = [Math.trunc(Math.abs(ahead) / 60), Math.abs(ahead) % 60];
          const zone = `${ahead < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
          expect(parseDateTime(local + zone)).to.be.closeTo(date.getTime(), 0.001);
        },
      ),
    );
  });
});
