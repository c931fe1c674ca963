import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { AdapterError, UpstreamInvalidAnswer, UpstreamUnavailable } from '../../src/errors/errors.js';
import { numbersIn } from '../../src/mapping/transforms/identity.js';
import { fieldGroups } from '../../src/person/field-groups.js';
import type { NationalId } from '../../src/person/national-id.js';
import type { PregPerson } from '../../src/person/preg-person.js';
import type { LookupAnswer, LookupManyQuery } from '../../src/registry/person-registry.js';
import {
  day,
  discontinued,
  element,
  inUse,
  number,
  personFixtures,
  residence,
} from '../support/person-documents.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { manyBench, someone, type ManyBench, type Upset } from './many-bench.js';
import { caller } from './registry-bench.js';

const NUMBERS = 'NorwegianIdentificationNumber';
const IMMIGRATION_NUMBERS = 'ImmigrationAuthoritiesIdentificationNumber';
const DUF = number('209900000417');

function numbers(count: number): readonly NationalId[] {
  return Array.from({ length: count }, (_, index) => syntheticNumber(index));
}

function everybody(count: number): ReturnType<typeof someone>[] {
  return Array.from({ length: count }, (_, index) => someone(index));
}

/** The given name found by each number, in the order of the answer. */
function told(answers: ReadonlyMap<NationalId, LookupAnswer>): readonly unknown[] {
  return [...answers].map(([id, answer]) => [
    id,
    answer.outcome === 'found' ? answer.person.givenName : null,
  ]);
}

async function failure(looking: Promise<unknown>): Promise<AdapterError> {
  try {
    await looking;
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    expect(inspect(error, { depth: Infinity })).to.not.match(/[0-9]{11}/);
    return error;
  }
  throw new Error('there was an answer');
}

async function personBy(
  bench: ManyBench,
  id: NationalId,
  wanted: Partial<LookupManyQuery> = {},
): Promise<PregPerson> {
  const answer = (await bench.lookupMany({ ids: [id], ...wanted })).get(id);
  if (answer?.outcome !== 'found') throw new Error('nobody was found');
  return answer.person;
}

