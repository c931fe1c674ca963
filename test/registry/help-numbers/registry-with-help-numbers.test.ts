import { expect } from 'chai';
import {
  InvalidQuery,
  StoreFailed,
  TooManyHits,
  UpstreamInvalidAnswer,
  UpstreamUnavailable,
} from '../../../src/errors/errors.js';
import type { HelpNumberRecord } from '../../../src/person/help-number-record.js';
import { isNationalId, type NationalId } from '../../../src/person/national-id.js';
import type { PregPerson } from '../../../src/person/preg-person.js';
import type { SearchQuery } from '../../../src/registry/search.js';
import {
  callerOf,
  changeBy,
  helpNumberBench,
  numberAdded,
  type HelpNumberBench,
} from '../../support/help-number-bench.js';
import { helpNumber, recordedAddress, recordOf } from '../../support/help-numbers.js';
import { memoryStore } from '../../support/memory-store.js';
import { pregPerson } from '../../support/preg-person.js';
import { rejectionOf } from '../../support/rejection.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const national = syntheticNumber(1);
const old = syntheticNumber(2);
const person = pregPerson({ nin: national, supersededNINs: [old], givenName: 'OLA', sn: 'TESTMANN' });

function named(given: string, family: string, told: Partial<HelpNumberRecord> = {}): HelpNumberRecord {
  return recordOf({ name: { given, middle: null, family }, ...told });
}

async function added(bench: HelpNumberBench, record = recordOf()): Promise<NationalId> {
  return numberAdded(bench.register.add(record, changeBy()));
}

async function found({ registry }: HelpNumberBench, id: NationalId): Promise<PregPerson> {
  const answer = await registry.lookup({ id }, callerOf());
  if (answer.outcome !== 'found') throw new Error('not found');
  return answer.person;
}

describe('a lookup', () => {
  it('finds our own people without asking the source', async () => {
    const bench = helpNumberBench();
    const number = await added(bench, named('Kari', 'Testmann'));
    bench.source.lookups.length = 0;
    expect(await found(bench, number)).to.include({ nin: number, givenName: 'KARI' });
    expect(bench.source.lookups).to.deep.equal([]);
  });

  it('finds the person of the source by a number that was linked to it, with all old numbers', async () => {
    const bench = helpNumberBench({ people: [person] });
    const [a, b] = [await added(bench), await added(bench)];
    await bench.register.link(national, [a], changeBy());
    await bench.register.link(national, [b], changeBy());
    const expected = { ...person, supersededNINs: [old, b, a] };
    for (const id of [national, old, a, b]) expect(await found(bench, id)).to.deep.equal(expected);
  });

  it('lists numbers that were linked to an older number of the person', async () => {
    const bench = helpNumberBench({ people: [pregPerson({ nin: old })] });
    const number = await added(bench);
    await bench.register.link(old, [number], changeBy());
    bench.source.people.splice(0, 1, person);
    for (const id of [national, old, number]) {
      expect((await found(bench, id)).supersededNINs).to.deep.equal([old, number]);
    }
  });

  it('knows a person by the DUF number that a link was made with', async () => {
    const duf = pregPerson({ nin: national, dufNo: '209900000417' });
    const bench = helpNumberBench({ people: [duf] });
    const number = await added(bench);
    const survivor = { ...duf, nin: national };
    bench.source.lookup = ({ id }) =>
      Promise.resolve(
        id === '209900000417' || id === national
          ? { outcome: 'found', person: survivor, lineage: new Map() }
          : { outcome: 'not-found' },
      );
    const dufNumber = helpNumberOf('209900000417');
    expect((await bench.register.link(dufNumber, [number], changeBy())).outcome).to.equal('done');
    expect((await found(bench, number)).supersededNINs).to.deep.equal([number]);
  });

  it('finds our own survivor', async () => {
    const bench = helpNumberBench();
    const [a, b] = [await added(bench), await added(bench)];
    await bench.register.link(a, [b], changeBy());
    expect(await found(bench, b)).to.deep.include({ nin: a, supersededNINs: [b] });
  });

  it('passes everybody else on as the source tells of them', async () => {
    const bench = helpNumberBench({ people: [person] });
    expect(await found(bench, national)).to.equal(person);
    expect(await bench.registry.lookup({ id: helpNumber(1) }, callerOf())).to.deep.equal({
      outcome: 'not-found',
    });
  });

  it('passes on that a number is out of use', async () => {
    const bench = helpNumberBench({ people: [person] });
    expect(await bench.registry.lookup({ id: national }, callerOf())).to.not.have.property('isOutOfUse');
    bench.source.outOfUse.add(national);
    expect(await bench.registry.lookup({ id: national }, callerOf())).to.have.property('isOutOfUse', true);
  });

  it('fails for a survivor that the source does not know any more, and shows nothing of our own', async () => {
    const bench = helpNumberBench({ people: [person] });
    const number = await added(bench, named('Kari', 'Testmann'));
    await bench.register.link(national, [number], changeBy());
    bench.source.people.length = 0;
    expect(await rejectionOf(bench.registry.lookup({ id: number }, callerOf()))).to.be.instanceOf(
      UpstreamInvalidAnswer,
    );
  });

  it('fails when the source answers with somebody who does not have the survivor’s number', async () => {
    const bench = helpNumberBench({ people: [person] });
    const number = await added(bench);
    await bench.register.link(old, [number], changeBy()).then(({ outcome }) => {
      expect(outcome).to.equal('refused');
    });
    await bench.register.link(national, [number], changeBy());
    const other = pregPerson({ nin: syntheticNumber(5) });
    bench.source.lookup = () => Promise.resolve({ outcome: 'found', person: other, lineage: new Map() });
    expect(await rejectionOf(bench.registry.lookup({ id: number }, callerOf()))).to.be.instanceOf(
      UpstreamInvalidAnswer,
    );
  });

  it('fails with the source', async () => {
    const bench = helpNumberBench({ people: [person] });
    const number = await added(bench);
    await bench.register.link(national, [number], changeBy());
    bench.source.lookupTrouble = new UpstreamUnavailable('down');
    expect(await rejectionOf(bench.registry.lookup({ id: number }, callerOf()))).to.equal(
      bench.source.lookupTrouble,
    );
  });

  it('fails with the store, rather than to take our own people for nobody', async () => {
    const store = memoryStore();
    const bench = helpNumberBench({ repository: store.helpNumbers });
    store.close();
    expect(await rejectionOf(bench.registry.lookup({ id: helpNumber(1) }, callerOf()))).to.be.instanceOf(
      StoreFailed,
    );
  });

  it('tells where linked numbers come from', async () => {
    const bench = helpNumberBench({ people: [person] });
    const number = await added(bench);
    await bench.register.link(national, [number], changeBy());
    const answer = await bench.registry.lookup({ id: national }, callerOf());
    if (answer.outcome !== 'found') throw new Error('not found');
    expect(answer.lineage.get('supersededNINs')?.sources).to.include('help-number register');
  });

  it('counts an address that the old fields cannot hold', async () => {
    const bench = helpNumberBench();
    const address = recordedAddress({ kind: 'mail', lines: ['A'.repeat(31)] });
    const number = await added(bench, recordOf({ addresses: [address] }));
    bench.events.of.valueCut.length = 0;
    await found(bench, number);
    expect(bench.events.of.valueCut.map(({ row }) => row)).to.deep.equal(['addresses.addressLine1']);
  });
});

