import { expect } from 'chai';
import { targets } from '../../../src/mapping/targets.js';
import { pregPersonOf } from '../../../src/registry/help-numbers/preg-person-of.js';
import { mappings } from '../../support/person-documents.js';
import { helpNumber, recordedAddress, recordOf } from '../../support/help-numbers.js';

const { countries } = mappings;
const own = helpNumber(1);

describe('a person with a help number in PREG’s terms', () => {
  it('has names and places in upper case', () => {
    const { person } = pregPersonOf(
      recordOf({
        name: { given: 'Åse Marie', middle: 'van', family: 'Østgård' },
        addresses: [recordedAddress({ lines: ['Storgata 1'], postalCode: '0155', postalPlace: 'Oslo' })],
      }),
      own,
      [],
      { countries, fill: 'faithful' },
    );
    expect(person).to.include({ givenName: 'ÅSE MARIE', middleName: 'VAN', sn: 'ØSTGÅRD' });
    expect(person.addresses[0]).to.include({
      source: 'present',
      postalAddress: 'STORGATA 1',
      postalCode: '0155',
      postalPlace: 'OSLO',
    });
  });

  it('lists the numbers that it supersedes', () => {
    const superseded = [helpNumber(2), helpNumber(3)];
    const { person } = pregPersonOf(recordOf(), own, superseded, { countries, fill: 'faithful' });
    expect(person.nin).to.equal(own);
    expect(person.supersededNINs).to.deep.equal(superseded);
  });

  for (const [birth, day] of [
    ['1980-02-29', '1980-02-29'],
    ['1980-02', null],
    ['1980', null],
    ['1981-02-29', null],
    [null, null],
  ] as const) {
    it(`has the birth date ${String(day)} when ${String(birth)} was told`, () => {
      const { person } = pregPersonOf(recordOf({ birth }), own, [], { countries, fill: 'faithful' });
      expect(person.dateOfBirth).to.equal(day);
    });
  }

  it('tells a municipality by number or by name', () => {
    const addresses = ['0301', 'Oslo'].map((municipality) => recordedAddress({ municipality }));
    const { person } = pregPersonOf(recordOf({ addresses }), own, [], { countries, fill: 'faithful' });
    expect(person.addresses.map(({ st, municipality }) => [st, municipality])).to.deep.equal([
      ['0301', null],
      [null, 'OSLO'],
    ]);
  });

  it('makes a mailing address of the home abroad, with its country by code', () => {
    const addresses = ['PL', 'pol', 'Polen', 'Utopia'].map((country) =>
      recordedAddress({
        kind: 'home-abroad',
        lines: ['ul. Prosta 1'],
        municipality: 'Mazowsze',
        careOf: 'Nowak',
        country,
      }),
    );
    const { person } = pregPersonOf(recordOf({ addresses }), own, [], { countries, fill: 'faithful' });
    const known = {
      lines: ['C/O NOWAK', 'UL. PROSTA 1', 'MAZOWSZE'],
      postalCode: null,
      postalPlace: null,
      countryCode: 'POL',
      isForeignStay: true,
    };
    expect(person.addresses.map(({ mailing }) => mailing)).to.deep.equal([
      known,
      known,
      known,
      { ...known, lines: [...known.lines, 'UTOPIA'], countryCode: null },
    ]);
    expect(person.addresses[0]).to.include({ addressLine1: 'C/O NOWAK', country: 'POLEN', source: null });
  });

  it('keeps the mailing address apart from a stay abroad', () => {
    const addresses = [recordedAddress({ kind: 'mail', lines: ['Postboks 1'], country: 'Norge' })];
    const { person } = pregPersonOf(recordOf({ addresses }), own, [], { countries, fill: 'faithful' });
    expect(person.addresses[0]?.mailing).to.include({ isForeignStay: false, countryCode: null });
  });

  it('counts an address that the old field cannot hold', () => {
    const addresses = [recordedAddress({ kind: 'mail', lines: ['A'.repeat(31)] })];
    const mapped = pregPersonOf(recordOf({ addresses }), own, [], { countries, fill: 'faithful' });
    expect(mapped.cut).to.deep.equal(['addresses.addressLine1']);
    expect(pregPersonOf(recordOf(), own, [], { countries, fill: 'faithful' }).cut).to.deep.equal([]);
  });

  it('shows citizenships only where everybody’s are shown, the Norwegian first', () => {
    const record = recordOf({ citizenships: ['SWE', 'NOR'] });
    const blank = { citizenship: null, citizenshipCode: null };
    expect(pregPersonOf(record, own, [], { countries, fill: 'faithful' }).person).to.deep.include({
      ...blank,
      citizenships: [],
    });
    expect(pregPersonOf(record, own, [], { countries, fill: 'rich' }).person).to.deep.include({
      citizenship: 'NORGE',
      citizenshipCode: '000',
      citizenships: ['SWE', 'NOR'],
    });
  });

  it('tells of each field that the hospital told it, by the rows of the field table', () => {
    const { lineage } = pregPersonOf(
      recordOf({ name: { given: 'Ola', middle: null, family: null }, addresses: [recordedAddress()] }),
      own,
      [],
      { countries, fill: 'faithful' },
    );
    expect(lineage.get('givenName')).to.deep.equal({ row: 'givenName', sources: ['help-number register'] });
    expect(lineage.get('sn')).to.deep.equal({ row: 'sn', sources: [], blank: 'not told' });
    expect(lineage.get('addresses[0].postalType')?.row).to.equal('addresses.postalType');
    expect(new Set(Array.from(lineage.values(), ({ row }) => row))).to.deep.equal(new Set(targets.keys()));
  });
});
