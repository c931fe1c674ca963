import { expect } from 'chai';
import fc from 'fast-check';
import { InvalidQuery, TooManyHits } from '../../src/errors/errors.js';
import { isCalendarDate } from '../../src/person/calendar-date.js';
import type { Access } from '../../src/registry/person-registry.js';
import { bySearchOrder, type SearchAnswer, type SearchQuery } from '../../src/registry/search.js';
import {
  elementsOf,
  isCurrent,
  objectAt,
  textAt,
  type PersonDocument,
} from '../../src/sandbox/population/person-document.js';
import { runs } from '../support/long-runs.js';
import { fitsQuery } from '../support/people-sought.js';
import { startSearchedSandbox, type SearchedSandbox } from '../support/searched-sandbox.js';
import { days } from './search-bench.js';

type Refusal = InvalidQuery | TooManyHits;

describe('search on the sandbox, held to a search of everybody', () => {
  let register: SearchedSandbox;
  let everybody: readonly PersonDocument[];

  before(async function () {
    this.timeout(60_000);
    register = await startSearchedSandbox();
    everybody = [...register.sandbox.population.documents()];
  });
  after(() => register.stop());
  beforeEach(() => {
    register.sandbox.requests.clear();
  });

  async function outcomeOf(
    query: SearchQuery,
    access: Access,
    version: 2 | 3,
  ): Promise<SearchAnswer | Refusal> {
    try {
      return await register.search(query, { access }, version);
    } catch (error) {
      if (error instanceof InvalidQuery || error instanceof TooManyHits) return error;
      throw error;
    } finally {
      const statuses = register.sandbox.requests.of('persontjenesten').map(({ status }) => status);
      register.sandbox.requests.clear();
      expect(statuses.filter((status) => status !== 200)).to.deep.equal([]);
    }
  }

  /** Everybody told of fits, nobody is told of twice, and the total is how many fit. */
  function mustBeRight(answer: SearchAnswer, query: SearchQuery, access: Access): void {
    const ids = answer.hits.map(({ person }) => register.sandbox.population.find(person.nin)?.id);
    const certain = new Set<string>();
    const possible = new Set<string>();
    for (const document of everybody) {
      const verdict = fitsQuery(document, query, access);
      if (verdict !== false) possible.add(document.id);
      if (verdict === true) certain.add(document.id);
    }
    expect(new Set(ids).size, 'nobody twice').to.equal(ids.length);
    expect(ids.filter((id) => id === undefined || !possible.has(id))).to.deep.equal([]);
    expect(answer.total).to.be.within(certain.size, possible.size);
    // Of more than a thousand a hundred are told.
    expect(answer.hits.length).to.be.oneOf([
      Math.min(query.limit, answer.total),
      ...(answer.total > 1000 ? [Math.min(query.limit, 100)] : []),
    ]);
    const people = answer.hits.map(({ person }) => person);
    expect(people).to.deep.equal(people.toSorted(bySearchOrder));
    if (answer.total < 100 && query.limit >= answer.total) {
      expect([...certain].filter((id) => !ids.includes(id))).to.deep.equal([]);
    }
  }

  for (const version of [3, 2] as const) {
    it(`tells of those who fit and how many there are, or refuses; version ${version} never has to`, async function () {
      this.timeout(runs(60_000));
      const answered: SearchAnswer[] = [];
      await fc.assert(
        fc.asyncProperty(
          queriesAbout(everybody),
          fc.constantFrom('full', 'restricted'),
          async (query, access) => {
            const outcome = await outcomeOf(query, access, version);
            if (outcome instanceof Error) return;
            mustBeRight(outcome, query, access);
            answered.push(outcome);
          },
        ),
        { numRuns: runs(120) },
      );
      expect(answered.length, 'most are answered').to.be.greaterThan(runs(120) / 2);
      expect(answered.filter(({ total }) => total > 0).length, 'and find people').to.be.greaterThan(
        runs(120) / 3,
      );
    });

    it(`whatever is written into a query of version ${version}`, async function () {
      this.timeout(runs(60_000));
      const text = seldom(
        fc.oneof(
          fc.string({ unit: fc.constantFrom(...Array.from('abcåøÆŠ')), minLength: 1, maxLength: 6 }),
          fc.string({ unit: fc.constantFrom(...Array.from("aåøB1 -'.,/Σßµªǅ")), maxLength: 8 }),
          fc.string({ unit: fc.constantFrom(...Array.from('aB*%?_\u0301\u00ad\u2019\t٣²')), maxLength: 4 }),
          fc.string({ unit: 'grapheme', maxLength: 6 }),
          fc.constantFrom('0301', 'Oslo', 'a'.repeat(201)),
        ),
      );
      let answered = 0;
      const anything = fc.record({
        name: fc.record({ given: text, middle: text, family: fc.constant('Nor'), full: text }),
        birth: fc.constantFrom(undefined, days('1980-01-01', '1980-12-31'), days('', '1950-02-03'), {}),
        address: fc.option(
          fc.record({
            street: text,
            postalCode: text,
            postalPlace: text,
            municipality: text,
            municipalityName: text,
            country: text,
          }),
          { nil: undefined },
        ),
        withHelpNumbers: fc.boolean(),
        limit: fc.nat(3),
      });
      await fc.assert(
        fc.asyncProperty(anything, async (query) => {
          if (!((await outcomeOf(query, 'full', version)) instanceof Error)) answered += 1;
        }),
        { numRuns: runs(400) },
      );
      expect(answered, 'some are answered').to.be.greaterThan(runs(20));
    });

    it(`finds everybody by name and day of birth in version ${version}`, async function () {
      this.timeout(60_000);
      const some = everybody.filter((_, index) => index % 331 === 0);
      for (const document of some) {
        const query = exactQuery(document);
        if (query === undefined) continue;
        const outcome = await outcomeOf(query, 'full', version);
        if (outcome instanceof Error) throw outcome;
        mustBeRight(outcome, query, 'full');
        expect(outcome.total).to.be.greaterThan(0);
      }
    });
  }
});

