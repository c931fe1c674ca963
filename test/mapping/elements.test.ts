import { expect } from 'chai';
import fc from 'fast-check';
import { currentElements, elementsOf, formerElements } from '../../src/mapping/elements.js';
import type { JsonObject, JsonValue } from '../../src/mapping/json.js';

function places(list: JsonValue, which: typeof currentElements): string[] {
  return which({ list }, 'list').map(({ path }) => path);
}

const is = (isValid: JsonValue | undefined, validFrom?: string): JsonObject => ({ isValid, validFrom });

describe('elements of a list', () => {
  it('hold today when they say so', () => {
    expect(places([is(false), is(true), is(null), is(true)], currentElements)).to.deep.equal([
      'list[1]',
      'list[3]',
    ]);
  });

  it('hold today when they do not say, as long as no other says that it does', () => {
    expect(places([is(null), is(false), {}], currentElements)).to.deep.equal(['list[0]', 'list[2]']);
    expect(places([is(false), is(false)], currentElements)).to.deep.equal([]);
    expect(places([is('true'), is(1)], currentElements), 'neither true nor silent').to.deep.equal([]);
  });

  it('come newest first, those without a date last', () => {
    const list = [is(true), is(true, '1999-01-01'), is(true, '2020-05-05T00:00:00Z'), is(true, '2020-05-04')];
    expect(places(list, currentElements)).to.deep.equal(['list[2]', 'list[3]', 'list[1]', 'list[0]']);
    expect(
      places(
        list.map((item) => ({ ...item, isValid: false })),
        formerElements,
      ),
    ).to.deep.equal(['list[2]', 'list[3]', 'list[1]', 'list[0]']);
  });

  it('are the objects of a list, or a single object', () => {
    expect(places([null, 'x', 3, [is(true)], is(true)], elementsOf)).to.deep.equal(['list[4]']);
    expect(places(is(true), elementsOf)).to.deep.equal(['list']);
    for (const none of [null, 'x', 3, true]) expect(places(none, elementsOf)).to.deep.equal([]);
  });

  it('are either current or former, never both and never lost', () => {
    const element = fc.record(
      { isValid: fc.constantFrom(true, false, null), validFrom: fc.constantFrom('2001', '2002', '2003') },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(element), (list) => {
        const all = [...places(list, currentElements), ...places(list, formerElements)];
        expect(all).to.have.members(places(list, elementsOf));
      }),
    );
  });
});
