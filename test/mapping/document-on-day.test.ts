import { expect } from 'chai';
import fc from 'fast-check';
import { documentOn } from '../../src/mapping/document-on-day.js';
import { currentElements } from '../../src/mapping/elements.js';
import { isJsonList, isJsonObject, textIn, type JsonObject, type JsonValue } from '../../src/mapping/json.js';
import { day, everyFixture, mappings } from '../support/person-documents.js';

const NONE: ReadonlySet<string> = new Set();

function since(validFrom: string | null, members: JsonObject = {}): JsonObject {
  return { isValid: true, validFrom, ...members };
}

function former(validFrom: string | null, members: JsonObject = {}): JsonObject {
  return since(validFrom, { isValid: false, ...members });
}

/** Which elements hold on a day, by their place in the list; `null` for those that have not begun. */
function held(list: JsonValue, on: string, name = 'list'): JsonValue {
  const then = documentOn({ [name]: list }, day(on), NONE)[name];
  const told = (value: JsonValue | undefined): JsonValue =>
    isJsonObject(value) ? (value['isValid'] ?? 'not told') : (value ?? null);
  return isJsonList(then) ? then.map(told) : told(then);
}

describe('a document on a day gone by', () => {
  const names = [since('2012-09-03T00:00:00Z'), former('1984-07-29T00:00:00+01:00'), former('1999-01-01')];

  for (const [on, expected] of [
    ['2024-01-01', [true, false, false]],
    ['2012-09-03', [true, false, false]],
    ['2012-09-02', [null, false, true]],
    ['1999-01-01', [null, false, true]],
    ['1998-12-31', [null, true, null]],
    ['1984-07-28', [null, null, null]],
  ] as const) {
    it(`lets what was replaced hold until the next one began: ${on}`, () => {
      expect(held(names, on)).to.deep.equal(expected);
    });
  }

  it('lets what ended without being replaced hold until its end', () => {
    const list = [former('2011-06-20', { validTo: '2019-10-01' })];
    expect(held(list, '2019-09-30')).to.deep.equal([true]);
    expect(held(list, '2019-10-01')).to.deep.equal([false]);
  });

  it('takes the word of the register for what holds today', () => {
    expect(held([since('2011-06-20', { validTo: '2012-01-01' })], '2020-01-01')).to.deep.equal([true]);
    expect(held([since('2011-06-20', { isValid: null })], '2020-01-01')).to.deep.equal([true]);
    expect(held([since('2022-06-20'), since('2011-06-20', { isValid: null })], '2020-01-01')).to.deep.equal([
      null,
      true,
    ]);
  });

  it('does not guess: what cannot be placed in time did not hold', () => {
    expect(held([former('2011-06-20')], '2012-01-01'), 'an end that nobody tells').to.deep.equal([false]);
    expect(held([since(null), former(null), since('soon')], '2012-01-01')).to.deep.equal([
      false,
      false,
      false,
    ]);
  });

  it('takes what was recorded later of two that began on the same day', () => {
    const list = [
      former('2010-01-01', { registeredAt: '2010-01-02T00:00:00Z' }),
      former('2010-01-01', { registeredAt: '2010-01-09T00:00:00Z' }),
      since('2015-01-01'),
    ];
    expect(held(list, '2012-01-01')).to.deep.equal([false, true, null]);
  });

  it('lets a relative be replaced by one in the same role alone', () => {
    const list = [
      former('1980-01-01', { relatedPersonsRole: 'SpouseOrPartner' }),
      since('1990-01-01', { relatedPersonsRole: 'Child' }),
      since('2000-01-01', { relatedPersonsRole: 'SpouseOrPartner' }),
    ];
    expect(held(list, '1995-01-01')).to.deep.equal([true, true, null]);
  });

  it('knows several that hold at once', () => {
    expect(held([since('2013-07-01'), since('2016-02-02')], '2020-01-01')).to.deep.equal([true, true]);
  });

  it('goes by the day of a death, not by the day it was recorded', () => {
    const death = since('2021-11-20', { deceasedDate: '2021-11-02T00:00:00Z' });
    expect(held(death, '2021-11-02', 'death')).to.equal(true);
    expect(held(death, '2021-11-01', 'death')).to.equal(null);
    expect(held(since('2021-11-20'), '2021-11-19', 'death')).to.equal(null);
    expect(held(since(null), '2021-11-19', 'death'), 'a death on a day that nobody tells').to.equal(false);
  });

  it('does not know yet when a stay will end', () => {
    const list = [since('2016-01-01', { endDate: '2017-06-30T00:00:00Z' })];
    const on = (text: string): JsonValue | undefined =>
      documentOn({ stayOnSvalbard: list }, day(text), NONE)['stayOnSvalbard'];
    expect(on('2017-06-29')).to.deep.equal([{ ...list[0], endDate: null }]);
    expect(on('2017-06-30')).to.deep.equal(list);
  });

  it('leaves alone what is timeless, what is no element, and the document that it is given', () => {
    const document = {
      id: 'e1',
      numbers: [since('2020-01-01')],
      other: [1, null, 'a'],
      list: [former('1999-01-01')],
    };
    const before = structuredClone(document);
    const then = documentOn(document, day('2000-01-01'), new Set(['numbers']));
    expect(then).to.deep.include({ id: 'e1', numbers: document.numbers, other: [1, null, 'a'] });
    expect(document).to.deep.equal(before);
  });

  it('leaves every element of every fixture in its place, and tells nothing that began later', () => {
    const days = fc.date({ min: new Date('1950-01-01'), max: new Date('2024-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.constantFrom(...everyFixture), days, ({ document }, date) => {
        const on = day(date.toISOString().slice(0, 10));
        const then = documentOn(document, on, mappings.fields.timeless);
        expect(Object.keys(then)).to.deep.equal(Object.keys(document));
        for (const [name, list] of Object.entries(then)) {
          const original = document[name];
          if (!isJsonList(list) || !isJsonList(original) || mappings.fields.timeless.has(name)) continue;
          expect(list.length).to.equal(original.length);
          for (const { value } of currentElements(then, name)) {
            expect((textIn(value, 'validFrom') ?? '').slice(0, 10) <= on, name).to.equal(true);
          }
        }
      }),
    );
  });
});
