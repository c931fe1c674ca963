import { expect } from 'chai';
import fc from 'fast-check';
import type { PregAddress } from '../../../../src/person/preg-person.js';
import { addressPairs } from '../../../../src/registry/cutover/comparison/address-pairs.js';
import { runs } from '../../../support/long-runs.js';
import { dayIn, pregAddress } from '../../../support/preg-person.js';
import { reasonsFor, rules } from './compared.js';

const current = pregAddress({
  st: '0301',
  dateAdrFrom: dayIn('2015-01-01'),
  postalAddress: 'STORGATA 1',
  postalCode: '0155',
});
const former = (day: string, street: string): PregAddress =>
  pregAddress({
    currentAddress: false,
    st: '0301',
    dateAdrFrom: dayIn(day),
    postalAddress: street,
    postalCode: '0155',
  });

/** Where the partners stand in their lists. */
function pairsOf(
  old: readonly PregAddress[],
  fresh: readonly PregAddress[],
): readonly (readonly [number | undefined, number | undefined])[] {
  return addressPairs(old, fresh, rules.addressRows, rules.spellings).map(
    ([one, other]) => [one?.index, other?.index] as const,
  );
}

describe('addresses', () => {
  it('find their partners in any order', () => {
    const [one, two] = [former('2001-01-01', 'GAMLEVEIEN 1'), former('2007-01-01', 'NYVEIEN 2')];
    expect(reasonsFor({ addresses: [current, one, two] }, { addresses: [two, current, one] })).to.deep.equal(
      {},
    );
  });

  it('are the same when they begin on one day', () => {
    const [one, other] = [former('2001-01-01', 'GAMLEVEIEN 1'), former('2001-01-01', 'GAMMELVEIEN 1')];
    expect(pairsOf([current, one], [other, current])).to.have.deep.members([
      [0, 1],
      [1, 0],
    ]);
  });

  it('are the same when they are of one street', () => {
    const [one, other] = [former('2001-01-01', 'GAMLEVN. 1'), former('2001-02-01', 'GAMLEVEIEN 1')];
    expect(pairsOf([one], [other])).to.deep.equal([[0, 0]]);
  });

  it('are the same when they are the current ones', () => {
    expect(pairsOf([current], [{ ...current, dateAdrFrom: null, postalAddress: 'NYVEIEN 9' }])).to.deep.equal(
      [[0, 0]],
    );
  });

  it('have no partner in another address of the past', () => {
    const pairs = pairsOf([former('2001-01-01', 'GAMLEVEIEN 1')], [former('2004-01-01', 'NYVEIEN 9')]);
    expect(pairs).to.have.deep.members([
      [0, undefined],
      [undefined, 0],
    ]);
  });

  for (const [what, said] of [
    ['of Norway', { postalType: 0, country: 'NORGE' }],
    ['of no fixed abode', { postalType: 5 }],
  ] as const) {
    it(`count for nothing when they say no more: ${what}`, () => {
      expect(reasonsFor({ addresses: [pregAddress(said)] }, {})).to.deep.equal({});
    });
  }

  it('count when mail goes there', () => {
    const mailing = {
      lines: ['POSTBOKS 1'],
      postalCode: null,
      postalPlace: null,
      countryCode: null,
      isForeignStay: false,
    };
    expect(reasonsFor({ addresses: [pregAddress({ mailing })] }, {})).to.deep.equal({
      addresses: 'unexplained',
    });
  });

  it('have the same partners when several could be, in whatever order they stand', () => {
    const [one, two] = [former('2001-01-01', 'ELVEGATA 1'), former('2001-01-01', 'ÅSVEIEN 9')];
    const [three, four] = [former('2001-01-01', 'ELVEGATA 2'), former('2001-01-01', 'ÅSVEIEN 8')];
    const streets = (old: readonly PregAddress[], fresh: readonly PregAddress[]): readonly string[] =>
      pairsOf(old, fresh)
        .map(([first, second]) =>
          [old[first ?? -1], fresh[second ?? -1]].map((at) => at?.postalAddress).join(' and '),
        )
        .toSorted();
    expect(streets([two, one], [three, four])).to.deep.equal(streets([one, two], [three, four]));
  });

  it('have the same partners whichever list comes first', () => {
    const address = fc.record({
      day: fc.constantFrom('2001-01-01', '2007-01-01'),
      street: fc.constantFrom('GAMLEVEIEN 1', 'NYVEIEN 9', 'GAMLEVN 1'),
      currentAddress: fc.boolean(),
      postalType: fc.constantFrom(0, 7),
    });
    const list = fc.array(
      address.map(({ day, street, ...known }) => ({ ...former(day, street), ...known })),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(list, list, (one, other) => {
        const turned = pairsOf(other, one).map(([second, first]) => [one[first ?? -1], other[second ?? -1]]);
        const straight = pairsOf(one, other).map(([first, second]) => [
          one[first ?? -1],
          other[second ?? -1],
        ]);
        expect(turned).to.have.deep.members(straight);
      }),
      { numRuns: runs(200) },
    );
  });
});
