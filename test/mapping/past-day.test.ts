import { expect } from 'chai';
import type { CalendarDate } from '../../src/person/calendar-date.js';
import type { PregAddress, PregPerson } from '../../src/person/preg-person.js';
import {
  TODAY,
  day,
  element,
  everyFixture,
  fixture,
  mapped,
  mappings,
  number,
  onlyAddress,
  person,
  personFixtures,
  personWith,
} from '../support/person-documents.js';

interface Expected {
  readonly person?: Partial<PregPerson>;
  readonly address?: Partial<PregAddress> | 'none';
}

/** What fixture persons were on a day: file, day, the fields that the day decides. */
const table: readonly (readonly [fixture: string, on: string, expected: Expected])[] = [
  ['01', '2016-04-29', { address: { dateAdrFrom: day('2006-08-15'), currentAddress: true } }],
  ['01', '2016-04-30', { address: { dateAdrFrom: day('2016-04-30') } }],
  ['01', '2012-09-02', { person: { maritalStatus: 2, dateName: day('1984-07-29') } }],
  ['01', '2012-08-17', { person: { maritalStatus: 1, spouseNIN: null } }],
  ['03', '2021-11-01', { person: { maritalStatus: 2 } }],
  ['03', '2021-11-02', { person: { maritalStatus: 3 } }],
  [
    '04',
    '2021-11-01',
    {
      person: { regStatus: 1, deceased: false, dateOfDeath: null, dateStatus: day('1953-12-19') },
      address: { dateAdrFrom: day('1981-03-01') },
    },
  ],
  ['04', '2021-11-03', { person: { regStatus: 5, deceased: true }, address: 'none' }],
  [
    '06',
    '2019-09-30',
    { person: { regStatus: 1, statusCountryCode: null }, address: { currentAddress: true } },
  ],
  ['06', '2019-10-01', { person: { regStatus: 3 } }],
  ['08', '2010-01-01', { address: { dateAdrFrom: day('2009-05-04') } }],
  ['28', '2020-10-31', { address: { postalType: 0 } }],
  ['28', '2020-11-01', { address: { postalType: 5, streetName: null } }],
  ['15', '2009-01-01', { person: { maritalStatus: 5 } }],
  ['38', '2017-05-16', { person: { gender: 'F', middleName: 'SKYET' } }],
  ['38', '2017-05-31', { person: { gender: 'M', middleName: 'SKYET' } }],
  ['38', '2017-06-01', { person: { gender: 'M', middleName: null } }],
  ['39', '2016-01-01', { person: { regStatus: 1 }, address: { source: 'present' } }],
  ['25', '2017-06-29', { address: { postalType: 3 } }],
  ['25', '2020-01-01', { address: { postalType: 0 } }],
];

function on(digits: string, text: string): PregPerson {
  return mapped(fixture(digits), { on: day(text) }).person;
}

/** The days on which anything in a document begins or ends. */
function days(value: unknown): readonly string[] {
  if (typeof value === 'string') return /^\d{4}-\d{2}-\d{2}(T|$)/.test(value) ? [value.slice(0, 10)] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(days) : [];
}

