import { expect } from 'chai';
import { TooManyHits } from '../../src/errors/errors.js';
import { apiVersions, type ApiVersion } from '../../src/registry/persontjenesten/api-version.js';
import type { SearchAnswer, SearchQuery } from '../../src/registry/search.js';
import { element } from '../support/person-documents.js';
import {
  ORDINARY,
  days,
  found,
  listed,
  people,
  searchBench,
  type SearchBench,
  type SearchScript,
} from '../registry/search-bench.js';

const NAME = { family: 'Nordmann' };
const INTERVAL = days('1980-01-01', '1990-06-30');

/** Upstream that tells of a hundred and counts so many. */
function cutBy(version: ApiVersion, count: number): SearchBench {
  return searchBench(
    {
      person: () => found(people(100)),
      'match-count': () => ({ matchCount: count }),
      'paged-match-list': () =>
        listed(
          people(count)
            .slice(0, 1001)
            .map(({ id }) => id),
        ),
      'bulk-by-id': ({ ids }) => people(count).filter(({ id }) => ids.includes(id)),
    },
    version,
  );
}

async function isTooMany(searching: Promise<SearchAnswer>): Promise<boolean> {
  const outcome = await searching.catch((error: unknown) => error);
  return outcome instanceof TooManyHits;
}

function operations({ calls }: SearchBench): readonly string[] {
  return calls.map(({ operation }) => operation);
}

for (const version of Object.values(apiVersions)) {
  describe(`S4: a list is never cut in silence, by version ${version.number}`, () => {
    const cut = (count: number): SearchBench => cutBy(version, count);
    const benchOf = (script: SearchScript): SearchBench => searchBench(script, version);

    it('fewer than a hundred are all there are, and nobody counts them', async () => {
      const bench = benchOf({ person: () => found(people(99)) });
      expect((await bench.search(ORDINARY)).total).to.equal(99);
    });

    it('the limit cuts the hits and not the total', async () => {
      const bench = benchOf({ person: () => found(people(99)) });
      const answer = await bench.search({ ...ORDINARY, limit: 7 });
      expect([answer.hits.length, answer.total]).to.deep.equal([7, 99]);
    });

    for (const [count, told] of [
      [100, 100],
      [101, 101],
      [1000, 1000],
      [1001, 100],
      [2345, 100],
      // Somebody was gone when they were listed.
      [98, 98],
    ] as const) {
      it(`of ${count} people ${told} are told, with the total of ${count}`, async function () {
        this.timeout(10_000);
        const bench = cut(count);
        const answer = await bench.search({ ...ORDINARY, limit: 2000 });
        expect([answer.hits.length, answer.total]).to.deep.equal([told, count]);
        expect(operations(bench).includes('match-count')).to.equal(count > 1000);
      });
    }

    it('the first ones of all are told, whomever upstream tells of first', async () => {
      const everybody = people(250);
      const bench = benchOf({
        person: () => found(everybody.slice(-100)),
        'paged-match-list': () => listed(everybody.map(({ id }) => id).toReversed()),
        'bulk-by-id': ({ ids }) => everybody.filter(({ id }) => ids.includes(id)),
      });
      const answer = await bench.search({ ...ORDINARY, limit: 3 });
      expect(answer.hits.map(({ person }) => person.sn)).to.deep.equal([
        'NORDMANNBBB',
        'NORDMANNBBC',
        'NORDMANNBBD',
      ]);
      expect(answer.total).to.equal(250);
    });

    it('the same criteria are listed and counted', async () => {
      const bench = cut(1345);
      await bench.search({
        name: { given: 'Kari', middle: 'Ane*', family: 'Nordmann', full: 'Kari Ane' },
        birth: days('1980-02-01', '1980-02-29'),
        gender: 'F',
        withHelpNumbers: true,
      });
      const [searched, asked, counted] = bench.calls;
      const { BirthDate, ...others } = searched?.criteria ?? {};
      expect(BirthDate).to.equal('1980-02');
      for (const call of [asked, counted]) {
        expect(call?.criteria).to.deep.equal({ ...others, BirthDateFrom: '1980-02', BirthDateTo: '1980-02' });
        expect(call?.withHelpNumbers).to.equal(true);
      }
    });

    const uncountable: readonly (readonly [string, Partial<SearchQuery>])[] = [
      ['a given name of two letters', { ...ORDINARY, name: { given: 'Bo', family: 'Nordmann' } }],
      ['a surname of two letters', { ...ORDINARY, name: { given: 'Kari', family: 'Li' } }],
      ['a post place', { ...ORDINARY, address: { postalPlace: 'Oslo' } }],
      ['a street of four characters', { ...ORDINARY, address: { street: 'Kaia' } }],
    ];
    for (const [what, query] of uncountable) {
      it(`more than a thousand listed without ${what}, which cannot be counted, are too many`, async () => {
        const bench = cut(1001);
        expect(await isTooMany(bench.search(query))).to.equal(true);
        expect(operations(bench)).to.deep.equal(['person', 'paged-match-list']);
      });
    }

    const judged: readonly (readonly [string, Partial<SearchQuery>])[] = [
      ['four words of a name', { ...ORDINARY, name: { full: 'Kari Ane Lise Nordmann' } }],
      ['being alive', { ...ORDINARY, deceased: false }],
      ['a country', { ...ORDINARY, address: { country: 'SWE' } }],
      ['the name of a municipality', { ...ORDINARY, address: { municipalityName: 'Oslo' } }],
      ['a kind of address', { ...ORDINARY, address: { kind: 'present' } }],
    ];
    for (const [what, query] of judged) {
      it(`more than a thousand to be judged by ${what} are too many`, async () => {
        expect(await isTooMany(cut(1001).search(query))).to.equal(true);
      });
    }

    it('a thousand to be judged are told, each judged', async function () {
      this.timeout(10_000);
      expect((await cut(1000).search({ ...ORDINARY, deceased: false })).total).to.equal(1000);
      const dead = people(1000, { status: [element({ status: 'Deceased' })] });
      const bench = benchOf({
        person: () => found(dead.slice(0, 100)),
        'paged-match-list': () => listed(dead.map(({ id }) => id)),
        'bulk-by-id': ({ ids }) => dead.filter(({ id }) => ids.includes(id)),
      });
      expect((await bench.search({ ...ORDINARY, deceased: false })).total).to.equal(0);
    });

    it('a thousand of a match list are told in full; of more a hundred, with the count', async function () {
      this.timeout(10_000);
      for (const count of [1000, 1001, 1002, 5000]) {
        const bench = cut(count);
        const answer = await bench.search({ name: NAME, birth: INTERVAL, limit: 2000 });
        expect([answer.hits.length, answer.total]).to.deep.equal([count === 1000 ? 1000 : 100, count]);
        expect(operations(bench).includes('match-count')).to.equal(count > 1000);
      }
    });

    it('more than a thousand of a match list are too many when somebody may have to be left out', async function () {
      this.timeout(10_000);
      const left: readonly Partial<SearchQuery>[] = [
        { address: { municipality: '0301' } },
        { name: { given: 'Bo', family: 'Nordmann' } },
        { deceased: false },
      ];
      for (const query of left) {
        expect(await isTooMany(cut(1001).search({ name: NAME, birth: INTERVAL, ...query }))).to.equal(true);
      }
    });
  });
}
