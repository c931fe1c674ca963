import { expect } from 'chai';
import { InvalidQuery } from '../../src/errors/errors.js';
import type { PregPerson } from '../../src/person/preg-person.js';
import { personFits, requireComparable } from '../../src/registry/person-fits.js';
import type { SearchQuery } from '../../src/registry/search.js';
import { helpNumber } from '../support/help-numbers.js';
import { dayIn, pregAddress, pregPerson } from '../support/preg-person.js';

const home = pregAddress({
  currentAddress: true,
  source: 'residential',
  postalAddress: 'TROLLFLØYTEVEGEN 17B',
  postalCode: '0580',
  postalPlace: 'OSLO',
  st: '0301',
  municipality: 'OSLO',
  countryCode: 'NOR',
  postalType: 0,
});
const person = pregPerson({
  givenName: 'SINDIG ÅSE',
  middleName: 'VAKTSOM',
  sn: 'GRANBAR-LIE',
  dateOfBirth: dayIn('1984-06-11'),
  gender: 'F',
  deceased: false,
  addresses: [home],
});
const dead = { ...person, deceased: true, dateOfDeath: dayIn('2020-02-29') };

function fits(criteria: Partial<SearchQuery>, whom: PregPerson = person): boolean {
  return personFits(whom, { withHelpNumbers: true, limit: 100, ...criteria });
}