describe('a person on a day gone by', () => {
  for (const [digits, text, { person: fields, address }] of table) {
    it(`fixture ${digits} on ${text}`, () => {
      const found = on(digits, text);
      if (fields !== undefined) expect(found).to.deep.include(fields);
      if (address === 'none') expect(found.addresses).to.deep.equal([]);
      else if (address !== undefined) expect(onlyAddress(found)).to.deep.include(address);
    });
  }

  const YESTERDAY = day('2025-02-28');
  const still = personFixtures('persons').filter(({ document }) =>
    days(document).every((text) => text < YESTERDAY),
  );
  it('is as today when nothing has changed since', () => {
    expect(still.length).to.be.greaterThan(80);
    for (const { name, document } of still) {
      const then = mapped(document, { on: YESTERDAY });
      const today = mapped(document);
      expect(then.person, name).to.deep.equal(today.person);
      expect(then.unmapped, name).to.deep.equal(today.unmapped);
    }
  });

  for (const text of ['2025-03-01', '2025-03-02', '9999-12-31']) {
    it(`is as today when the day is ${text === String(TODAY) ? 'today' : `to come: ${text}`}`, () => {
      for (const { name, document } of everyFixture) {
        const today = mapped(document);
        const then = mapped(document, { on: day(text) });
        expect(then.person, name).to.deep.equal(today.person);
        expect([...then.lineage], name).to.deep.equal([...today.lineage]);
      }
    });
  }

  it('has the numbers and the birth date of today, from before birth on', () => {
    const { dateOfBirth, nin, supersededNINs, oldNIN, gender } = on('38', '1900-01-01');
    const today = mapped(fixture('38')).person;
    expect({ dateOfBirth, nin, supersededNINs, oldNIN }).to.deep.equal({
      dateOfBirth: today.dateOfBirth,
      nin: today.nin,
      supersededNINs: today.supersededNINs,
      oldNIN: today.oldNIN,
    });
    expect(gender).to.equal(null);
  });

  it('says why it is blank', () => {
    const { lineage } = mapped(fixture('38'), { on: day('1900-01-01') });
    expect(lineage.get('sn')).to.deep.equal({ row: 'sn', sources: [], blank: 'not known for that day' });
    expect(mapped(fixture('38')).lineage.get('dufNo')).to.have.property('blank', 'not delivered');
  });

  it('names the places that the document had, not those of a rewritten one', () => {
    const { lineage } = mapped(fixture('38'), { on: day('2017-05-31') });
    expect(lineage.get('middleName')?.sources).to.deep.equal(['name[1].middleName']);
  });

  it('has no custody told when grown up today, whatever the day', () => {
    const birth = (text: string): PregPerson =>
      personWith(
        {
          birth: [element({ birthDate: text, validFrom: text })],
          parentalResponsibility: [element({ responsibilityType: 'Joint', validFrom: '2010-01-01' })],
        },
        { on: day('2011-01-01') },
      );
    expect(birth('2007-03-02').custody, 'seventeen today').to.equal('D');
    expect(birth('2007-03-01').custody, 'eighteen today').to.equal(null);
  });

  describe('by a number that gave way', () => {
    const old = number('04917603443');
    const status = (text: CalendarDate | undefined): Partial<PregPerson> => {
      const { nin, newNIN, oldNIN, regStatus, dateStatus } = mapped(fixture('38'), {
        nin: old,
        on: text,
      }).person;
      return { nin, newNIN, oldNIN, regStatus, dateStatus };
    };
    const record = { nin: old, newNIN: '04917604156', oldNIN: '04907635029' };

    it('has the code of an old number from the day it gave way', () => {
      const gone = { ...record, regStatus: 6, dateStatus: day('2017-05-17') };
      expect(status(undefined)).to.deep.equal(gone);
      expect(status(day('2017-05-17'))).to.deep.equal(gone);
    });

    it('has the status of the person before, and the new number nonetheless', () => {
      expect(status(day('2017-05-16'))).to.deep.equal({
        ...record,
        regStatus: 1,
        dateStatus: day('1976-11-04'),
      });
    });
  });

  it('reports members that no table knows once, where they stood', () => {
    const document = person({
      status: [
        { isValid: true, validFrom: '2020-01-01', status: 'Resident' },
        { isValid: false, validFrom: '2010-01-01', status: 'Teleported' },
      ],
    });
    expect(mapped(document).unmapped).to.deep.equal([]);
    expect(mapped(document, { on: day('2015-01-01') }).unmapped).to.deep.equal([
      { row: 'regStatus', value: 'Teleported' },
    ]);
  });

  it('keeps timeless what the field table says is timeless', () => {
    const fields = { ...mappings.fields, timeless: new Set<string>() };
    const { person: then } = mapped(fixture('38'), {
      on: day('1900-01-01'),
      mappings: { ...mappings, fields },
    });
    expect(then.dateOfBirth).to.equal(null);
  });
});
