import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { numbersIn } from '../../../../src/mapping/transforms/identity.js';
import type { NationalId } from '../../../../src/person/national-id.js';
import type { Answered } from '../../../../src/registry/cutover/comparison/comparer.js';
import type { Caller, PersonRegistry, RecordWanted } from '../../../../src/registry/person-registry.js';
import { PersontjenestenRegistry } from '../../../../src/registry/persontjenesten/registry.js';
import type { SearchQuery } from '../../../../src/registry/search.js';
import { UnservedPersontjenesten } from '../../../../src/sandbox/persontjenesten/unserved-persontjenesten.js';
import { Population } from '../../../../src/sandbox/population/population.js';
import { documentsOver } from '../../../support/documents-over.js';
import { callerBy, pregHl7v3Over, pregXmlOver } from '../../../support/fake-preg.js';
import { day, mapped, mappings, personFixtures } from '../../../support/person-documents.js';
import { hl7v3RegistryOver, personregisterOver } from '../../../support/preg-registries.js';
import { RecordedEvents } from '../../../support/recorded-events.js';
import { StandingClock } from '../../../support/standing-clock.js';
import { comparer, reasonsOf } from './compared.js';

const persons = fileURLToPath(new URL('../../../../../fixtures/persons', import.meta.url));
const population = await Population.create({ personFolders: [persons], generated: 120, seed: 7 });
const fixtureNumbers = personFixtures('persons').flatMap(({ document }) =>
  numbersIn(document).map(({ nin }) => nin),
);
const everybody = [...population.documents()].flatMap((document) =>
  numbersIn(document).map(({ nin }) => nin),
);

function newRegister(): PersonRegistry {
  const registry = new PersontjenestenRegistry({
    ...documentsOver(new UnservedPersontjenesten(population)),
    mappings,
    fill: 'faithful',
    clock: new StandingClock('2022-06-15T10:00:00Z'),
    events: new RecordedEvents(),
  });
  // Its methods as functions, for what takes a part of them.
  return {
    lookup: (query, by) => registry.lookup(query, by),
    lookupMany: (query, by) => registry.lookupMany(query, by),
    children: (id, by) => registry.children(id, by),
    search: (query, by) => registry.search(query, by),
  };
}

const oldRegisters = [
  ['preg-xml', (registry: PersonRegistry): PersonRegistry => personregisterOver(pregXmlOver(registry))],
  ['hl7v3', (registry: PersonRegistry): PersonRegistry => hl7v3RegistryOver(pregHl7v3Over(registry))],
] as const;

const lookups: readonly (readonly [protocol: 'preg-xml' | 'hl7v3', wanted: RecordWanted])[] = [
  ['preg-xml', {}],
  ['preg-xml', { record: 'asked' }],
  ['preg-xml', { record: 'asked', on: day('2016-06-01') }],
  ['preg-xml', { record: 'asked', addresses: 'all' }],
  ['hl7v3', {}],
];

const people = [...population.documents()].map((document) => mapped(document).person);

/** The people of one name in one municipality, where there are most. */
const neighbours = people
  .map((person) => ({ family: person.sn?.slice(0, 3) ?? '', municipality: person.addresses[0]?.st ?? '' }))
  .filter(({ family, municipality }) => family.length === 3 && municipality !== '')
  .map((one, _, all) => ({ ...one, count: all.filter((other) => isDeepStrictEqual(one, other)).length }))
  .reduce((most, one) => (one.count > most.count ? one : most));

/** Neighbours, who are more than the second search can use, and each by name and birth date. */
const searches: readonly SearchQuery[] = [
  ...[20, 1].map((limit) => ({
    name: { family: neighbours.family },
    address: { municipality: neighbours.municipality },
    withHelpNumbers: true,
    limit,
  })),
  ...people.slice(0, 60).flatMap(({ sn, dateOfBirth }) => {
    if (sn === null || dateOfBirth === null) return [];
    const birth = { from: dateOfBirth, to: dateOfBirth };
    return [{ name: { family: sn.slice(0, 3) }, birth, withHelpNumbers: true, limit: 10 }];
  }),
];

describe('two registers that know the same', () => {
  for (const [protocol, old] of oldRegisters) {
    const fresh = newRegister();
    const preg = old(fresh);
    const caller = callerBy(protocol);

    /** What comes of comparing, by question; equal answers leave nothing. */
    async function differing<Question>(
      questions: readonly Question[],
      ask: (registry: PersonRegistry, question: Question, by: Caller) => Promise<Answered>,
    ): Promise<readonly (readonly [Question, Record<string, string>])[]> {
      const found: (readonly [Question, Record<string, string>])[] = [];
      for (const question of questions) {
        const differences = comparer.compare({
          preg: await ask(preg, question, caller),
          persontjenesten: await ask(fresh, question, caller),
        });
        if (differences.length > 0) found.push([question, reasonsOf(differences)]);
      }
      return found;
    }

    for (const [of, wanted] of lookups.filter(([of]) => of === protocol)) {
      it(`do not differ in anybody by ${of}: ${JSON.stringify(wanted)}`, async () => {
        const ask = async (registry: PersonRegistry, id: NationalId, by: Caller): Promise<Answered> => ({
          question: 'lookup',
          answer: await registry.lookup({ id, ...wanted }, by),
        });
        expect(await differing([...new Set([...fixtureNumbers, ...everybody])], ask)).to.deep.equal([]);
      });
    }

    it(`do not differ in children by ${protocol}`, async () => {
      const ask = async (registry: PersonRegistry, id: NationalId, by: Caller): Promise<Answered> => ({
        question: 'children',
        answer: await registry.children(id, by),
      });
      expect(await differing(everybody, ask)).to.deep.equal([]);
    });

    it(`do not differ in searches by ${protocol}`, async () => {
      const ask = async (registry: PersonRegistry, query: SearchQuery, by: Caller): Promise<Answered> => ({
        question: 'search',
        answer: await registry.search(query, by),
        isByAddress: query.address !== undefined,
      });
      const totals = await Promise.all(
        searches.map(async (search) => (await fresh.search(search, caller)).total),
      );
      expect(totals[1]).to.be.greaterThan(1);
      expect(totals.length).to.be.greaterThan(20);
      expect(await differing(searches, ask)).to.deep.equal([]);
    });
  }
});
