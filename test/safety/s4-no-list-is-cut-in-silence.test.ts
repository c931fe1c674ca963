import { expect } from 'chai';
import { TooManyHits } from '../../src/errors/errors.js';
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
} from '../registry/search-bench.js';

const NAME = { family: 'Nordmann' };
const INTERVAL = days('1980-01-01', '1990-06-30');

/** Upstream that tells of a hundred and counts so many. */
function cut(count: number): SearchBench {
  return searchBench({
    person: () => found(people(100)),
    'match-count': () => ({ matchCount: count }),
    'paged-match-list': () =>
      listed(
        people(count)
          .slice(0, 1001)
          .map(({ id }) => id),
      ),
    'bulk-by-id': ({ ids }) => people(count).filter(({ id }) => ids.includes(id)),
  });
}

async function isTooMany(searching: Promise<SearchAnswer>): Promise<boolean> {
  const outcome = await searching.catch((error: unknown) => error);
  return outcome instanceof TooManyHits;
}

function operations({ calls }: SearchBench): readonly string[] {
  return calls.map(({ operation }) => operation);
}

describe('S4: a list is never cut in silence', () => {
  it('fewer than a hundred are all there are, and nobody counts them', async () => {
    const bench = searchBench({ person: () => found(people(99)) });
    expect((await bench.search(ORDINARY)).total).to.equal(99);
  });

  it('the limit cuts the hits and not the total', async () => {
    const bench = searchBench({ person: () => found(people(99)) });
    const answer = await bench.search({ ...ORDINARY, limit: 7 });
    expect([answer.hits.length, answer.total]).to.deep.equal([7, 99]);
  });

  for (const [count, total] of [
    [100, 100],
    [101, 101],
    [2345, 2345],
    // Somebody was gone when they were counted.
    [98, 100],
  ] as const) {
    it(`a hundred of ${count} come with the total of ${total}`, async () => {
      const bench = cut(count);
      const answer = await bench.search(ORDINARY);
      expect([answer.hits.length, answer.total]).to.deep.equal([100, total]);
      expect(operations(bench)).to.deep.equal(['person', 'match-count']);
    });
  }

  it('the same criteria are counted', async () => {
    const bench = cut(345);
    await bench.search({
      name: { given: 'Kari', middle: 'Ane*', family: 'Nordmann', full: 'Kari Ane' },
      birth: days('1980-02-01', '1980-02-29'),
      gender: 'F',
      withHelpNumbers: true,
    });
    const [searched, counted] = bench.calls;
    const { BirthDate, ...others } = searched?.criteria ?? {};
    expect(BirthDate).to.equal('1980-02');
    expect(counted?.criteria).to.deep.equal({ ...others, BirthDateFrom: '1980-02', BirthDateTo: '1980-02' });
    expect(counted?.withHelpNumbers).to.equal(true);
  });

  const uncountable: readonly (readonly [string, Partial<SearchQuery>])[] = [
    ['a given name of two letters', { ...ORDINARY, name: { given: 'Bo', family: 'Nordmann' } }],
    ['a surname of two letters', { ...ORDINARY, name: { given: 'Kari', family: 'Li' } }],
    ['a post place', { ...ORDINARY, address: { postalPlace: 'Oslo' } }],
    ['a street of four characters', { ...ORDINARY, address: { street: 'Kaia' } }],
  ];
  for (const [what, query] of uncountable) {
    it(`a hundred found by ${what}, which cannot be counted, are too many`, async () => {
      const bench = cut(345);
      expect(await isTooMany(bench.search(query))).to.equal(true);
      expect(operations(bench)).to.deep.equal(['person']);
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
    it(`a hundred to be judged by ${what} are too many when they are not all`, async () => {
      expect(await isTooMany(cut(101).search(query))).to.equal(true);
    });
  }

  it('a hundred to be judged are told when the count says that they are all', async () => {
    const answer = await cut(100).search({ ...ORDINARY, deceased: false });
    expect(answer.total).to.equal(100);
    const dead = searchBench({
      person: () => found(people(100, { status: [element({ status: 'Deceased' })] })),
      'match-count': () => ({ matchCount: 100 }),
    });
    expect((await dead.search({ ...ORDINARY, deceased: false })).total).to.equal(0);
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
