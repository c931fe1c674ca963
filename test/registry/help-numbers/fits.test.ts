import { expect } from 'chai';
import fc from 'fast-check';
import { fits } from '../../../src/registry/help-numbers/fits.js';
import { traitsOf, traitsSought } from '../../../src/registry/help-numbers/traits.js';
import type { SearchQuery } from '../../../src/registry/search.js';
import { recordedAddress, recordOf } from '../../support/help-numbers.js';
import { mappings } from '../../support/person-documents.js';
import { dayIn } from '../../support/preg-person.js';

const person = recordOf({
  name: { given: 'Anne Marie', middle: 'Berg', family: 'Østby Hansen-Frøland' },
  gender: 'F',
  birth: '1980-05-17',
  addresses: [
    recordedAddress({
      lines: ['c/o Vertshuset', 'Storgata 12 B'],
      postalCode: '0155',
      postalPlace: 'Oslo',
      municipality: '0301',
    }),
    recordedAddress({ kind: 'home-abroad', municipality: 'Mazowsze', country: 'Polen' }),
  ],
});

type Criteria = Omit<SearchQuery, 'withHelpNumbers' | 'limit'>;

function isFound(criteria: Criteria, record = person): boolean {
  const query = { ...criteria, withHelpNumbers: true, limit: 10 };
  const isFitting = fits(record, query, mappings.countries);
  // Whom a search fits is never hidden by the traits that narrow it down.
  if (isFitting) {
    const traits = traitsOf(record);
    for (const some of traitsSought(query)) expect(traits).to.include.oneOf([...some]);
  }
  return isFitting;
}

function range(from: string | undefined, to: string | undefined): NonNullable<SearchQuery['birth']> {
  return {
    ...(from === undefined ? {} : { from: dayIn(from) }),
    ...(to === undefined ? {} : { to: dayIn(to) }),
  };
}

