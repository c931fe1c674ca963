import { expect } from 'chai';
import { parseNorwegianTime } from '../../../src/contract/preg-xml/norwegian-time.js';

describe('date-times of requests', () => {
  for (const [what, text, day, instant] of [
    ['a winter midnight without a zone', '2025-01-15T00:00:00', '2025-01-15', '2025-01-14T23:00:00.000Z'],
    ['a summer midnight without a zone', '2025-07-15T00:00:00', '2025-07-15', '2025-07-14T22:00:00.000Z'],
    ['a day', '1981-03-12', '1981-03-12', '1981-03-11T23:00:00.000Z'],
    ['a day in UTC', '1981-03-12Z', '1981-03-12', '1981-03-12T00:00:00.000Z'],
    [
      'decimals beyond the millisecond',
      '2025-01-15T10:00:00.1239999',
      '2025-01-15',
      '2025-01-15T09:00:00.123Z',
    ],
    ['a Norwegian winter zone', '2025-01-15T00:00:00+01:00', '2025-01-15', '2025-01-14T23:00:00.000Z'],
    [
      'summer time before there was any',
      '1970-07-01T00:00:00+02:00',
      '1970-07-01',
      '1970-06-30T22:00:00.000Z',
    ],
    ['summer time in winter', '1941-01-01T00:00:00+02:00', '1941-01-01', '1940-12-31T22:00:00.000Z'],
    ['winter time in summer', '1970-07-01T00:00:00+01:00', '1970-07-01', '1970-06-30T23:00:00.000Z'],
    ['a winter midnight in UTC', '2025-01-14T23:00:00Z', '2025-01-15', '2025-01-14T23:00:00.000Z'],
    ['a summer midnight in UTC', '1970-06-30T22:00:00Z', '1970-07-01', '1970-06-30T22:00:00.000Z'],
    ['an hour before a winter midnight', '2025-01-14T22:00:00Z', '2025-01-14', '2025-01-14T22:00:00.000Z'],
    ['a zone further west', '2025-01-14T20:00:00-05:00', '2025-01-15', '2025-01-15T01:00:00.000Z'],
    ['the last minute of winter', '2025-03-30T01:59:59', '2025-03-30', '2025-03-30T00:59:59.000Z'],
    ['the hour that is left out', '2025-03-30T02:30:00', '2025-03-30', '2025-03-30T01:30:00.000Z'],
    ['the first minute of summer', '2025-03-30T03:00:00', '2025-03-30', '2025-03-30T01:00:00.000Z'],
    [
      'the last minute before the hour that comes twice',
      '2025-10-26T01:59:59',
      '2025-10-26',
      '2025-10-25T23:59:59.000Z',
    ],
    ['the hour that comes twice', '2025-10-26T02:30:00', '2025-10-26', '2025-10-26T01:30:00.000Z'],
    ['what .NET sends for nothing', '0001-01-01T00:00:00', '0001-01-01', '0000-12-31T23:00:00.000Z'],
  ] as const) {
    it(`may be ${what}`, () => {
      const time = parseNorwegianTime(text);
      expect([time?.day, time?.instant.toISOString()]).to.deep.equal([day, instant]);
    });
  }

  for (const text of [
    '',
    '2025',
    '12.03.1981',
    '1981-03-12 00:00:00',
    '1981-02-30T00:00:00',
    '1981-02-30',
    '1981-03-12T25:00:00',
    '1981-03-12T00:00',
    '1981-03-12T00:00:00+15:00',
    '1981-03-12T00:00:00Europe/Oslo',
    ' 1981-03-12',
    '9999-12-31T23:30:00Z',
  ]) {
    it(`are not "${text}"`, () => {
      expect(parseNorwegianTime(text)).to.equal(undefined);
    });
  }
});
