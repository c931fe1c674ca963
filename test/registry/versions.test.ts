import { expect } from 'chai';
import { InvalidQuery } from '../../src/errors/errors.js';
import type { JsonObject } from '../../src/mapping/json.js';
import type { NationalId } from '../../src/person/national-id.js';
import { apiVersions } from '../../src/registry/persontjenesten/api-version.js';
import { PersontjenestenClient } from '../../src/registry/persontjenesten/client.js';
import { EventsClient } from '../../src/registry/persontjenesten/events/events-client.js';
import type { ApiRequest, ApiResponse, Transport } from '../../src/registry/persontjenesten/transport.js';
import type { SearchQuery } from '../../src/registry/search.js';
import { element, number } from '../support/person-documents.js';
import { fakedHttp } from '../support/faked-http.js';
import { rejectionOf } from '../support/rejection.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { manyBench, someone } from './many-bench.js';
import { caller } from './registry-bench.js';
import {
  days,
  found,
  listed,
  ORDINARY,
  people,
  searchBench,
  someone as someoneFound,
  type SearchBench,
} from './search-bench.js';
import { FakeApi, lookup, transportBench } from './transport-bench.js';
import { problem } from '../support/scripted-feed.js';

const [, NIN] = [syntheticNumber(1), syntheticNumber(2)];
const HELP_NUMBER = number('80000041770');
const DUF = number('209900000417');

/** What a call of each operation is sent as. */
async function requestsBy(version: 2 | 3, access: 'full' | 'restricted'): Promise<readonly ApiRequest[]> {
  const sent: ApiRequest[] = [];
  const answers: Readonly<Record<string, unknown>> = {
    'bulk-by-id': [],
    'bulk-by-nin': [],
    person: { results: [] },
    'paged-match-list': { results: [] },
    'match-count': { matchCount: 0 },
    event: { results: [] },
  };
  const transport: Transport = {
    send: (request): Promise<ApiResponse> => {
      sent.push(request);
      const operation = request.path.slice(request.path.lastIndexOf('/') + 1);
      const body = JSON.stringify(answers[operation] ?? { id: 'e1', personId: 'e1', sequenceNumber: '1' });
      return Promise.resolve({ status: 200, headers: { 'content-type': 'application/json' }, body });
    },
  };
  const [client, events] = [
    new PersontjenestenClient(transport, apiVersions[version]),
    new EventsClient(transport, apiVersions[version]),
  ];
  const [asking, parts] = [caller({ access }), { informationParts: ['Name'], includeHistory: false }];
  const criteria = { fields: [], includeAinResults: false };
  await client.getById('e1', parts, asking);
  await client.getByNin(NIN, parts, asking);
  await client.bulkById(['e1'], parts, asking);
  await client.bulkByNin([NIN], parts, asking);
  await client.searchPersons(criteria, ['Name'], asking);
  await client.matchList(criteria, 10, asking);
  await client.matchCount(criteria, asking);
  await events.latest(asking);
  await events.page(5n, asking);
  return sent;
}