describe('a search', () => {
  const query: SearchQuery = { name: { family: 'Test' }, withHelpNumbers: true, limit: 100 };

  async function numbersFound(bench: HelpNumberBench, change: Partial<SearchQuery> = {}): Promise<unknown> {
    const { hits, total } = await bench.registry.search({ ...query, ...change }, callerOf());
    return [hits.map((hit) => hit.person.nin), total];
  }

  it('finds people of both in one order, with the sum as total', async () => {
    const bench = helpNumberBench({ people: [person, pregPerson({ nin: old, sn: 'TESTÅS' })] });
    const first = await added(bench, named('Ada', 'Testmann'));
    const last = await added(bench, named('Åse', 'Testmann'));
    await added(bench, named('Ada', 'Annen'));
    expect(await numbersFound(bench)).to.deep.equal([[first, national, last, old], 4]);
    expect(await numbersFound(bench, { limit: 2 })).to.deep.equal([[first, national], 4]);
  });

  it('leaves our own people out where help numbers do not count', async () => {
    const bench = helpNumberBench({ people: [person] });
    await added(bench, named('Ada', 'Testmann'));
    expect(await numbersFound(bench, { withHelpNumbers: false })).to.deep.equal([[national], 1]);
  });

  it('leaves superseded people out, and lists their numbers with the survivor', async () => {
    const bench = helpNumberBench({ people: [person] });
    const number = await added(bench, named('Ada', 'Testmann'));
    await bench.register.link(national, [number], changeBy());
    for (const withHelpNumbers of [true, false]) {
      expect(await numbersFound(bench, { withHelpNumbers })).to.deep.equal([[national], 1]);
      const { hits } = await bench.registry.search({ ...query, withHelpNumbers }, callerOf());
      expect(hits[0]?.person.supersededNINs).to.deep.equal([old, number]);
    }
    await bench.register.unlink(national, number, changeBy());
    expect(await numbersFound(bench)).to.deep.equal([[number, national], 2]);
  });

  it('goes through more people than one page', async () => {
    const store = memoryStore();
    const bench = helpNumberBench({ repository: store.helpNumbers });
    for (let index = 0; index < 250; index += 1) await added(bench, named('Ola', `Testmann ${index}`));
    const { hits, total } = await bench.registry.search(query, callerOf());
    expect([hits.length, total]).to.deep.equal([100, 250]);
    const byNothing = await bench.registry.search({ withHelpNumbers: true, limit: 1000 }, callerOf());
    expect(new Set(byNothing.hits.map((hit) => hit.person.nin)).size).to.equal(250);
    const leaving = AbortSignal.abort(new Error('left'));
    const search = bench.registry.search(query, callerOf({ signal: leaving }));
    expect((await rejectionOf(search)).message).to.equal('left');
  });

  for (const trouble of [
    new InvalidQuery('name', 'too short'),
    new TooManyHits('many'),
    new UpstreamUnavailable('down'),
  ]) {
    it(`fails with ${trouble.code} when the source does, whatever we know ourselves`, async () => {
      const bench = helpNumberBench();
      await added(bench, named('Ada', 'Testmann'));
      bench.source.searchTrouble = trouble;
      expect(await rejectionOf(bench.registry.search(query, callerOf()))).to.equal(trouble);
    });
  }
});

function helpNumberOf(text: '209900000417'): NationalId {
  const number: string = text;
  if (!isNationalId(number)) throw new RangeError('not a number');
  return number;
}
