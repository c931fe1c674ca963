import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { numbersIn } from '../../src/mapping/transforms/identity.js';
import type { RecordWanted } from '../../src/registry/person-registry.js';
import { PersontjenestenRegistry } from '../../src/registry/persontjenesten/registry.js';
import { Population } from '../../src/sandbox/population/population.js';
import { day, mappings, personFixtures } from '../support/person-documents.js';
import { UnservedPersontjenesten } from '../../src/sandbox/persontjenesten/unserved-persontjenesten.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { StandingClock } from '../support/standing-clock.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { caller } from './registry-bench.js';
import { documentsOver } from '../support/documents-over.js';

const persons = fileURLToPath(new URL('../../../fixtures/persons', import.meta.url));
const documents = personFixtures('persons').map(({ document }) => document);

async function registry(): Promise<PersontjenestenRegistry> {
  const population = await Population.create({ personFolders: [persons], generated: 0, seed: 1 });
  return new PersontjenestenRegistry({
    ...documentsOver(new UnservedPersontjenesten(population)),
    mappings,
    fill: 'faithful',
    clock: new StandingClock('2025-03-01T12:00:00Z'),
    events: new RecordedEvents(),
  });
}

describe('the people of the sandbox', () => {
  const wants: readonly RecordWanted[] = [
    {},
    { record: 'asked' },
    { record: 'asked', on: day('2016-06-01') },
    { addresses: 'all' },
  ];
  for (const wanted of wants) {
    it(`are the same in bulk and alone: ${JSON.stringify(wanted)}`, async () => {
      const source = await registry();
      const ids = [
        ...documents.flatMap((one) => numbersIn(one).map(({ nin }) => nin)),
        syntheticNumber(4711),
      ];
      const answers = await source.lookupMany({ ids, ...wanted }, caller());
      expect([...answers.keys()]).to.deep.equal(ids);
      for (const id of ids) {
        expect(answers.get(id)).to.deep.equal(await source.lookup({ id, ...wanted }, caller()));
      }
      const unknown = [...answers].filter(([, { outcome }]) => outcome === 'not-found').map(([id]) => id);
      expect(unknown).to.deep.equal([syntheticNumber(4711)]);
    });
  }

  it('are the same in bulk and alone in the restricted view, by numbers in use', async () => {
    const source = await registry();
    const ids = documents.flatMap((one) => numbersIn(one).flatMap(({ nin, inUse }) => (inUse ? [nin] : [])));
    const restricted = caller({ access: 'restricted' });
    const answers = await source.lookupMany({ ids, addresses: 'all' }, restricted);
    for (const id of ids) {
      expect(answers.get(id)).to.deep.equal(await source.lookup({ id, addresses: 'all' }, restricted));
    }
  });

  it('have the children that have them as parents', async () => {
    const source = await registry();
    let found = 0;
    for (const one of documents) {
      const [own] = numbersIn(one);
      if (own === undefined) continue;
      const parent = await source.lookup({ id: own.nin }, caller());
      const answer = await source.children(own.nin, caller());
      if (answer.outcome !== 'found' || parent.outcome !== 'found') throw new Error('not found');
      const children = answer.children.map(({ person }) => person);
      expect(children.map(({ nin }) => nin)).to.have.members(parent.person.childrensNINs);
      for (const child of children) {
        if (child.sn === null) continue;
        found += 1;
        expect([child.mothersNIN, child.fathersNIN]).to.include(own.nin);
      }
    }
    expect(found).to.be.greaterThan(10);
  });
});
