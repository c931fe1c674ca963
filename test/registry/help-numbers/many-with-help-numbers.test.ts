import { expect } from 'chai';
import { UpstreamInvalidAnswer, UpstreamUnavailable } from '../../../src/errors/errors.js';
import type { NationalId } from '../../../src/person/national-id.js';
import type { LookupAnswer, RecordWanted } from '../../../src/registry/person-registry.js';
import {
  callerOf,
  changeBy,
  helpNumberBench,
  numberAdded,
  type HelpNumberBench,
} from '../../support/help-number-bench.js';
import { recordedAddress, recordOf } from '../../support/help-numbers.js';
import { day } from '../../support/person-documents.js';
import { pregPerson } from '../../support/preg-person.js';
import { rejectionOf } from '../../support/rejection.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const national = syntheticNumber(1);
const old = syntheticNumber(2);
const child = pregPerson({ nin: syntheticNumber(3), givenName: 'BARN' });
const person = pregPerson({
  nin: national,
  supersededNINs: [old],
  oldNIN: old,
  givenName: 'OLA',
  childrensNINs: [child.nin],
  regStatus: 1,
});

async function added(bench: HelpNumberBench, given = 'Kari'): Promise<NationalId> {
  const name = { given, middle: null, family: 'Testmann' };
  return numberAdded(bench.register.add(recordOf({ name, addresses: [recordedAddress()] }), changeBy()));
}

/** People here and there: our own, our own linked to our own, and our own linked to one of the source. */
async function mixed(): Promise<{ bench: HelpNumberBench } & Record<'own' | 'linked' | 'gone', NationalId>> {
  const bench = helpNumberBench({ people: [person, child] });
  const [own, linked, gone] = [await added(bench), await added(bench), await added(bench)];
  await bench.register.link(own, [linked], changeBy());
  await bench.register.link(national, [gone], changeBy());
  bench.source.lookups.length = 0;
  return { bench, own, linked, gone };
}

function told(answer: LookupAnswer | undefined): unknown {
  if (answer?.outcome !== 'found') return answer?.outcome;
  const { nin, newNIN, givenName } = answer.person;
  return [nin, newNIN, givenName];
}

describe('a lookup of many with help numbers', () => {
  const wants: Record<string, RecordWanted> = {
    'as today': {},
    'by the record asked for': { record: 'asked' },
    'on a day gone by': { on: day('2015-01-01'), addresses: 'all' },
  };
  for (const [name, wanted] of Object.entries(wants)) {
    it(`tells of each what a lookup of one tells, in the order of the question: ${name}`, async () => {
      const { bench, own, linked, gone } = await mixed();
      const ids = [gone, syntheticNumber(9), own, old, linked, national, gone];
      const answers = await bench.registry.lookupMany({ ids, ...wanted }, callerOf());
      expect([...answers.keys()]).to.deep.equal([...new Set(ids)]);
      for (const [id, answer] of answers) {
        expect(answer).to.deep.equal(await bench.registry.lookup({ id, ...wanted }, callerOf()));
      }
      expect(answers.get(syntheticNumber(9))).to.deep.equal({ outcome: 'not-found' });
    });
  }

  it('asks the source for nobody whom we know ourselves', async () => {
    const { bench, own, linked } = await mixed();
    const answers = await bench.registry.lookupMany({ ids: [own, linked] }, callerOf());
    expect([...answers.values()].map(told)).to.deep.equal([
      [own, null, 'KARI'],
      [own, null, 'KARI'],
    ]);
    expect(bench.source.lookups).to.deep.equal([]);
  });

  it('has a record for each linked number, with the survivor as the new one', async () => {
    const { bench, own, linked, gone } = await mixed();
    const ids = [linked, gone, own, national];
    const answers = await bench.registry.lookupMany({ ids, record: 'asked' }, callerOf());
    expect(ids.map((id) => told(answers.get(id)))).to.deep.equal([
      [linked, own, 'KARI'],
      [gone, national, 'OLA'],
      [own, null, 'KARI'],
      [national, null, 'OLA'],
    ]);
    const record = answers.get(linked);
    if (record?.outcome !== 'found') throw new Error('not found');
    expect(record.person.supersededNINs).to.deep.equal([]);
    expect(record.person.addresses.map(({ nin }) => nin)).to.deep.equal([linked]);
    const ofSource = answers.get(gone);
    expect(ofSource).to.have.property('person').that.deep.includes({ oldNIN: null, supersededNINs: [] });
    expect(record.lineage.get('newNIN')?.sources).to.deep.equal(['help-number register']);
  });

  it('fails with the source, and for a survivor that it does not know any more', async () => {
    const { bench, own, gone } = await mixed();
    bench.source.lookupTrouble = new UpstreamUnavailable('down');
    const asking = bench.registry.lookupMany({ ids: [own, national] }, callerOf());
    expect(await rejectionOf(asking)).to.equal(bench.source.lookupTrouble);
    bench.source.lookupTrouble = undefined;
    bench.source.people.length = 0;
    const lost = bench.registry.lookupMany({ ids: [own, gone] }, callerOf());
    expect(await rejectionOf(lost)).to.be.instanceOf(UpstreamInvalidAnswer);
  });
});

describe('children of people with help numbers', () => {
  it('are none here', async () => {
    const { bench, own, linked } = await mixed();
    for (const id of [own, linked]) {
      expect(await bench.registry.children(id, callerOf())).to.deep.equal({ outcome: 'found', children: [] });
    }
  });

  it('are those of the survivor, with the numbers that were linked to them', async () => {
    const { bench, gone } = await mixed();
    const ofChild = await added(bench);
    await bench.register.link(child.nin, [ofChild], changeBy());
    for (const id of [gone, national, old]) {
      const answer = await bench.registry.children(id, callerOf());
      if (answer.outcome !== 'found') throw new Error('not found');
      expect(answer.children.map((hit) => [hit.person.nin, hit.person.supersededNINs])).to.deep.equal([
        [child.nin, [ofChild]],
      ]);
    }
  });

  it('are not found where nobody is, and fail for a survivor that nobody knows', async () => {
    const { bench, gone } = await mixed();
    expect(await bench.registry.children(syntheticNumber(9), callerOf())).to.deep.equal({
      outcome: 'not-found',
    });
    bench.source.people.length = 0;
    expect(await rejectionOf(bench.registry.children(gone, callerOf()))).to.be.instanceOf(
      UpstreamInvalidAnswer,
    );
  });
});
