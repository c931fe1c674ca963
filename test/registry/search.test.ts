import { inspect } from 'node:util';
import { expect } from 'chai';
import {
  AdapterError,
  CallerLeft,
  InvalidQuery,
  TooManyHits,
  UpstreamForbidden,
  UpstreamInvalidAnswer,
  UpstreamRateLimited,
  UpstreamRejected,
  UpstreamUnavailable,
} from '../../src/errors/errors.js';
import type { JsonObject, JsonValue } from '../../src/mapping/json.js';
import type { FieldGroup } from '../../src/person/field-groups.js';
import type { SearchAnswer, SearchQuery } from '../../src/registry/search.js';
import { discontinued, element, inUse, residence, street } from '../support/person-documents.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { caller } from './registry-bench.js';
import {
  JSON_TYPE,
  ORDINARY,
  days,
  found,
  listed,
  people,
  problem,
  searchBench,
  someone,
  type SearchBench,
  type SearchScript,
} from './search-bench.js';

const name = { family: 'Nordmann' };
const birth = ORDINARY.birth;
/** A range that `search/person` has no field for. */
const interval = days('1980-03-04', '1980-04-05');

async function failure(searching: Promise<SearchAnswer>): Promise<AdapterError> {
  try {
    await searching;
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    expect(inspect(error, { depth: Infinity })).to.not.match(/do-not-tell|Nordmann|[0-9]{11}/);
    return error;
  }
  throw new Error('there was an answer');
}

async function refusal(query: Partial<SearchQuery>): Promise<InvalidQuery> {
  const bench = searchBench({});
  const error = await failure(bench.search(query));
  expect(bench.calls, 'upstream is not asked').to.deep.equal([]);
  if (!(error instanceof InvalidQuery)) throw error;
  return error;
}

function surnames({ hits }: SearchAnswer): readonly (string | null)[] {
  return hits.map(({ person }) => person.sn);
}

function nothingFound(): SearchBench {
  return searchBench({ person: () => found([]), 'paged-match-list': () => listed([]) });
}

