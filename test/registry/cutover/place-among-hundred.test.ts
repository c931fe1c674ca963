import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { criteriaOf, placeAmongHundred } from '../../../src/registry/cutover/place-among-hundred.js';
import { runs } from '../../support/long-runs.js';
import { dayIn } from '../../support/preg-person.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const digestBy =
  (key: string) =>
  (text: string): Uint8Array =>
    createHmac('sha256', key).update(text).digest();

describe('the place among a hundred', () => {
  it('is from 0 to below 100, whatever the digest', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 32 }), (octets) => {
        const place = placeAmongHundred(() => octets, '');
        expect(place).to.be.at.least(0);
        expect(place).to.be.below(100);
      }),
      { numRuns: runs(200) },
    );
    expect(placeAmongHundred(() => Uint8Array.of(255, 255, 255, 255), '')).to.be.above(99.99);
  });

  it('is the same for the same person, and spreads people evenly', () => {
    const digestOf = digestBy('a key');
    const places = Array.from({ length: 4_000 }, (_, index) =>
      placeAmongHundred(digestOf, syntheticNumber(index)),
    );
    for (const percent of [1, 10, 50, 90]) {
      const share = (places.filter((place) => place < percent).length * 100) / places.length;
      expect(share).to.be.within(percent - 3, percent + 3);
    }
    const again = Array.from({ length: 4_000 }, (_, index) =>
      placeAmongHundred(digestOf, syntheticNumber(index)),
    );
    expect(again).to.deep.equal(places);
  });

  it('is another one under another key', () => {
    const places = ['a key', 'another'].map((key) => placeAmongHundred(digestBy(key), syntheticNumber()));
    expect(new Set(places).size).to.equal(2);
  });
});

describe('criteria as text', () => {
  const query = { name: { family: 'Nordmann' }, withHelpNumbers: false, limit: 10 };

  it('do not depend on how many hits are wanted, nor on the order in which they are given', () => {
    const one = { ...query, gender: 'F', deceased: false } as const;
    const other = {
      deceased: false,
      limit: 99,
      gender: 'F',
      withHelpNumbers: false,
      name: query.name,
    } as const;
    expect(criteriaOf(other)).to.equal(criteriaOf(one));
  });

  it('tell one criterion from another', () => {
    const day = dayIn('1950-01-01');
    const all = [
      query,
      { ...query, withHelpNumbers: true },
      { ...query, name: { given: 'Nordmann' } },
      { ...query, name: { middle: 'Nordmann' } },
      { ...query, name: { full: 'Nordmann' } },
      { ...query, birth: { from: day } },
      { ...query, birth: { to: day } },
      { ...query, death: { from: day } },
      { ...query, death: { to: day } },
      { ...query, gender: 'M' as const },
      { ...query, deceased: true },
      { ...query, deceased: false },
      ...(
        ['street', 'postalCode', 'postalPlace', 'municipality', 'municipalityName', 'country'] as const
      ).map((name) => ({ ...query, address: { [name]: '0150' } })),
      { ...query, address: { kind: 'home' as const } },
    ];
    expect(new Set(all.map(criteriaOf)).size).to.equal(all.length);
  });
});
