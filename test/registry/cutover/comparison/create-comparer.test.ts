import { expect } from 'chai';
import { blankPerson } from '../../../../src/person/blank-person.js';
import type { Answered } from '../../../../src/registry/cutover/comparison/comparer.js';
import type { SearchHit } from '../../../../src/registry/search.js';
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

  it('goes through a long list one person after the other', () => {
    const people = (maritalStatus: number): Answered => {
      const hits = Array.from({ length: 100 }, (_, index) =>
        hit(pregPerson({ nin: syntheticNumber(index), maritalStatus, addresses: [home] })),
      );
      return { question: 'search', answer: { hits, total: hits.length }, isByAddress: false };
    };
    const pair = { preg: people(1), persontjenesten: people(2) };
    const steps = comparer.inSteps(pair);
    let count = 0;
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) count += 1;
    expect(count).to.be.within(99, 200);
    expect(step.value).to.deep.equal(comparer.compare(pair));
    expect(step.value).to.have.length(1);
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

  it('gives no number of a relative, who may be protected', () => {
    const [old, fresh] = [
      pregPerson({ mothersNIN: syntheticNumber(1), addresses: [home] }),
      pregPerson({ mothersNIN: syntheticNumber(2), addresses: [home] }),
    ];
    const differences = differencesOf(hit(old), hit(fresh));
    expect(reasonsOf(differences)).to.deep.equal({ mothersNIN: 'unexplained' });
    expect(differences.filter(({ values }) => values !== undefined)).to.deep.equal([]);
  });

  for (const [one, other] of [
    ['BÄCK', 'BACK'],
    ['BÄCK', 'BAECK'],
    ['BÄCK', 'BÆCK'],
    ['SJÖBERG', 'SJOBERG'],
    ['SJÖBERG', 'SJØBERG'],
  ] as const) {
    it(`takes either spelling of a letter that has two: ${one} and ${other}`, () => {
      expect(reasonsFor({ sn: one }, { sn: other })).to.deep.equal({});
      expect(reasonsFor({ sn: other }, { sn: one })).to.deep.equal({});
    });
  }

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
    const search = { question: 'search', answer: { hits: [], total: 0 }, isByAddress: false } as const;
    expect(() => comparer.compare({ preg: found(undefined), persontjenesten: search })).to.throw(RangeError);
  });

  describe('of searches', () => {
    const [kari, ola, per] = [
      hit(pregPerson({ nin: syntheticNumber(1), sn: 'DAL', addresses: [home] })),
      hit(pregPerson({ nin: syntheticNumber(2), sn: 'LIE', addresses: [home] })),
      hit(pregPerson({ nin: syntheticNumber(3), sn: 'MO', addresses: [home] })),
    ];
    const search = (hits: readonly SearchHit[], total = hits.length): Answered => ({
      question: 'search',
      answer: { hits, total },
      isByAddress: false,
    });
    const compare = (old: Answered, fresh: Answered): Record<string, string> =>
      reasonsOf(comparer.compare({ preg: old, persontjenesten: fresh }));

    it('takes hits in any order', () => {
      expect(compare(search([kari, ola, per]), search([per, kari, ola]))).to.deep.equal({});
    });

    it('finds who is missing, which does not mix up people', () => {
      const [difference] = comparer.compare({
        preg: search([kari, ola]),
        persontjenesten: search([ola]),
      });
      expect(difference).to.deep.equal({
        field: 'hits',
        isIdentity: false,
        class: 'unexplained',
        kinds: { preg: 'person', persontjenesten: 'blank' },
      });
    });

    it('takes a person for the same whose number gave way', () => {
      const dateOfBirth = dayIn('1950-12-31');
      const former = hit({ ...kari.person, dateOfBirth, nin: syntheticNumber(9) });
      const current = hit({ ...kari.person, dateOfBirth, supersededNINs: [syntheticNumber(9)] });
      expect(compare(search([former]), search([current]))).to.deep.equal({
        nin: 'unexplained',
        supersededNINs: 'other-numbers-kept',
      });
    });

    it('leaves out who may stand behind the end of a list', () => {
      expect(compare(search([kari, ola], 9), search([ola, per], 9))).to.deep.equal({});
      expect(compare(search([kari, ola], 9), search([ola, per], 3))).to.deep.equal({ total: 'unexplained' });
      expect(compare(search([kari], 2), search([kari, ola], 2))).to.deep.equal({});
    });

    it('takes the ends of two long lists that have nobody in common for no equal answers', () => {
      expect(compare(search([kari], 9), search([ola, per], 9))).to.deep.equal({ hits: 'unexplained' });
      expect(compare(search([], 9), search([ola, per], 9))).to.deep.equal({});
    });

    it('misses somebody protected who was searched for by name', () => {
      const masked = pregAddress({ postalType: 6, postalAddress: 'Sperret adresse' });
      const hidden = hit({ ...kari.person, addresses: [masked] });
      expect(compare(search([hidden]), search([]))).to.deep.equal({ hits: 'unexplained' });
    });

    it('tells each kind of difference once', () => {
      const renamed = [kari, ola, per].map(({ person }) => hit({ ...person, sn: `${person.sn ?? ''}BERG` }));
      const differences = comparer.compare({
        preg: search([kari, ola, per]),
        persontjenesten: search(renamed),
      });
      expect(differences.map(({ field, values }) => [field, values])).to.deep.equal([
        ['sn', { preg: 'DAL', persontjenesten: 'DALBERG' }],
      ]);
    });

    it('keeps the values of people apart from those whom one of them protects', () => {
      const masked = pregAddress({ postalType: 6, postalAddress: 'Sperret adresse' });
      const hidden = hit({ ...kari.person, sn: 'BERG', addresses: [masked] });
      const renamed = hit({ ...ola.person, sn: 'BERG' });
      const differences = comparer.compare({
        preg: search([kari, ola]),
        persontjenesten: search([hidden, renamed]),
      });
      const told = differences.flatMap(({ values = [] }) => values);
      expect(told).to.deep.equal([{ preg: 'LIE', persontjenesten: 'BERG' }]);
    });
  });

  describe('about children', () => {
    const [one, two] = [
      hit(pregPerson({ nin: syntheticNumber(1) })),
      hit(pregPerson({ nin: syntheticNumber(2) })),
    ];
    const children = (...list: readonly SearchHit[]): Answered => ({
      question: 'children',
      answer: { outcome: 'found', children: list },
    });
    const nobody: Answered = { question: 'children', answer: { outcome: 'not-found' } };

    it('takes them in any order', () => {
      expect(
        comparer.compare({ preg: children(one, two), persontjenesten: children(two, one) }),
      ).to.deep.equal([]);
    });

    it('finds who is missing', () => {
      const differences = comparer.compare({ preg: children(one, two), persontjenesten: children(two) });
      expect(reasonsOf(differences)).to.deep.equal({ hits: 'unexplained' });
    });

    it('tells a parent whom one of them does not know from one without children', () => {
      expect(comparer.compare({ preg: nobody, persontjenesten: nobody })).to.deep.equal([]);
      const [difference] = comparer.compare({ preg: nobody, persontjenesten: children() });
      expect(difference).to.deep.include({
        field: 'person',
        isIdentity: true,
        kinds: { preg: 'blank', persontjenesten: 'person' },
      });
    });
  });
});