describe('search in Persontjenesten', () => {
  describe('asks search/person', () => {
    const cases: readonly (readonly [string, Partial<SearchQuery>, Readonly<Record<string, string>>])[] = [
      [
        'for each part of a name and a day',
        { name: { given: 'Kari', middle: 'Mo', family: 'Nordmann' }, birth },
        { GivenName: 'Kari', MiddleName: 'Mo', FamilyName: 'Nordmann', BirthDate: '1980-03-04' },
      ],
      [
        'for a full name and a month',
        { name: { full: "Åse O'Neill-Øy" }, birth: days('1980-02-01', '1980-02-29') },
        { FullName: "Åse O'Neill-Øy", BirthDate: '1980-02' },
      ],
      [
        'for a year and a gender',
        { name, gender: 'F', birth: days('1980-01-01', '1980-12-31') },
        { FamilyName: 'Nordmann', BirthDate: '1980', Gender: 'Female' },
      ],
      [
        'for every part of an address',
        {
          name,
          gender: 'M',
          address: {
            street: 'Storgata 1 B',
            postalCode: '0585',
            postalPlace: 'Oslo',
            municipality: '0301',
          },
        },
        {
          FamilyName: 'Nordmann',
          Gender: 'Male',
          StreetAddress: 'Storgata 1 B',
          PostalCode: '0585',
          CityName: 'Oslo',
          MunicipalityNumber: '0301',
        },
      ],
      [
        'without blanks that say nothing, letters composed',
        { name: { given: '  Kari\t Ane ', family: 'A\u030Amo' }, birth },
        { GivenName: 'Kari Ane', FamilyName: 'Åmo', BirthDate: '1980-03-04' },
      ],
      [
        'without the wildcard at an end, since every match is from the beginning',
        { name: { given: 'Kar*', full: 'Nordmann *' }, address: { street: 'Storg*', postalPlace: 'Os*' } },
        { GivenName: 'Kar', FullName: 'Nordmann', StreetAddress: 'Storg', CityName: 'Os' },
      ],
    ];
    for (const [what, query, criteria] of cases) {
      it(what, async () => {
        const bench = nothingFound();
        expect(await bench.search(query)).to.deep.equal({ hits: [], total: 0 });
        expect(bench.calls.map((call) => [call.operation, call.criteria])).to.deep.equal([
          ['person', criteria],
        ]);
      });
    }

    it('in the view of the caller, for the shown parts and numbers, without history', async () => {
      const bench = nothingFound();
      await bench.search(ORDINARY, caller({ access: 'restricted', visible: new Set<FieldGroup>(['names']) }));
      expect(bench.calls[0]?.parts).to.deep.equal(['Name', 'NorwegianIdentificationNumber']);
      expect(bench.calls[0]?.history).to.equal(false);
      expect(bench.calls[0]?.request.path).to.equal('/api/v3/restricted-access/search/person');
    });

    for (const withHelpNumbers of [true, false]) {
      it(`${withHelpNumbers ? 'with' : 'without'} people who have a help number alone`, async () => {
        const bench = nothingFound();
        await bench.search({ ...ORDINARY, withHelpNumbers });
        await bench.search({ ...ORDINARY, birth: interval, withHelpNumbers });
        expect(bench.calls.map((call) => call.withHelpNumbers)).to.deep.equal([
          withHelpNumbers,
          withHelpNumbers,
        ]);
      });
    }

    it('for what the criteria that are left are judged by, whatever is shown', async () => {
      const bench = nothingFound();
      const sees = caller({ visible: new Set<FieldGroup>(['identity']) });
      await bench.search({ ...ORDINARY, deceased: false }, sees);
      await bench.search({ name: { full: 'Kari Ane Lise Nordmann' }, birth }, sees);
      await bench.search({ ...ORDINARY, address: { municipalityName: 'Oslo' } }, sees);
      const [death, words, place] = bench.calls.map(({ parts }) => parts);
      expect(death).to.include.members(['Status', 'Death']);
      expect(words).to.include('Name');
      expect(place).to.include.members(['AddressProtection', 'ResidentialAddress', 'SharedResidence']);
    });
  });

  describe('asks for a match list and its people', () => {
    const ranges: readonly (readonly [string, ReturnType<typeof days>, Readonly<Record<string, string>>])[] =
      [
        ['between two days', interval, { BirthDateFrom: '1980-03-04', BirthDateTo: '1980-04-05' }],
        ['since a day', days('1980-03-04', ''), { BirthDateFrom: '1980-03-04' }],
        ['until a day', days('', '1980-03-04'), { BirthDateTo: '1980-03-04' }],
      ];
    for (const [what, range, criteria] of ranges) {
      it(`born ${what}`, async () => {
        const bench = searchBench({
          'paged-match-list': () => listed(['p1', 'p0']),
          'bulk-by-id': () => people(2),
        });
        const answer = await bench.search({ name, gender: 'M', birth: range, address: undefined });
        expect(answer.total).to.equal(2);
        expect(surnames(answer)).to.deep.equal(['NORDMANNBBB', 'NORDMANNBBC']);
        const [list, bulk] = bench.calls;
        expect(list?.criteria).to.deep.equal({ FamilyName: 'Nordmann', Gender: 'Male', ...criteria });
        expect(list?.request.form).to.deep.include(['PageSize', '1001']);
        expect(bulk?.ids).to.deep.equal(['p1', 'p0']);
        expect(bulk?.parts).to.include('Name');
        expect(bulk?.history).to.equal(false);
      });
    }

    it('a hundred in one call and no more than four calls at once', async () => {
      const everybody = people(950);
      const bench = searchBench({
        'paged-match-list': () => listed(everybody.map(({ id }) => id)),
        'bulk-by-id': ({ ids }) => everybody.filter(({ id }) => ids.includes(id)),
      });
      const answer = await bench.search({ name, birth: interval, limit: 5 });
      expect(answer.total).to.equal(950);
      expect(answer.hits).to.have.length(5);
      const batches = bench.calls.filter(({ operation }) => operation === 'bulk-by-id');
      expect(batches.map(({ ids }) => ids.length)).to.deep.equal([...Array<number>(9).fill(100), 50]);
      expect(bench.mostAtOnce).to.equal(4);
      expect(new Set(batches.flatMap(({ ids }) => ids)).size).to.equal(950);
    });

    it('and judges itself what a list has no field for, or no field for so short a text', async () => {
      const fits = { name: [element({ givenName: 'Bo', middleName: 'Li Ås', familyName: 'Nordmann' })] };
      const home = { residentialAddress: [residence({ streetAddress: street({ addressName: 'Ås' }) })] };
      const documents = [
        someone(0, { ...fits, ...home }),
        someone(1, { ...fits, ...home, name: [element({ givenName: 'Kari', familyName: 'Nordmann' })] }),
        someone(2, { ...fits, residentialAddress: [residence()] }),
        someone(3, fits),
      ];
      const bench = searchBench({
        'paged-match-list': () => listed(documents.map(({ id }) => id)),
        'bulk-by-id': () => documents,
      });
      const answer = await bench.search({
        name: { given: 'bo', middle: 'li å', family: 'Nordmann', full: 'Ås' },
        birth: interval,
        address: { street: 'ås5', postalPlace: 'osl' },
      });
      expect(bench.calls[0]?.criteria).to.have.all.keys(
        'FamilyName',
        'MiddleName',
        'BirthDateFrom',
        'BirthDateTo',
      );
      expect(answer.hits.map(({ person }) => person.nin)).to.deep.equal([syntheticNumber(0)]);
      expect(answer.total).to.equal(1);
    });

    it('for everybody who died in a range when there are too many to judge', async () => {
      const bench = searchBench({
        person: () => found(people(100)),
        'paged-match-list': () => listed(['p3']),
        'bulk-by-id': () => [someone(3)],
      });
      const answer = await bench.search({ ...ORDINARY, death: days('2020-01-01', '2020-12-31') });
      expect(answer.total).to.equal(1);
      expect(bench.calls[1]?.criteria).to.deep.include({ DeathDateFrom: '2020', DeathDateTo: '2020' });
    });

    it('for everybody dead when there are too many to judge', async () => {
      const dead = { status: [element({ status: 'Deceased' })] };
      const bench = searchBench({
        person: () => found(people(100)),
        'paged-match-list': () => listed(['p3']),
        'bulk-by-id': () => [someone(3, dead)],
      });
      expect((await bench.search({ ...ORDINARY, deceased: true })).total).to.equal(1);
      expect(bench.calls[1]?.criteria).to.deep.include({ PersonStatuses: 'Deceased' });
    });

    describe('and when somebody is missing', () => {
      const missing = (alone: SearchScript['by-id']): SearchBench =>
        searchBench({
          'paged-match-list': () => listed(['p0', 'p1', 'p2']),
          'bulk-by-id': () => people(2),
          ...(alone === undefined ? {} : { 'by-id': alone }),
        });
      const query = { name, birth: interval };

      it('asks for them alone', async () => {
        const bench = missing(() => someone(2));
        expect((await bench.search(query)).total).to.equal(3);
        expect(bench.calls.at(-1)?.request.path).to.equal('/api/v3/full-access/person/p2');
        expect(bench.calls.at(-1)?.parts).to.deep.equal(bench.calls.at(-2)?.parts);
      });

      it('leaves them out when upstream says that there is no such person', async () => {
        expect((await missing(() => problem(404)).search(query)).total).to.equal(2);
      });

      it('fails when they cannot be asked for', async () => {
        const answers = [problem(503), { status: 404, headers: {}, body: '' }, someone(7)] as const;
        for (const answer of answers) {
          const error = await failure(missing(() => answer).search(query));
          expect(error.code).to.be.oneOf(['upstream-unavailable', 'upstream-invalid-answer']);
        }
      });

      it('fails when that is nearly everybody', async () => {
        const bench = searchBench({
          'paged-match-list': () => listed(people(60).map(({ id }) => id)),
          'bulk-by-id': () => people(2),
        });
        expect(await failure(bench.search(query))).to.be.instanceOf(UpstreamInvalidAnswer);
      });
    });

    it('fails as a whole when one call fails, and begins no further one', async () => {
      const everybody = people(1000);
      const bench = searchBench({
        'paged-match-list': () => listed(everybody.map(({ id }) => id)),
        'bulk-by-id': ({ ids }) =>
          ids.includes('p100')
            ? new UpstreamUnavailable('down')
            : everybody.filter(({ id }) => ids.includes(id)),
      });
      expect(await failure(bench.search({ name, birth: interval }))).to.be.instanceOf(UpstreamUnavailable);
      const batches = bench.calls.filter(({ operation }) => operation === 'bulk-by-id');
      expect(batches.length).to.be.lessThan(7);
    });

    it('fails when somebody comes who was not asked for', async () => {
      const bench = searchBench({
        'paged-match-list': () => listed(['p0', 'p1']),
        'bulk-by-id': () => people(3),
      });
      expect(await failure(bench.search({ name, birth: interval }))).to.be.instanceOf(UpstreamInvalidAnswer);
    });
  });

  describe('refuses before it asks', () => {
    const address = (parts: SearchQuery['address']): Partial<SearchQuery> => ({
      ...ORDINARY,
      address: parts,
    });
    const refused: readonly (readonly [string, string, Partial<SearchQuery>])[] = [
      ['no name', 'name', { birth }],
      ['a name without criteria', 'name', { name: {}, birth }],
      ['two letters of names in all', 'name', { name: { given: 'B', family: 'Ø' }, birth }],
      ['an empty name', 'name', { name: { given: 'Kari', family: ' ' }, birth }],
      ['a name that is nothing but a wildcard', 'name', { name: { given: 'Kari', family: '*' }, birth }],
      ['a leading wildcard', 'name', { name: { family: '*mann' }, birth }],
      ['an inner wildcard', 'name', { name: { family: 'Nord*ann' }, birth }],
      ['two wildcards', 'name', { name: { family: 'Nord**' }, birth }],
      ['%', 'name', { name: { family: 'Nord%' }, birth }],
      ['?', 'name', { name: { family: 'Nordman?' }, birth }],
      ['_', 'name', { name: { family: 'Nordman_' }, birth }],
      ['a digit in a name', 'name', { name: { family: 'Nordmann2' }, birth }],
      ['a full stop in a name', 'name', { name: { family: 'St. Nordmann' }, birth }],
      ['a name that begins with a hyphen', 'name', { name: { family: '-Nordmann' }, birth }],
      ['a letter beyond the first plane', 'name', { name: { family: 'Nord𐐀mann' }, birth }],
      ['a mark that cannot be composed', 'name', { name: { family: 'Nordx\u0331mann' }, birth }],
      ['a name of 201 characters', 'name', { name: { family: 'a'.repeat(201) }, birth }],
      ['a full name of 601 characters', 'name', { name: { full: 'a'.repeat(601) }, birth }],
      ['no second criterion', 'secondCriterion', { name }],
      ['nothing besides a post place', 'secondCriterion', { name, address: { postalPlace: 'Oslo' } }],
      ['nothing besides a country', 'secondCriterion', { name, address: { country: 'NOR' } }],
      ['nothing besides a day of death', 'secondCriterion', { name, death: birth, deceased: true }],
      ['nothing besides two letters of a street', 'secondCriterion', { name, address: { street: 'Ås 123' } }],
      ['a birth range without ends', 'birth', { name, birth: {} }],
      [
        'a birth range that ends before it begins',
        'birth',
        { name, birth: days('1981-01-01', '1980-12-31') },
      ],
      ['a death range without ends', 'death', { ...ORDINARY, death: {} }],
      ['a wildcard inside a street', 'street', address({ street: 'Stor*ata' })],
      ['a street with a foreign character', 'street', address({ street: 'Storgata #4' })],
      ['a street of 201 characters', 'street', address({ street: 'a'.repeat(201) })],
      ['a postal code of three digits', 'postalCode', address({ postalCode: '585' })],
      ['a postal code with a wildcard', 'postalCode', address({ postalCode: '058*' })],
      ['a post place with digits', 'postalPlace', address({ postalPlace: '0585 Oslo' })],
      ['a municipality of letters', 'municipality', address({ municipality: 'Oslo' })],
      ['a wildcard inside a municipality', 'municipalityName', address({ municipalityName: 'O*o' })],
      ['an unknown country', 'country', address({ country: 'QQQ' })],
      ['a country by two letters', 'country', address({ country: 'NO' })],
      ['a municipality abroad', 'country', address({ country: 'SWE', municipality: '0301' })],
      ['a named municipality abroad', 'country', address({ country: 'SWE', municipalityName: 'Malmö' })],
      [
        'nothing besides a street abroad',
        'secondCriterion',
        { name, address: { country: 'SWE', street: 'Storgatan 1' } },
      ],
      [
        'nothing besides the street of a home, which may be abroad',
        'secondCriterion',
        { name, address: { kind: 'home', street: 'Storgata 1' } },
      ],
    ];
    for (const [what, parameter, query] of refused) {
      it(what, async () => {
        const error = await refusal(query);
        expect(error.parameter).to.equal(parameter);
        expect(error.problem).to.match(/^[a-zA-Z0-9 ,*]+$/);
      });
    }

    it('nothing of what upstream takes', async () => {
      for (const query of [
        { name: { given: 'Bo', family: 'L' }, birth },
        { name: { full: 'B L Ø' }, address: { postalCode: '0585' } },
        { name, address: { municipality: '0301' } },
        { name, address: { street: 'Kai' } },
        { name: { family: "d'Å-b c" }, birth: days('1980-01-01', '') },
        { name, birth, address: { country: 'SWE', kind: 'present' } },
      ] as const) {
        expect((await nothingFound().search(query)).total).to.equal(0);
      }
    });
  });

  describe('asks by no address that may be abroad', () => {
    const asked: readonly (readonly [string, SearchQuery['address'], Readonly<Record<string, string>>])[] = [
      ['a home in a place', { kind: 'home', postalPlace: 'Oslo', street: 'Storgata 1' }, {}],
      ['a street abroad', { country: 'SWE', street: 'Storgatan 1' }, {}],
      ['a post code abroad', { country: 'DNK', postalCode: '2100' }, {}],
      [
        'a home in Norway',
        { kind: 'home', country: 'NOR', postalPlace: 'Oslo', street: 'Storgata 1' },
        { CityName: 'Oslo', StreetAddress: 'Storgata 1' },
      ],
      [
        'a home with a post code',
        { kind: 'home', postalCode: '0585', street: 'Storgata 1' },
        { PostalCode: '0585', StreetAddress: 'Storgata 1' },
      ],
      ['a home in a municipality', { kind: 'home', municipality: '0301' }, { MunicipalityNumber: '0301' }],
      [
        'a residence',
        { kind: 'residential', postalPlace: 'Oslo', street: 'Storgata 1' },
        { CityName: 'Oslo', StreetAddress: 'Storgata 1' },
      ],
    ];
    for (const [what, address, fields] of asked) {
      it(`but ${Object.keys(fields).join(' and ') || 'nothing'} for ${what}`, async () => {
        const bench = nothingFound();
        await bench.search({ name, birth, address });
        await bench.search({ name, birth: interval, address });
        const [direct, list] = bench.calls.map(({ criteria }) => criteria);
        expect(direct).to.deep.equal({ FamilyName: 'Nordmann', BirthDate: '1980-03-04', ...fields });
        const inLists = Object.fromEntries(Object.entries(fields).filter(([field]) => field !== 'CityName'));
        expect(list).to.deep.equal({
          FamilyName: 'Nordmann',
          BirthDateFrom: interval.from,
          BirthDateTo: interval.to,
          ...inLists,
        });
      });
    }

    it('and tells nobody of a list that is not whole', async () => {
      const ids = Array.from({ length: 1001 }, (_, index) => `p${index}`);
      const bench = searchBench({ person: () => found(people(100)), 'paged-match-list': () => listed(ids) });
      const query = { name, birth, address: { kind: 'home', country: 'DNK' } } as const;
      expect(await failure(bench.search(query))).to.be.instanceOf(TooManyHits);
    });
  });

  describe('judges by the documents', () => {
    async function fitting(
      query: Partial<SearchQuery>,
      ...parts: readonly JsonObject[]
    ): Promise<readonly number[]> {
      const documents = parts.map((each, index) => someone(index, each));
      const { hits, total } = await searchBench({ person: () => found(documents) }).search({
        ...ORDINARY,
        ...query,
      });
      expect(total).to.equal(hits.length);
      return documents.flatMap((_, index) =>
        hits.some(({ person }) => person.nin === syntheticNumber(index)) ? [index] : [],
      );
    }
    const alive = { status: [element({ status: 'Resident' })] };
    const dead = { status: [element({ status: 'Deceased' })] };
    const died = (day: string): JsonObject => ({
      ...dead,
      death: element({ deceasedDate: `${day}T00:00:00` }),
    });

    it('whether somebody is dead; who is not known to be is not', async () => {
      expect(await fitting({ deceased: true }, alive, dead, died('2020-02-02'), {})).to.deep.equal([1, 2]);
      expect(await fitting({ deceased: false }, alive, dead, died('2020-02-02'), {})).to.deep.equal([0, 3]);
    });

    it('when somebody died, both ends included', async () => {
      const deaths = ['2020-01-31', '2020-02-01', '2020-02-28', '2020-03-01'].map(died);
      const among = (from: string, to: string): Promise<readonly number[]> =>
        fitting({ death: days(from, to) }, ...deaths, dead, alive);
      expect(await among('2020-02-01', '2020-02-28')).to.deep.equal([1, 2]);
      expect(await among('2020-02-28', '')).to.deep.equal([2, 3]);
      expect(await among('', '2020-01-31')).to.deep.equal([0]);
    });

    it('words of a full name beyond the three that upstream looks at', async () => {
      const named = (givenName: string, middleName: string, familyName: string): JsonObject => ({
        name: [element({ givenName, middleName, familyName })],
      });
      const candidates = [
        named('Kari', 'Anne-Lise', 'Berg Nordmann'),
        named('Kari', 'Anne Lise', 'Berg'),
        named('Kari', 'Lise', 'Nordmann'),
      ];
      expect(await fitting({ name: { full: 'kari lis berg nord' } }, ...candidates)).to.deep.equal([0]);
      expect(await fitting({ name: { full: 'kari lis berg' } }, ...candidates)).to.deep.equal([0, 1, 2]);
    });

    const at = (members: JsonObject): JsonObject => residence({ streetAddress: street(members) });
    const inBergen = { municipalityNumber: '4601', municipalityName: 'Bergen' };

    it('the kind of address, which has to fit the other criteria itself', async () => {
      const inOslo: JsonObject = {
        residentialAddress: [at({})],
        presentAddress: [at(inBergen)],
        sharedResidence: [at({ municipalityNumber: '1103' })],
      };
      const fits = (query: SearchQuery['address']): Promise<readonly number[]> =>
        fitting({ address: query }, inOslo, {});
      expect(await fits({ kind: 'residential', municipality: '0301' })).to.deep.equal([0]);
      expect(await fits({ kind: 'residential', municipality: '4601' })).to.deep.equal([]);
      expect(await fits({ kind: 'present', municipality: '4601' })).to.deep.equal([0]);
      expect(await fits({ kind: 'present', municipality: '1103' })).to.deep.equal([]);
      expect(await fits({ kind: 'present', municipality: '4601', street: 'oppdiktetv' })).to.deep.equal([0]);
      expect(await fits({ kind: 'present', street: 'Oppdiktet vei 5 B' })).to.deep.equal([0]);
      expect(await fits({ kind: 'present', street: 'Oppdiktet vei 6' })).to.deep.equal([]);
      expect(await fits({ kind: 'present', postalCode: '0585', postalPlace: 'Osl' })).to.deep.equal([0]);
      expect(await fits({ kind: 'residential' })).to.deep.equal([0]);
    });

    it('a home: the residence, or where somebody is abroad', async () => {
      const warsaw = {
        addressName: 'ul. Testowa 1',
        postCode: '00-001',
        cityOrPlaceName: 'Warszawa',
        countryCode: 'PL',
      };
      const abroad = [element({ foreignAddress: warsaw })];
      const fits = (query: SearchQuery['address']): Promise<readonly number[]> =>
        fitting(
          { address: query },
          { residentialAddress: [at({})] },
          { presentAddress: abroad },
          { foreignPostalAddress: abroad },
          { presentAddress: [at(inBergen)] },
        );
      expect(await fits({ kind: 'home' })).to.deep.equal([0, 1]);
      expect(await fits({ kind: 'home', country: 'NOR' })).to.deep.equal([0]);
      expect(await fits({ kind: 'home', country: 'POL' })).to.deep.equal([1]);
      expect(await fits({ kind: 'home', country: 'DNK' })).to.deep.equal([]);
      expect(await fits({ kind: 'home', postalPlace: 'warsz' })).to.deep.equal([1]);
      expect(await fits({ kind: 'home', street: 'UL. testowa' })).to.deep.equal([1]);
      expect(await fits({ kind: 'home', country: 'POL', postalPlace: 'Kraków' })).to.deep.equal([]);
      expect(await fits({ kind: 'home', street: 'Oppdiktet vei 5' })).to.deep.equal([0]);
      expect(await fits({ kind: 'residential', country: 'POL' })).to.deep.equal([]);
      expect(await fits({ kind: 'present', country: 'POL' })).to.deep.equal([1]);
      expect(await fits({ country: 'POL', postalPlace: 'Warszawa' })).to.deep.equal([1, 2]);
    });

    it('addresses of today alone', async () => {
      const former = { residentialAddress: [{ ...at(inBergen), isValid: false }, at({})] };
      expect(await fitting({ address: { municipalityName: 'Bergen' } }, former)).to.deep.equal([]);
    });

    it('the name of a municipality by each of its official names', async () => {
      const homes = ['Oslo', 'Kárášjohka - Karasjok', 'Bergen'].map((municipalityName) => ({
        residentialAddress: [at({ municipalityName })],
      }));
      const farm = {
        residentialAddress: [
          residence({
            streetAddress: null,
            cadastralAddress: {
              cadastralNumber: { municipalityNumber: '5610', municipalityName: 'Karasjok' },
            },
          }),
        ],
      };
      const homeless = {
        residentialAddress: [
          residence({ streetAddress: null, unknownResidence: { municipalityName: 'Karasjok' } }),
        ],
      };
      const fits = (municipalityName: string): Promise<readonly number[]> =>
        fitting({ address: { municipalityName } }, ...homes, farm, homeless);
      expect(await fits('KARASJOK')).to.deep.equal([1, 3, 4]);
      expect(await fits('kárášj*')).to.deep.equal([1]);
      expect(await fits('jok')).to.deep.equal([]);
    });

    it('the country: Norwegian addresses are in Norway, others say where', async () => {
      const abroad = (countryCode: string): JsonObject => element({ foreignAddress: { countryCode } });
      const homes = [
        { residentialAddress: [at({})] },
        { residentialAddress: [at({})], presentAddress: [abroad('SE')] },
        { foreignPostalAddress: [element({ freeFormForeignAddress: { countryCode: 'SE' } })] },
        { foreignPostalAddress: [abroad('XK')] },
        {},
      ];
      const fits = (address: SearchQuery['address']): Promise<readonly number[]> =>
        fitting({ address }, ...homes);
      expect(await fits({ country: 'NOR' })).to.deep.equal([0, 1]);
      expect(await fits({ country: 'SWE' })).to.deep.equal([1, 2]);
      expect(await fits({ country: 'SWE', kind: 'present' })).to.deep.equal([1]);
      expect(await fits({ country: 'DNK' })).to.deep.equal([]);
    });
  });

  describe('tells', () => {
    it('the first in order, and how many there are', async () => {
      const documents = people(30).toReversed();
      const answer = await searchBench({ person: () => found(documents) }).search({ ...ORDINARY, limit: 3 });
      expect(surnames(answer)).to.deep.equal(['NORDMANNBBB', 'NORDMANNBBC', 'NORDMANNBBD']);
      expect(answer.total).to.equal(30);
    });

    it('a person once whom upstream tells of twice', async () => {
      const documents = [someone(0), someone(1), someone(0)];
      const answer = await searchBench({ person: () => found(documents) }).search(ORDINARY);
      expect(answer.total).to.equal(2);
      const bench = searchBench({
        'paged-match-list': () => listed(['p0', 'p1', 'p0']),
        'bulk-by-id': () => documents,
      });
      expect((await bench.search({ name, birth: interval })).total).to.equal(2);
      expect(bench.calls[1]?.ids).to.deep.equal(['p0', 'p1']);
    });

    it('the number in use, with where each field came from', async () => {
      const numbers = [discontinued(syntheticNumber(8)), inUse(syntheticNumber(9))];
      const document = someone(0, { norwegianIdentificationNumber: numbers });
      const { hits } = await searchBench({ person: () => found([document]) }).search(ORDINARY);
      expect(hits[0]?.person.nin).to.equal(syntheticNumber(9));
      expect(hits[0]?.lineage.get('sn')?.sources).to.deep.equal(['name[0].familyName']);
    });

    it('the former number of somebody who has no other, which is listed with history alone', async () => {
      const bench = searchBench({
        person: () => found([someone(0), someone(1, { norwegianIdentificationNumber: [] })]),
        'bulk-by-id': () => [{ id: 'p1', norwegianIdentificationNumber: [discontinued(syntheticNumber(1))] }],
      });
      const { hits, total } = await bench.search(ORDINARY);
      expect(hits.map(({ person }) => person.nin)).to.deep.equal([syntheticNumber(0), syntheticNumber(1)]);
      expect(total).to.equal(2);
      const { ids, parts, history } = bench.calls[1] ?? {};
      expect({ ids, parts, history }).to.deep.equal({
        ids: ['p1'],
        parts: ['NorwegianIdentificationNumber'],
        history: true,
      });
    });

    it('nothing of somebody without any number', async () => {
      const nameless = someone(1, { norwegianIdentificationNumber: null });
      const bench = searchBench({
        person: () => found([someone(0), nameless]),
        'bulk-by-id': () => [nameless],
      });
      expect((await bench.search(ORDINARY)).total).to.equal(1);
    });

    it('what the translation stumbled over', async () => {
      const document = someone(0, { gender: [element({ gender: 'Neither' })] });
      const bench = searchBench({ person: () => found([document]) });
      await bench.search(ORDINARY);
      expect(bench.events.of.unmappedValue.map(({ row, value }) => [row, value])).to.deep.equal([
        ['gender', 'Neither'],
      ]);
    });
  });

  describe('trouble', () => {
    const bad: Readonly<Record<string, JsonValue>> = {
      null: null,
      'a list': [],
      'no results': {},
      'results of null': { results: null },
      'results that are no list': { results: {} },
      'a result of null': { results: [null] },
      'a result that is text': { results: [7] },
      'a document without id': { results: [{ name: [] }] },
    };
    for (const [what, body] of Object.entries(bad)) {
      it(`${what} is no answer to a search`, async () => {
        const bench = searchBench({ person: () => body, 'paged-match-list': () => body });
        expect(await failure(bench.search(ORDINARY))).to.be.instanceOf(UpstreamInvalidAnswer);
        const error = await failure(bench.search({ name, birth: interval }));
        expect(error).to.be.instanceOf(UpstreamInvalidAnswer);
      });
    }
    for (const id of ['', 'a,b', ' a', 'a'.repeat(65)]) {
      it(`${id.length} characters that are no id are no answer`, async () => {
        const bench = searchBench({ 'paged-match-list': () => listed([id]) });
        expect(await failure(bench.search({ name, birth: interval }))).to.be.instanceOf(
          UpstreamInvalidAnswer,
        );
      });
    }
    for (const count of [null, {}, { matchCount: -1 }, { matchCount: 1.5 }, { matchCount: '100' }]) {
      it(`${JSON.stringify(count)} is no count`, async () => {
        const bench = searchBench({
          person: () => found(people(100)),
          'paged-match-list': () => listed(people(1001).map(({ id }) => id)),
          'bulk-by-id': ({ ids }) => people(100).filter(({ id }) => ids.includes(id)),
          'match-count': () => count,
        });
        expect(await failure(bench.search(ORDINARY))).to.be.instanceOf(UpstreamInvalidAnswer);
      });
    }
    for (const body of [null, {}, [null], [{}]]) {
      it(`${JSON.stringify(body)} is no answer in bulk`, async () => {
        const bench = searchBench({ 'paged-match-list': () => listed(['p0']), 'bulk-by-id': () => body });
        expect(await failure(bench.search({ name, birth: interval }))).to.be.instanceOf(
          UpstreamInvalidAnswer,
        );
      });
    }

    const statuses = [
      [403, UpstreamForbidden],
      [404, UpstreamRejected],
      [429, UpstreamRateLimited],
      [500, UpstreamUnavailable],
      [204, UpstreamInvalidAnswer],
    ] as const;
    for (const [status, expected] of statuses) {
      it(`${status} is ${expected.name}`, async () => {
        const bench = searchBench({ person: () => problem(status) });
        expect(await failure(bench.search(ORDINARY))).to.be.instanceOf(expected);
      });
    }

    it('a page in HTML is UpstreamInvalidAnswer', async () => {
      const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>do-not-tell</p>' };
      expect(await failure(searchBench({ person: () => page }).search(ORDINARY))).to.be.instanceOf(
        UpstreamInvalidAnswer,
      );
    });

    it('400 that names criteria which were sent is a refused query, in our own words', async () => {
      const errors = { FamilyName: ['do-not-tell'], BirthDate: ['do-not-tell'] };
      const error = await failure(searchBench({ person: () => problem(400, { errors }) }).search(ORDINARY));
      expect(error).to.be.instanceOf(InvalidQuery).and.include({ parameter: 'search' });
    });

    it('any other 400 is UpstreamRejected', async () => {
      const answers = [
        problem(400),
        problem(400, { errors: {} }),
        problem(400, { errors: { informationParts: ['x'] } }),
        problem(400, { errors: { FamilyName: ['x'], informationParts: ['x'] } }),
        problem(400, { errors: { Gender: ['was not sent'] } }),
        { status: 400, headers: {}, body: '{"errors":{"FamilyName":["x"]}}' },
        { status: 400, headers: JSON_TYPE, body: '{"errors":{"FamilyName":[' },
      ];
      for (const answer of answers) {
        expect(await failure(searchBench({ person: () => answer }).search(ORDINARY))).to.be.instanceOf(
          UpstreamRejected,
        );
      }
    });

    it('passes on what the transport throws', async () => {
      const error = new CallerLeft('gone');
      expect(await failure(searchBench({ person: () => error }).search(ORDINARY))).to.equal(error);
    });

    it('asks within the time and on behalf of the caller', async () => {
      const bench = searchBench({
        'paged-match-list': () => listed(['p0', 'p1']),
        'bulk-by-id': () => [someone(0)],
        'by-id': () => someone(1),
      });
      const asking = caller();
      await bench.search({ name, birth: interval }, asking);
      expect(bench.calls).to.have.length(3);
      for (const { request } of bench.calls) {
        expect(request.signal).to.equal(asking.signal);
        expect(request.correlationId).to.equal(asking.correlationId);
        expect(request.organisation).to.equal(asking.organisation);
      }
    });
  });

  it('is over when too many people are listed to be judged', async () => {
    const bench = searchBench({
      'paged-match-list': () => listed(Array.from({ length: 1001 }, (_, index) => `p${index}`)),
    });
    expect(await failure(bench.search({ name, birth: interval, deceased: false }))).to.be.instanceOf(
      TooManyHits,
    );
    expect(bench.calls).to.have.length(1);
  });
});
