import { expect } from 'chai';
import { blankPerson } from '../../../../src/person/blank-person.js';
import { dayIn, pregAddress, pregPerson } from '../../../support/preg-person.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';
import { comparer, differencesOf, found, hit, reasonsFor, reasonsOf } from './compared.js';

const home = pregAddress({
  postalType: 0,
  dateAdrFrom: dayIn('2015-06-01'),
  st: '0301',
  municipality: 'OSLO',
  streetName: 'STORGATA',
  houseNumber: 1,
  postalAddress: 'STORGATA 1',
  postalCode: '0155',
  postalPlace: 'OSLO',
});

describe('comparing answers', () => {
  it('finds nothing where both say the same', () => {
    const person = pregPerson({ sn: 'DAL', addresses: [home] });
    expect(differencesOf(hit(person), hit({ ...person }))).to.deep.equal([]);
    expect(differencesOf(undefined, undefined)).to.deep.equal([]);
  });

  it('tells a field, its kinds and its values of people whom nothing protects', () => {
    const old = pregPerson({ givenName: 'KARI', addresses: [home] });
    const fresh = pregPerson({ givenName: null, addresses: [home] });
    expect(differencesOf(hit(old), hit(fresh))).to.deep.equal([
      {
        field: 'givenName',
        isIdentity: true,
        class: 'unexplained',
        kinds: { preg: 'text', persontjenesten: 'blank' },
        values: { preg: 'KARI', persontjenesten: null },
      },
    ]);
  });

  it('compares nothing that one of them cannot tell', () => {
    const [old, fresh] = [pregPerson({ gender: 'F', sn: 'DAL' }), pregPerson({ gender: 'M', sn: 'DAHL' })];
    const differences = differencesOf(hit(old, { not: ['gender'] }), hit(fresh));
    expect(reasonsOf(differences)).to.deep.equal({ sn: 'unexplained' });
  });

  it('tells that one of them knows nobody', () => {
    const [difference] = differencesOf(hit(pregPerson()), undefined);
    expect(difference).to.deep.equal({
      field: 'person',
      isIdentity: true,
      class: 'unexplained',
      kinds: { preg: 'person', persontjenesten: 'blank' },
    });
  });

  it('tells the address that one of them lacks', () => {
    expect(reasonsFor({ addresses: [home] }, {})).to.deep.equal({ addresses: 'unexplained' });
    expect(reasonsFor({}, { addresses: [home] })).to.deep.equal({ addresses: 'unexplained' });
  });

  it('compares nothing but the number of whom nothing else is known', () => {
    const child = {
      person: { ...blankPerson, nin: syntheticNumber() },
      lineage: new Map([['nin', { row: 'nin', sources: [] }]]),
    };
    expect(differencesOf(child, hit(pregPerson({ sn: 'DAL', addresses: [home] })))).to.deep.equal([]);
  });

  it('refuses to hold answers to different questions against each other', () => {
    const search = { question: 'search', answer: { hits: [], total: 0 } } as const;
    expect(() => comparer.compare({ preg: found(undefined), persontjenesten: search })).to.throw(RangeError);
  });
});