describe('versions of Persontjenesten', () => {
  describe('are asked', () => {
    const routes = {
      2: { full: '/api/legal-basis/', restricted: '/api/no-legal-basis/' },
      3: { full: '/api/v3/full-access/', restricted: '/api/v3/restricted-access/' },
    } as const;
    for (const version of [2, 3] as const) {
      for (const access of ['full', 'restricted'] as const) {
        it(`at addresses of their own: ${version}, ${access}`, async () => {
          const start = routes[version][access];
          expect((await requestsBy(version, access)).map(({ path }) => path)).to.deep.equal(
            [
              'person/e1',
              'person/get-by-nin',
              'person/bulk-by-id',
              'person/bulk-by-nin',
              'search/person',
              'search/paged-match-list',
              'search/match-count',
              'event/latest',
              'event',
            ].map((operation) => start + operation),
          );
        });
      }
    }

    it('for a page of events by its length in version 3 alone', async () => {
      const queries = await Promise.all(
        ([2, 3] as const).map(async (version) => (await requestsBy(version, 'full')).at(-1)?.query),
      );
      expect(queries).to.deep.equal([
        [['sequenceNumber', '5']],
        [
          ['sequenceNumber', '5'],
          ['maxLimit', '1000'],
        ],
      ]);
    });

    it('for events that may not be there, which version 2 says by 404', async () => {
      const client = new EventsClient({ send: () => Promise.resolve(problem(404)) }, apiVersions[2]);
      expect(await client.page(5n, caller())).to.deep.equal([]);
      expect(await client.latest(caller())).to.equal(undefined);
    });
  });

  describe('over HTTPS', () => {
    fakedHttp();

    for (const [version, header, scopes] of [
      [2, '2', ['read-with-legal-basis', 'read-no-legal-basis']],
      [3, undefined, ['full-access', 'restricted-access']],
    ] as const) {
      it(`version ${version} is asked with its scopes and ${header === undefined ? 'no header' : 'its header'}`, async () => {
        const api = new FakeApi();
        const asked: string[] = [];
        const source = {
          grant: (scope: string) => {
            asked.push(scope);
            return Promise.resolve({ accessToken: 'token', expiresInSeconds: 600 });
          },
        };
        const { transport } = await transportBench(source, { version: apiVersions[version] });
        await transport.send(lookup({ access: 'full' }));
        await transport.send(lookup({ access: 'restricted', method: 'GET', form: [] }));
        expect(api.received.map(({ headers }) => headers['api-version'])).to.deep.equal([header, header]);
        expect(asked).to.deep.equal(scopes.map((scope) => `nhn:hgd-persontjenesten-api/${scope}`));
      });
    }
  });

  describe('in bulk', () => {
    const immigrationAuthoritiesIdentificationNumber = [element({ identificationNumber: DUF })];
    const everybody = [
      someone(1),
      someone(2),
      someone(3, {
        norwegianIdentificationNumber: [
          element({
            status: 'InUse',
            identificationNumber: HELP_NUMBER,
            identificationNumberType: 'AlternateIdentificationNumber',
          }),
        ],
      }),
      someone(4, { immigrationAuthoritiesIdentificationNumber }),
    ];
    const ids = [HELP_NUMBER, syntheticNumber(1), DUF, syntheticNumber(2)];

    for (const version of Object.values(apiVersions)) {
      it(`version ${version.number} finds people by every kind of number`, async () => {
        const bench = manyBench(everybody, undefined, version);
        const answers = await bench.lookupMany({ ids });
        expect(
          [...answers].map(([id, answer]) => [id, answer.outcome === 'found' && answer.person.givenName]),
        ).to.deep.equal([
          [HELP_NUMBER, 'NAVN3'],
          [syntheticNumber(1), 'NAVN1'],
          [DUF, 'NAVN4'],
          [syntheticNumber(2), 'NAVN2'],
        ]);
      });
    }

    const askedIn = async (version: 2 | 3, sought: readonly NationalId[]): Promise<readonly unknown[]> => {
      const bench = manyBench(everybody, undefined, apiVersions[version]);
      await bench.lookupMany({ ids: sought });
      const asked = bench.calls.filter(({ history }) => !history);
      return asked.map(({ operation, nins }) => [operation, ...nins]);
    };

    it('version 2 is asked for nobody by help number or DUF number: they are asked for alone', async () => {
      expect(await askedIn(2, ids)).to.have.deep.members([
        ['bulk-by-nin', syntheticNumber(1), syntheticNumber(2)],
        ['get-by-nin', HELP_NUMBER],
        ['get-by-nin', DUF],
      ]);
      expect(await askedIn(2, [HELP_NUMBER])).to.deep.equal([['get-by-nin', HELP_NUMBER]]);
    });

    it('version 3 is asked for everybody', async () => {
      expect(await askedIn(3, ids)).to.have.deep.members([
        ['bulk-by-nin', HELP_NUMBER, syntheticNumber(1), syntheticNumber(2)],
        ['bulk-by-nin', DUF],
      ]);
    });
  });

  describe('in searches', () => {
    const nothing = (version: 2 | 3): SearchBench =>
      searchBench({ person: () => found([]), 'paged-match-list': () => listed([]) }, apiVersions[version]);

    async function refusal(version: 2 | 3, query: Partial<SearchQuery>): Promise<string> {
      const bench = nothing(version);
      const error = await rejectionOf(bench.search(query));
      expect(error).to.be.instanceOf(InvalidQuery);
      expect(bench.calls, 'nothing is asked').to.deep.equal([]);
      return error.message;
    }

    /** What version 2 cannot serve, with the criterion that the refusal names (Safety S3). */
    const beyond2: readonly (readonly [string, Partial<SearchQuery>, string])[] = [
      [
        'a postal code alone',
        { name: { family: 'Nordmann' }, address: { postalCode: '0585' } },
        'secondCriterion',
      ],
      [
        'an apostrophe in a given name',
        { ...ORDINARY, name: { given: "D'Arc", family: 'Nordmann' } },
        'name',
      ],
      ['an apostrophe in a full name', { ...ORDINARY, name: { full: "Kari O'Nord" } }, 'name'],
      ['a full stop in a street', { ...ORDINARY, address: { street: 'St. Hansgata 1' } }, 'street'],
      ['a hyphen in a street', { ...ORDINARY, address: { street: 'Nord-Sør-veien' } }, 'street'],
      ['a slash in a street', { ...ORDINARY, address: { street: 'Gata 1/2' } }, 'street'],
      ['a comma in a street', { ...ORDINARY, address: { street: 'Gata 1, B' } }, 'street'],
      ['an apostrophe in a post place', { ...ORDINARY, address: { postalPlace: "L'Anse" } }, 'postalPlace'],
    ];
    for (const [what, query, criterion] of beyond2) {
      it(`${what} is a refusal that names ${criterion} in version 2, and is asked in version 3`, async () => {
        expect(await refusal(2, query)).to.match(new RegExp(`^${criterion}\\b`));
        const bench = nothing(3);
        await bench.search(query);
        expect(bench.calls).to.have.length(1);
      });
    }

    it('version 2 says what is needed besides a name, and names no postal code', async () => {
      const query = { name: { family: 'Nordmann' }, address: { postalCode: '0585' } };
      expect(await refusal(2, query)).to.match(/a birth date, municipality number or street/);
      expect(await refusal(3, { name: { family: 'Nordmann' } })).to.match(
        /a birth date, municipality number, postal code or street/,
      );
    });

    it('version 2 takes a postal code beside another criterion, and hyphens in names', async () => {
      const bench = nothing(2);
      await bench.search({ ...ORDINARY, name: { given: 'Kari-Ane' }, address: { postalCode: '0585' } });
      expect(bench.calls.map(({ criteria }) => criteria)).to.deep.equal([
        { GivenName: 'Kari-Ane', BirthDate: '1980-03-04', PostalCode: '0585' },
      ]);
    });

    describe('by day of death', () => {
      const dead = (day: string): JsonObject => ({
        status: [element({ status: 'Deceased' })],
        death: element({ deceasedDate: `${day}T00:00:00Z` }),
      });
      const documents = [
        someoneFound(1, dead('2023-11-05')),
        someoneFound(2, dead('2024-02-03')),
        someoneFound(3),
      ];
      const query: Partial<SearchQuery> = {
        name: { family: 'Nordmann' },
        birth: days('1980-01-01', '1990-06-30'),
        death: days('2024-01-01', '2024-12-31'),
      };

      for (const version of [2, 3] as const) {
        it(`version ${version} gives those who died then`, async () => {
          const listedBy2 = documents.map(({ id }) => id);
          const bench = searchBench(
            {
              'paged-match-list': () => listed(version === 2 ? listedBy2 : listedBy2.slice(1, 2)),
              'bulk-by-id': ({ ids }) => documents.filter(({ id }) => ids.includes(id)),
            },
            apiVersions[version],
          );
          const { hits, total } = await bench.search(query);
          expect([hits.map(({ person }) => person.nin), total]).to.deep.equal([[syntheticNumber(2)], 1]);
          expect('DeathDateFrom' in (bench.calls[0]?.criteria ?? {})).to.equal(version === 3);
        });
      }

      it('version 2 refuses to count those whom it cannot list', async () => {
        const everybody = people(1001);
        const bench = searchBench(
          { 'paged-match-list': () => listed(everybody.map(({ id }) => id)) },
          apiVersions[2],
        );
        expect(await rejectionOf(bench.search(query))).to.have.property('code', 'too-many-hits');
      });
    });
  });
});