describe('a lookup of many', () => {
  it('asks for a hundred at a time, a few batches side by side, and answers in the order of the question', async () => {
    const bench = manyBench(everybody(1050));
    const ids = numbers(1050).toReversed();
    const answers = await bench.lookupMany({ ids });
    expect([...answers.keys()]).to.deep.equal(ids);
    expect(told(answers)).to.deep.equal(ids.map((id, index) => [id, `NAVN${1049 - index}`]));
    expect(bench.calls.map(({ operation }) => operation)).to.deep.equal(Array(22).fill('bulk-by-nin'));
    expect(bench.calls.map(({ nins }) => nins.length).toSorted((a, b) => a - b)).to.deep.equal([
      ...[50, 50],
      ...Array<number>(20).fill(100),
    ]);
    expect(bench.mostAtOnce).to.equal(8);
  });

  it('asks for the parts shown without history, and for numbers with it', async () => {
    const bench = manyBench(everybody(2));
    await bench.lookupMany({ ids: numbers(2) }, caller({ visible: new Set(['names']) }));
    expect(bench.calls).to.deep.equal([
      { operation: 'bulk-by-nin', nins: numbers(2), parts: ['Name', NUMBERS], history: false },
      { operation: 'bulk-by-nin', nins: numbers(2), parts: [NUMBERS], history: true },
    ]);
  });

  it('tells where fields came from as a lookup of one does, and of what it stumbled over once', async () => {
    const bench = manyBench([someone(0, { gender: [element({ gender: 'Unheard' })] })]);
    const [id] = numbers(1);
    if (id === undefined) throw new Error('no number');
    const one = await bench.lookup(id);
    bench.events.of.unmappedValue.length = 0;
    const oneOfMany = (await bench.lookupMany({ ids: [id] })).get(id);
    if (one.outcome !== 'found' || oneOfMany?.outcome !== 'found') throw new Error('nobody was found');
    expect([...oneOfMany.lineage]).to.deep.equal([...one.lineage]);
    expect(bench.events.of.unmappedValue).to.have.length(1);
  });

  it('asks for a number that stands twice once, and for nobody when nobody is sought', async () => {
    const bench = manyBench(everybody(1));
    const [id] = numbers(1);
    if (id === undefined) throw new Error('no number');
    expect([...(await bench.lookupMany({ ids: [id, id] })).keys()]).to.deep.equal([id]);
    expect(bench.calls[0]?.nins).to.deep.equal([id]);
    bench.calls.length = 0;
    expect((await bench.lookupMany({ ids: [] })).size).to.equal(0);
    expect(bench.calls).to.deep.equal([]);
  });

  it('asks about DUF numbers apart, so that nobody else is asked for theirs', async () => {
    const immigrationAuthoritiesIdentificationNumber = [
      element({
        identificationNumber: DUF,
        identificationNumberType: 'utlendingsmyndighetenesIdentifikasjonsnummer',
      }),
    ];
    const bench = manyBench([someone(0), someone(1, { immigrationAuthoritiesIdentificationNumber })]);
    const ids = [DUF, syntheticNumber(0)];
    const answers = await bench.lookupMany({ ids }, caller({ visible: new Set(['names']) }));
    expect(told(answers)).to.deep.equal([
      [DUF, 'NAVN1'],
      [syntheticNumber(0), 'NAVN0'],
    ]);
    for (const { nins, parts, history } of bench.calls) {
      if (!history) expect(parts.includes(IMMIGRATION_NUMBERS)).to.equal(nins.includes(DUF));
      expect(nins).to.have.length(1);
    }
  });

  it('tells of check digits of another rule, once for each number', async () => {
    const bench = manyBench([]);
    await bench.lookupMany({ ids: [number('01810112345'), syntheticNumber(1)] });
    expect(bench.events.of.irregularCheckDigits).to.have.length(1);
  });

  describe('of one person by two numbers', () => {
    const [now, old] = [syntheticNumber(1), syntheticNumber(2)];
    const both = someone(1, {
      norwegianIdentificationNumber: [
        inUse(now, { validFrom: '2010-05-05T00:00:00Z' }),
        discontinued(old, { validTo: '2010-05-05T00:00:00Z' }),
      ],
      status: [element({ status: 'Resident', validFrom: '1980-01-01' })],
    });
    const copies: Record<string, Upset> = {
      'one copy': (_, documents) => documents,
      'two copies': ({ operation }, documents) =>
        operation === 'bulk-by-nin' ? [...documents, ...documents] : documents,
    };
    for (const [name, upset] of Object.entries(copies)) {
      it(`answers for both from ${name} of the document`, async () => {
        const bench = manyBench([both], upset);
        const answers = await bench.lookupMany({ ids: [old, now] });
        expect(told(answers)).to.deep.equal([
          [old, 'NAVN1'],
          [now, 'NAVN1'],
        ]);
        expect(bench.calls).to.have.length(2);
      });
    }

    it('answers with the record of the number in use, or with that of the number asked for', async () => {
      const bench = manyBench([both]);
      expect(await personBy(bench, old)).to.include({ nin: now, newNIN: null, oldNIN: old, regStatus: 1 });
      expect(await personBy(bench, old, { record: 'current' })).to.include({ nin: now });
      const own = { nin: old, newNIN: now, oldNIN: null, regStatus: 6, dateStatus: '2010-05-05' };
      expect(await personBy(bench, old, { record: 'asked' })).to.include(own);
      expect(await personBy(bench, now, { record: 'asked' })).to.include({
        nin: now,
        newNIN: null,
        oldNIN: old,
      });
      const alone = await bench.lookup(old, { record: 'asked' });
      expect(alone).to.have.property('person').that.includes(own);
    });

    it('has no record of its own for a number without a successor', async () => {
      const gone = someone(3, { norwegianIdentificationNumber: [discontinued(old), discontinued(now)] });
      const alone = await manyBench([gone]).lookup(old, { record: 'asked' });
      expect(alone).to.have.property('person').that.includes({ nin: old, newNIN: null });
    });
  });

  describe('of the past', () => {
    const homes = someone(1, {
      residentialAddress: [
        residence({ validFrom: '2020-01-01' }),
        residence({ validFrom: '2010-01-01', isValid: false }),
      ],
    });
    const id = syntheticNumber(1);

    it('asks in one call for everything with its history', async () => {
      const bench = manyBench([homes]);
      expect((await personBy(bench, id, { on: day('2015-01-01') })).addresses[0]).to.include({
        dateAdrFrom: '2010-01-01',
      });
      expect((await personBy(bench, id, { addresses: 'all' })).addresses).to.have.length(2);
      expect(bench.calls.map(({ history }) => history)).to.deep.equal([true, true]);
      expect(bench.calls[0]?.parts).to.include.members([NUMBERS, 'Name', 'AddressProtection']);
    });

    it('asks for no history for the sake of today, or of a day to come', async () => {
      for (const on of [day('2025-03-01'), day('2031-01-01')]) {
        const bench = manyBench([homes]);
        expect((await personBy(bench, id, { on })).addresses[0]).to.include({ dateAdrFrom: '2020-01-01' });
        expect(bench.calls.map(({ history }) => history)).to.deep.equal([false, true]);
      }
    });

    it('asks for no history of addresses for those who see none', async () => {
      const bench = manyBench([homes]);
      const asking = caller({ visible: new Set(fieldGroups.filter((group) => group !== 'addresses')) });
      await bench.lookupMany({ ids: [id], addresses: 'all' }, asking);
      await bench.lookup(id, { addresses: 'all' }, asking);
      expect(bench.calls.map(({ history }) => history)).to.deep.equal([false, true, false, true]);
    });
  });

  it('fails with a call that fails, and begins nothing further', async () => {
    const trouble = new UpstreamUnavailable('status 503');
    const bench = manyBench(everybody(950), ({ nins }, documents) =>
      nins.includes(syntheticNumber(150)) ? trouble : documents,
    );
    expect(await failure(bench.lookupMany({ ids: numbers(950) }))).to.equal(trouble);
    expect(bench.calls.length).to.be.lessThan(20);
  });

  it('fails when two persons have one number', async () => {
    const bench = manyBench([someone(1), someone(1, { id: 'another' })]);
    expect(await failure(bench.lookupMany({ ids: [syntheticNumber(1)] }))).to.be.instanceOf(
      UpstreamInvalidAnswer,
    );
  });

  it('tells of everybody what a lookup of one tells', async function () {
    this.timeout(20_000);
    const people = personFixtures('persons').map(({ document }) => document);
    const bench = manyBench(people);
    const known = people.flatMap((document) => numbersIn(document).map(({ nin }) => nin));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom(...known, syntheticNumber(4711)), { maxLength: 12 }),
        fc.record({
          record: fc.constantFrom('asked', 'current', undefined),
          on: fc.constantFrom(undefined, day('2015-06-01')),
          addresses: fc.constantFrom('all', 'current', undefined),
        }),
        async (ids, wanted) => {
          const answers = await bench.lookupMany({ ids, ...wanted });
          for (const id of ids) expect(answers.get(id)).to.deep.equal(await bench.lookup(id, wanted));
          expect([...answers.keys()]).to.deep.equal(ids);
        },
      ),
      { numRuns: 40 },
    );
  });
});
