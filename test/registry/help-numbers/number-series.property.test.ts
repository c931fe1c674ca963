import { expect } from 'chai';
import fc from 'fast-check';
import { hasRegularCheckDigits, kindOf, NationalIdKind } from '../../../src/person/national-id.js';
import type { NationalId } from '../../../src/person/national-id.js';
import { NumberSeries, type SeriesRange } from '../../../src/registry/help-numbers/number-series.js';
import type { Random } from '../../../src/runtime/random.js';
import { systemRandom } from '../../../src/runtime/system-random.js';
import { helpNumber } from '../../support/help-numbers.js';
import { rejectionOf } from '../../support/rejection.js';

const never = new AbortController().signal;

/** Series of a few numbers each, apart from one another. */
const ranges: fc.Arbitrary<readonly SeriesRange[]> = fc.array(
  fc
    .record({
      start: fc.integer({ min: 80_000_000, max: 99_999_999 }),
      length: fc.integer({ min: 0, max: 9 }),
    })
    .map(({ start, length }) => ({ from: `${start}0`, to: `${start}${length}` })),
  { minLength: 1, maxLength: 4 },
);

/** Takes every number that the series has to give. */
async function takeAll(series: NumberSeries): Promise<readonly NationalId[]> {
  const taken = new Set<NationalId>();
  const all: NationalId[] = [];
  for await (const number of series.untaken((one) => taken.has(one), never)) {
    taken.add(number);
    all.push(number);
  }
  return all;
}

function isIn(number: NationalId, series: readonly SeriesRange[]): boolean {
  const nine = number.slice(0, 9);
  return series.some(({ from, to }) => from <= nine && nine <= to);
}

describe('a number series', () => {
  it('gives help numbers with valid check digits, inside the series, never twice, and at last all of them', async () => {
    await fc.assert(
      fc.asyncProperty(ranges, async (configured) => {
        const all = await takeAll(new NumberSeries(configured, systemRandom));
        expect(new Set(all).size).to.equal(all.length);
        for (const number of all) {
          expect(isIn(number, configured)).to.equal(true);
          expect(hasRegularCheckDigits(number)).to.equal(true);
          expect(kindOf(number)).to.equal(NationalIdKind.HelpNumber);
        }
      }),
    );
  });

  it('gives every number that the rule has check digits for', async () => {
    const all = await takeAll(new NumberSeries([{ from: '800000000', to: '800000999' }], systemRandom));
    const expected = Array.from({ length: 1_000 }, (_, index) => helpNumber(index)).filter(
      (number) => number.slice(0, 9) <= '800000999',
    );
    expect([...all].sort()).to.deep.equal(expected);
    // The rule has none for about one in six.
    expect(all.length).to.be.within(800, 850);
  });

  it('begins anywhere, not at the first numbers', async () => {
    const series = new NumberSeries([{ from: '800000000', to: '899999999' }], systemRandom);
    const firsts: NationalId[] = [];
    for (let draw = 0; draw < 50; draw += 1) {
      for await (const number of series.untaken(() => false, never)) {
        firsts.push(number);
        break;
      }
    }
    expect(new Set(firsts).size).to.equal(50);
    expect(new Set(firsts.map((number) => number.charAt(1))).size).to.be.greaterThan(4);
  });

  it('draws again what would favour the first numbers of a series', async () => {
    const drawn = [0xff, 0x00];
    const random: Random = {
      uuid: () => systemRandom.uuid(),
      bytes: (length) => new Uint8Array(length).fill(drawn.shift() ?? 0),
    };
    const series = new NumberSeries([{ from: '800000000', to: '800000002' }], random);
    for await (const number of series.untaken(() => false, never)) {
      expect(number).to.equal(helpNumber(0));
      break;
    }
    expect(drawn).to.deep.equal([]);
  });

  it('has nothing to give without a series', async () => {
    const series = new NumberSeries([], systemRandom);
    expect(series.isEmpty).to.equal(true);
    expect(await takeAll(series)).to.deep.equal([]);
  });

  it('stops looking when nobody waits any more', async () => {
    const leaving = new AbortController();
    const series = new NumberSeries([{ from: '800000000', to: '899999999' }], systemRandom);
    let looked = 0;
    const isTaken = (): boolean => {
      looked += 1;
      if (looked === 2_000) leaving.abort(new Error('left'));
      return true;
    };
    const search = async (): Promise<void> => {
      for await (const number of series.untaken(isTaken, leaving.signal)) throw new Error(number);
    };
    expect((await rejectionOf(search())).message).to.equal('left');
    expect(looked).to.be.lessThan(5_000);
  });
});