describe('a search among our own people', () => {
  const found: readonly (readonly [string, Criteria])[] = [
    ['no criterion', {}],
    ['a given name', { name: { given: 'anne marie' } }],
    ['the beginning of the given names', { name: { given: 'Anne M' } }],
    ['two letters of a name', { name: { given: 'An' } }],
    ['one letter of a name', { name: { given: 'a' } }],
    ['a trailing wildcard', { name: { family: 'øst*' } }],
    ['a letter in two pieces', { name: { given: 'Anne', family: 'Østby'.normalize('NFD') } }],
    ['a middle name', { name: { middle: 'BER' } }],
    ['words of any part, in any order', { name: { full: 'hans ber anne' } }],
    ['the second half of a double name', { name: { full: 'frøl' } }],
    ['the birth date', { birth: range('1980-05-17', '1980-05-17') }],
    ['an open range of birth dates', { birth: range(undefined, '1980-05-17') }],
    ['the gender', { gender: 'F' }],
    ['a street', { address: { street: 'storgata 12' } }],
    ['a street with other blanks', { address: { street: 'stor gata 12b' } }],
    ['a post code', { address: { postalCode: '0155' } }],
    ['a post place', { address: { postalPlace: 'oslo' } }],
    ['a municipality', { address: { municipality: '0301' } }],
    ['the name of a municipality', { address: { municipalityName: 'mazowsze' } }],
    ['a country', { address: { country: 'POL' } }],
    ['a stay', { address: { postalCode: '0155', kind: 'present' } }],
    ['a stay as residence', { address: { postalCode: '0155', kind: 'residential' } }],
    ['a stay as home', { address: { postalCode: '0155', kind: 'home' } }],
    ['a stay without a country as Norwegian', { address: { postalCode: '0155', country: 'NOR' } }],
    ['a home abroad', { address: { country: 'POL', kind: 'home' } }],
    [
      'the name of a municipality told by number',
      { address: { postalCode: '0155', municipalityName: 'Bergen' } },
    ],
    ['people who live, when nothing was told', { deceased: false }],
  ];
  for (const [what, criteria] of found) {
    it(`finds by ${what}`, () => {
      expect(isFound(criteria)).to.equal(true);
    });
  }

  const notFound: readonly (readonly [string, Criteria])[] = [
    ['the second of the given names', { name: { given: 'Marie' } }],
    ['the middle of a name', { name: { family: 'stby' } }],
    ['a family name as given name', { name: { given: 'Østby' } }],
    ['one word that fits and one that does not', { name: { full: 'Anne Olsen' } }],
    ['one criterion that fits and one that does not', { name: { given: 'Anne' }, gender: 'M' }],
    ['the day after', { birth: range('1980-05-18', undefined) }],
    ['the day before', { birth: range(undefined, '1980-05-16') }],
    ['another post code', { address: { postalCode: '0156' } }],
    ['parts of two addresses', { address: { postalCode: '0155', country: 'POL' } }],
    ['a home abroad as a stay', { address: { country: 'POL', kind: 'present' } }],
    ['a home abroad as a residence', { address: { country: 'POL', kind: 'residential' } }],
    ['another municipality', { address: { municipality: '4601' } }],
    [
      'the number of a municipality for a region abroad',
      { address: { municipality: '4601', country: 'POL' } },
    ],
    ['people who died', { deceased: true }],
    ['a day of death', { death: range('1900-01-01', undefined) }],
  ];
  for (const [what, criteria] of notFound) {
    it(`finds nobody by ${what}`, () => {
      expect(isFound(criteria)).to.equal(false);
    });
  }

  for (const [birth, from, to, expected] of [
    ['1980', '1980-01-01', '1980-12-31', true],
    ['1980', '1979-06-01', '1981-06-01', true],
    ['1980', '1980-01-02', '1980-12-31', false],
    ['1980', '1980-01-01', '1980-12-30', false],
    ['1980', '1980-05-17', '1980-05-17', false],
    ['1980-02', '1980-02-01', '1980-02-29', true],
    ['1980-02', '1980-02-01', '1980-02-28', false],
    ['1981-02', '1981-02-01', '1981-02-28', true],
    ['1980-02', '1980-02-02', '1980-03-01', false],
    ['1980-02', '1980-01-01', '1980-03-01', true],
    [null, '1900-01-01', '2000-01-01', false],
  ] as const) {
    it(`${expected ? 'finds' : 'does not find'} ${String(birth)} from ${from} to ${to}`, () => {
      expect(isFound({ birth: range(from, to) }, recordOf({ birth }))).to.equal(expected);
    });
  }

  describe('whose municipality was told by name', () => {
    const named = recordOf({ addresses: [recordedAddress({ municipality: 'Trondheim' })] });

    it('finds by its number and by its name', () => {
      expect(isFound({ address: { municipality: '5001' } }, named)).to.equal(true);
      expect(isFound({ address: { municipalityName: 'trond' } }, named)).to.equal(true);
      expect(isFound({ address: { municipalityName: 'Bergen' } }, named)).to.equal(false);
    });

    it('finds nobody of whom no municipality was told', () => {
      const none = recordOf({ addresses: [recordedAddress({ postalCode: '7010' })] });
      expect(isFound({ address: { municipality: '5001' } }, none)).to.equal(false);
      expect(isFound({ address: { municipalityName: 'Trondheim' } }, none)).to.equal(false);
    });
  });

  it('finds where mail goes by no use alone', () => {
    const mail = recordOf({ addresses: [recordedAddress({ kind: 'mail', postalCode: '7010' })] });
    expect(isFound({ address: { postalCode: '7010' } }, mail)).to.equal(true);
    for (const kind of ['residential', 'present', 'home'] as const) {
      expect(isFound({ address: { postalCode: '7010', kind } }, mail), kind).to.equal(false);
    }
  });

  it('takes who has a day of death for dead', () => {
    const dead = recordOf({ dateOfDeath: dayIn('2020-01-01') });
    expect(isFound({ deceased: true }, dead)).to.equal(true);
    expect(isFound({ death: range('2020-01-01', '2020-01-01') }, dead)).to.equal(true);
    expect(isFound({ deceased: false }, dead)).to.equal(false);
  });

  it('never hides by traits whom the criteria fit', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'Å', 'ß', '-', ' ', 'ŉ', '𝒶'), maxLength: 8 });
    const part = fc.option(letters, { nil: undefined });
    fc.assert(
      fc.property(
        fc.record({ given: letters, middle: letters, family: letters }),
        fc.record({ given: part, middle: part, family: part, full: part }),
        (name, sought) => {
          isFound({ name: sought }, recordOf({ name }));
        },
      ),
    );
  });
});
