import { expect } from 'chai';
import { TooManyHits } from '../../src/errors/errors.js';
import type { JsonObject } from '../../src/mapping/json.js';
import type { FieldGroup } from '../../src/person/field-groups.js';
import { protectionOf } from '../../src/person/protection.js';
import { apiVersions } from '../../src/registry/persontjenesten/api-version.js';
import type { SearchQuery, SoughtAddress } from '../../src/registry/search.js';
import { elementsOf, isCurrent, textAt } from '../../src/sandbox/population/person-document.js';
import { caller } from '../registry/registry-bench.js';
import {
  ORDINARY,
  days,
  found,
  listed,
  people,
  searchBench,
  someone,
  type SearchBench,
  type SearchScript,
} from '../registry/search-bench.js';
import { element, residence, street } from '../support/person-documents.js';
import { isProtected } from '../support/people-sought.js';
import { startSearchedSandbox, type SearchedSandbox } from '../support/searched-sandbox.js';

const home = { residentialAddress: [residence()] };
const HIDDEN: Readonly<Record<string, JsonObject>> = {
  'strictly confidential': {
    ...home,
    addressProtection: [element({ protectionLevel: 'StrictlyConfidential' })],
  },
  confidential: { ...home, addressProtection: [element({ protectionLevel: 'Confidential' })] },
  'of a level that nobody knows': { ...home, addressProtection: [element({ protectionLevel: 'New' })] },
  'without a level': { ...home, addressProtection: [element({})] },
  'at a client address': { residentialAddress: [residence({ addressConfidentiality: 'ClientAddress' })] },
  'at a confidential stay': {
    ...home,
    presentAddress: [element({ addressConfidentiality: 'Confidential', streetAddress: street() })],
  },
  'with a confidential post box': {
    ...home,
    postalAddress: [element({ addressConfidentiality: 'Confidential' })],
  },
};

/** One search for each part of the address that the people above have, and for all together. */
const BY_ADDRESS: readonly SoughtAddress[] = [
  { street: 'Oppdiktet' },
  { postalCode: '0585' },
  { postalPlace: 'Oslo' },
  { municipality: '0301' },
  { municipalityName: 'Oslo' },
  { country: 'NOR' },
  { kind: 'residential' },
  { kind: 'residential', street: 'Oppdiktet vei 5 B', postalCode: '0585', municipality: '0301' },
];

for (const version of Object.values(apiVersions)) {
  describe(`S2: a search is no address oracle by version ${version.number}`, () => {
    const benchOf = (script: SearchScript): SearchBench => searchBench(script, version);

    for (const [who, parts] of Object.entries(HIDDEN)) {
      it(`somebody ${who} is in neither hits nor total of a search by any part of an address`, async () => {
        const documents = [someone(0, home), someone(1, parts)];
        for (const visible of [caller().visible, new Set<FieldGroup>(['names'])]) {
          for (const address of BY_ADDRESS) {
            const bench = benchOf({
              person: () => found(documents),
              'paged-match-list': () => listed(documents.map(({ id }) => id)),
              'bulk-by-id': () => documents,
            });
            for (const birth of [ORDINARY.birth, days('1980-01-01', '1981-01-02')]) {
              const answer = await bench.search({ ...ORDINARY, birth, address }, caller({ visible }));
              expect(answer.total, JSON.stringify(address)).to.equal(1);
              expect(answer.hits.map(({ person }) => person.nin)).to.have.length(1);
            }
            expect(bench.calls[0]?.parts).to.include.members([
              'AddressProtection',
              'ResidentialAddress',
              'PresentAddress',
              'SharedResidence',
              'PostalAddress',
              'ForeignPostalAddress',
              'PreferredContactAddress',
              'StayOnSvalbard',
            ]);
          }
        }
      });

      it(`somebody ${who} is found by name and birth date, masked`, async () => {
        const { hits, total } = await benchOf({ person: () => found([someone(1, parts)]) }).search(ORDINARY);
        expect(total).to.equal(1);
        const [address, ...more] = hits[0]?.person.addresses ?? [];
        expect(more).to.deep.equal([]);
        expect(address?.postalType).to.be.oneOf([4, 6, 7]);
        expect(JSON.stringify(address)).to.not.match(/0585|0301|OSLO|OPPDIKTET/i);
      });
    }

    /** Upstream that finds these people, told of in part by the first call. */
    function finding(everybody: readonly (JsonObject & { id: string })[]): SearchBench {
      return benchOf({
        person: () => found(everybody.slice(0, 100)),
        'paged-match-list': () => listed(everybody.slice(0, 1001).map(({ id }) => id)),
        'bulk-by-id': ({ ids }) => everybody.filter(({ id }) => ids.includes(id)),
        'match-count': () => ({ matchCount: everybody.length }),
      });
    }

    it('a list too long to be judged is not counted: the total would tell of the protected beyond it', async () => {
      for (const count of [1001, 5000]) {
        const error: unknown = await finding(people(count, home))
          .search({ ...ORDINARY, address: { postalCode: '0585' } })
          .catch((caught: unknown) => caught);
        expect(error).to.be.instanceOf(TooManyHits);
      }
    });

    it('a list that is judged is told and counted without the protected', async () => {
      for (const count of [100, 350]) {
        const documents = people(count, home).map((each, index) =>
          index % 10 === 0 ? someone(index, HIDDEN['confidential']) : each,
        );
        const answer = await finding(documents).search({ ...ORDINARY, address: { postalCode: '0585' } });
        expect(answer.total).to.equal(count * 0.9);
        expect(answer.hits.every(({ person }) => protectionOf(person) === null)).to.equal(true);
      }
    });

    describe('of the sandbox', () => {
      let register: SearchedSandbox;
      before(async function () {
        this.timeout(60_000);
        register = await startSearchedSandbox();
      });
      after(() => register.stop());

      it('no protected person is found by where they live, and each of them by name and birth date', async function () {
        this.timeout(60_000);
        let looked = 0;
        for (const document of register.sandbox.population.documents()) {
          if (!isProtected(document) || looked >= 60) continue;
          const name = elementsOf(document, 'name').find(isCurrent);
          const day = (textAt(elementsOf(document, 'birth').find(isCurrent), 'birthDate') ?? '').slice(0, 10);
          const query: Partial<SearchQuery> = {
            name: { given: textAt(name, 'givenName'), family: textAt(name, 'familyName') },
            birth: days(day, day),
            withHelpNumbers: true,
          };
          const own = (nin: string): boolean => register.sandbox.population.find(nin)?.id === document.id;
          const open = await register.search(query, {}, version.number);
          const hit = open.hits.find(({ person }) => own(person.nin));
          expect(hit && protectionOf(hit.person)).to.be.oneOf([4, 6, 7]);
          for (const element of elementsOf(document, 'residentialAddress')) {
            const place = JSON.stringify(element);
            const [, municipality] = /"municipalityNumber":"([0-9]{4})"/.exec(place) ?? [];
            const [, postalCode] = /"postalCode":"([0-9]{4})"/.exec(place) ?? [];
            for (const address of [{ municipality }, { postalCode }, { kind: 'residential' as const }]) {
              const answer = await register.search({ ...query, address }, {}, version.number);
              const isAsked = Object.values(address).some((part) => part !== undefined);
              if (isAsked) expect(answer.hits.some(({ person }) => own(person.nin))).to.equal(false);
              if (isAsked) expect(answer.total).to.equal(answer.hits.length);
            }
          }
          looked += 1;
        }
        expect(looked).to.be.greaterThan(20);
      });
    });
  });
}