describe('whether a person fits criteria', () => {
  const fitting: readonly Partial<SearchQuery>[] = [
    {},
    { name: { given: 'sindig' } },
    { name: { given: 'Sindig  å' } },
    { name: { given: 'sin*', middle: 'vakt*', family: 'Granbar-Lie' } },
    { name: { full: 'granbar Sind* ' } },
    { name: { full: 'lie åse vaktsom' } },
    { birth: { from: dayIn('1984-06-11'), to: dayIn('1984-06-11') } },
    { birth: { from: dayIn('1984-06-11') } },
    { birth: { to: dayIn('1984-12-31') } },
    { gender: 'F', deceased: false },
    { address: { street: 'trollfløytevegen 17 b' } },
    { address: { street: 'Trollfløyte*', postalCode: '0580', postalPlace: 'oslo' } },
    { address: { municipality: '0301', municipalityName: 'Osl', country: 'NOR', kind: 'residential' } },
    { address: { postalPlace: 'Oslo', kind: 'home' } },
  ];
  for (const criteria of fitting) {
    it(`is so with ${JSON.stringify(criteria)}`, () => {
      requireComparable(criteria);
      expect(fits(criteria)).to.equal(true);
    });
  }

  const others: readonly Partial<SearchQuery>[] = [
    { name: { given: 'indig' } },
    { name: { given: 'Åse' } },
    { name: { middle: 'Sindig' } },
    { name: { family: 'Granbarn' } },
    { name: { full: 'Sindig Per' } },
    { name: { full: 'anbar' } },
    { name: { given: 'Sindig', family: 'Per' } },
    { birth: { from: dayIn('1984-06-12') } },
    { birth: { to: dayIn('1984-06-10') } },
    { gender: 'M' },
    { deceased: true },
    { death: { from: dayIn('2020-01-01') } },
    { address: { street: 'vegen' } },
    { address: { postalCode: '0581' } },
    { address: { postalPlace: 'Bergen' } },
    { address: { municipality: '5001' } },
    { address: { municipalityName: 'Bergen' } },
    { address: { country: 'SWE' } },
    { address: { postalCode: '0580', municipality: '5001' } },
  ];
  for (const criteria of others) {
    it(`is not so with ${JSON.stringify(criteria)}`, () => {
      expect(fits(criteria)).to.equal(false);
    });
  }

  it('asks the dead for the day of their death', () => {
    expect(
      fits({ deceased: true, death: { from: dayIn('2020-02-29'), to: dayIn('2020-02-29') } }, dead),
    ).to.equal(true);
    expect(fits({ deceased: false }, dead)).to.equal(false);
    expect(fits({ death: { to: dayIn('2020-02-28') } }, dead)).to.equal(false);
  });

  it('takes nobody for dead of whom nothing is known, and knows nothing else of them', () => {
    const unknown = pregPerson();
    expect(fits({ deceased: false }, unknown)).to.equal(true);
    expect(fits({ deceased: true }, unknown)).to.equal(false);
    for (const criteria of [
      { name: { given: 'A' } },
      { name: { full: 'A' } },
      { birth: { from: dayIn('1984-06-11') } },
      { gender: 'F' as const },
      { address: { postalCode: '0580' } },
    ]) {
      expect(fits(criteria, unknown), JSON.stringify(criteria)).to.equal(false);
    }
  });

  it('asks one and the same current address for everything', () => {
    const cabin = { ...home, postalCode: '7010', st: '5001' };
    const both = { ...person, addresses: [home, cabin] };
    expect(fits({ address: { postalCode: '7010', municipality: '5001' } }, both)).to.equal(true);
    expect(fits({ address: { postalCode: '7010', municipality: '0301' } }, both)).to.equal(false);
    const former = { ...person, addresses: [{ ...home, currentAddress: false }] };
    expect(fits({ address: { postalCode: '0580' } }, former)).to.equal(false);
  });

  const mailing = {
    lines: ['UL. TESTOWA 1'],
    postalCode: null,
    postalPlace: 'WARSZAWA',
    countryCode: 'POL',
    isForeignStay: true,
  };
  const abroad: PregPerson = { ...person, addresses: [{ ...home, mailing }] };

  it('tells of a home abroad as of the residence', () => {
    for (const address of [
      { country: 'POL' },
      { kind: 'home', country: 'POL' },
      { kind: 'home', postalPlace: 'Warsz', street: 'ul. testowa 1' },
      { kind: 'home', postalCode: '0580' },
    ] as const) {
      expect(fits({ address }, abroad), JSON.stringify(address)).to.equal(true);
    }
    for (const address of [
      { kind: 'residential', country: 'POL' },
      { kind: 'home', country: 'DNK' },
      { kind: 'home', country: 'POL', postalPlace: 'Oslo' },
    ] as const) {
      expect(fits({ address }, abroad), JSON.stringify(address)).to.equal(false);
    }
  });

  it('does not say that nobody has a home abroad where a postal address may stand in its place', () => {
    const elsewhere = { ...person, addresses: [{ ...home, mailing: { ...mailing, isForeignStay: false } }] };
    const denmark = { kind: 'home', country: 'DNK' } as const;
    expect(fits({ address: { country: 'POL' } }, elsewhere)).to.equal(true);
    expect(() => fits({ address: denmark }, elsewhere)).to.throw(InvalidQuery);
    expect(fits({ address: denmark, gender: 'M' }, elsewhere)).to.equal(false);
    expect(fits({ address: { ...denmark, country: 'NOR', postalCode: '0581' } }, elsewhere)).to.equal(false);
  });

  describe('with a help number alone', () => {
    const stay = pregAddress({
      currentAddress: true,
      source: 'present',
      postalAddress: 'PRØVEVEIEN 3',
      postalCode: '7010',
      municipality: 'TRONDHEIM',
      postalType: 0,
    });
    const guest = { ...person, nin: helpNumber(0), addresses: [stay] };

    for (const kind of [undefined, 'residential', 'home'] as const) {
      it(`is at home where the stay is: ${String(kind)}`, () => {
        expect(fits({ address: { kind, postalCode: '7010' } }, guest)).to.equal(true);
        expect(fits({ address: { kind, postalCode: '7011' } }, guest)).to.equal(false);
      });
    }

    it('stays in Norway when no country is told', () => {
      expect(fits({ address: { country: 'NOR' } }, guest)).to.equal(true);
      const unknown = { ...guest, addresses: [{ ...stay, country: 'ATLANTIS' }] };
      expect(fits({ address: { country: 'NOR' } }, unknown)).to.equal(false);
    });

    it('may be in whatever municipality has the number', () => {
      expect(fits({ address: { municipality: '5001' } }, guest)).to.equal(true);
      expect(fits({ address: { municipalityName: 'Trond' } }, guest)).to.equal(true);
      expect(fits({ address: { municipalityName: 'Bergen' } }, guest)).to.equal(false);
    });

    it('is not at home where another register knows of a stay', () => {
      const other = { ...guest, nin: person.nin };
      expect(fits({ address: { kind: 'residential', postalCode: '7010' } }, other)).to.equal(false);
    });
  });

  for (const criteria of [
    { name: { given: 'S*dig' } },
    { name: { full: '*granbar' } },
    { name: { family: 'Gr?nbar' } },
    { address: { street: '%vegen' } },
    { address: { kind: 'present', postalCode: '0580' } },
  ] satisfies Partial<SearchQuery>[]) {
    it(`cannot be judged with ${JSON.stringify(criteria)}`, () => {
      expect(() => {
        requireComparable(criteria);
      }).to.throw(InvalidQuery);
    });
  }
});