function exactQuery(document: PersonDocument): SearchQuery | undefined {
  const name = elementsOf(document, 'name').find(isCurrent);
  const birth = textAt(elementsOf(document, 'birth').find(isCurrent), 'birthDate')?.slice(0, 10);
  if (birth === undefined) return undefined;
  return {
    name: { given: textAt(name, 'givenName'), family: textAt(name, 'familyName') },
    birth: days(birth, birth),
    withHelpNumbers: true,
    limit: 100,
  };
}

/** Queries that somebody might make who looks for one of these people, and some with a criterion that fits others. */
function queriesAbout(everybody: readonly PersonDocument[]): fc.Arbitrary<SearchQuery> {
  return fc.nat(everybody.length - 1).chain((index) => {
    const document = everybody[index];
    if (document === undefined) throw new RangeError('nobody is there');
    const birth = textAt(elementsOf(document, 'birth').find(isCurrent), 'birthDate')?.slice(0, 10);
    const death = textAt(elementsOf(document, 'death').find(isCurrent), 'deceasedDate')?.slice(0, 10);
    return fc.record({
      name: nameOf(document),
      birth: fc.oneof({ weight: 4, arbitrary: rangeAbout(birth) }, fc.constant(undefined)),
      gender: seldom(fc.constantFrom('F', 'M')),
      address: fc.oneof(fc.constant(undefined), addressOf(document)),
      deceased: seldom(fc.boolean()),
      death: seldom(rangeAbout(death)),
      withHelpNumbers: fc.boolean(),
      limit: fc.oneof(fc.constant(200), fc.integer({ min: 1, max: 20 })),
    });
  });
}

function seldom<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: 1, arbitrary: value }, { weight: 3, arbitrary: fc.constant(undefined) });
}

/** The beginning of a text, as somebody types it. */
function beginningOf(text: string | undefined, least = 1): fc.Arbitrary<string | undefined> {
  if (text === undefined) return fc.constant(undefined);
  return fc
    .tuple(fc.integer({ min: least, max: 12 }), fc.constantFrom('', '', '*'), fc.boolean())
    .map(([length, end, loud]) => {
      const typed = text.slice(0, length).trim() + end;
      return loud ? typed.toUpperCase() : typed;
    });
}

function nameOf(document: PersonDocument): fc.Arbitrary<SearchQuery['name']> {
  const name = elementsOf(document, 'name').find(isCurrent);
  const parts = ['givenName', 'middleName', 'familyName'].map((member) => textAt(name, member));
  const [given, middle, family] = parts;
  const words = parts
    .join(' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  const full = fc
    .tuple(
      fc.shuffledSubarray(words, { minLength: Math.min(1, words.length) }),
      fc.integer({ min: 2, max: 9 }),
    )
    .map(([chosen, length]) => ({ full: chosen.map((word) => word.slice(0, length)).join(' ') }));
  return fc.oneof(
    fc.record({
      given: beginningOf(given, 2),
      middle: seldom(beginningOf(middle)),
      family: beginningOf(family, 2),
    }),
    fc.record({ family: beginningOf(family, 3) }),
    full,
  );
}

function rangeAbout(day: string | undefined): fc.Arbitrary<SearchQuery['birth']> {
  if (day === undefined || !isCalendarDate(day)) return fc.constant(undefined);
  const [year, month] = [day.slice(0, 4), day.slice(0, 7)];
  const ends = ['31', '30', '29', '28'].map((last) => `${month}-${last}`);
  return fc.constantFrom(
    days(day, day),
    days(`${month}-01`, ends.find(isCalendarDate) ?? ''),
    days(`${year}-01-01`, `${year}-12-31`),
    days(`${year}-01-02`, `${year}-12-31`),
    days(`${month}-01`, day),
    days(day, ''),
    days('', day),
  );
}

function addressOf(document: PersonDocument): fc.Arbitrary<SearchQuery['address']> {
  const homes = ['residentialAddress', 'presentAddress', 'sharedResidence'].flatMap((list) =>
    elementsOf(document, list),
  );
  if (homes.length === 0) return fc.constant(undefined);
  return fc.constantFrom(...homes).chain((element) => {
    const street = objectAt(element, 'streetAddress');
    const number = textAt(objectAt(street, 'addressNumber'), 'houseNumber');
    const line = [textAt(street, 'addressName'), number].filter((part) => part !== undefined).join(' ');
    const city = objectAt(street, 'city');
    const kind = fc.constantFrom('residential' as const, 'present' as const, 'home' as const);
    return fc.record({
      street: seldom(beginningOf(line === '' ? undefined : line, 3)),
      postalCode: seldom(fc.constant(textAt(city, 'postalCode'))),
      postalPlace: seldom(beginningOf(textAt(city, 'cityName'), 2)),
      municipality: seldom(fc.constant(textAt(street, 'municipalityNumber'))),
      municipalityName: seldom(beginningOf(textAt(street, 'municipalityName'), 2)),
      country: seldom(fc.constantFrom('NOR', 'NOR', 'SWE')),
      kind: seldom(kind),
    });
  });
}
