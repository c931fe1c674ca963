import { expect } from 'chai';
import {
  changesInKnownStructure,
  peopleInKnownStructure,
} from '../../../src/legacy/preg-xml/known-structure.js';
import type { FieldGroup } from '../../../src/person/field-groups.js';
import type { Caller } from '../../../src/registry/person-registry.js';
import type { SearchHit } from '../../../src/registry/search.js';
import { caller } from '../../registry/registry-bench.js';
import { pregPerson } from '../../support/preg-person.js';
import { registryStub } from '../../support/registry-stub.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const nin = syntheticNumber(1);
const hit: SearchHit = { person: pregPerson({ nin }), lineage: new Map() };
const registry = peopleInKnownStructure(
  registryStub({
    lookup: () => Promise.resolve({ outcome: 'found', ...hit }),
    lookupMany: () => Promise.resolve(new Map([[nin, { outcome: 'found', ...hit }]])),
    children: () => Promise.resolve({ outcome: 'found', children: [hit] }),
    search: () => Promise.resolve({ hits: [hit], total: 1 }),
  }),
);
const feed = changesInKnownStructure({
  changes: () => Promise.resolve([hit]),
  identityChanges: () => Promise.resolve([]),
});

/** Addresses of everybody told by each question, as number of owner and postal type. */
async function addressesSeen(asking: Caller): Promise<readonly (readonly unknown[])[]> {
  const found = await registry.lookup({ id: nin }, asking);
  const many = (await registry.lookupMany({ ids: [nin] }, asking)).get(nin);
  const family = await registry.children(nin, asking);
  const people = [
    found.outcome === 'found' ? found.person : undefined,
    many?.outcome === 'found' ? many.person : undefined,
    family.outcome === 'found' ? family.children[0]?.person : undefined,
    (await registry.search({ withHelpNumbers: false, limit: 1 }, asking)).hits[0]?.person,
    (await feed.changes({ from: new Date(0), to: undefined }, asking))[0]?.person,
  ];
  return people.map((person) => [
    ...(person?.addresses ?? []).map((address) => [address.nin, address.postalType, address.currentAddress]),
  ]);
}

function seeing(...groups: readonly FieldGroup[]): Caller {
  return caller({ visible: new Set(groups) });
}

describe('the known structure', () => {
  it('has one address of which nothing is told for who may not see addresses', async () => {
    expect(await addressesSeen(seeing('names'))).to.deep.equal(
      Array.from({ length: 5 }, () => [[nin, null, true]]),
    );
  });

  it('adds nothing for who may', async () => {
    expect(await addressesSeen(seeing('addresses'))).to.deep.equal(Array.from({ length: 5 }, () => []));
  });

  it('makes nobody out of nobody', async () => {
    const nobody = peopleInKnownStructure(
      registryStub({
        lookup: () => Promise.resolve({ outcome: 'not-found' }),
        children: () => Promise.resolve({ outcome: 'not-found' }),
      }),
    );
    expect(await nobody.lookup({ id: nin }, seeing())).to.deep.equal({ outcome: 'not-found' });
    expect(await nobody.children(nin, seeing())).to.deep.equal({ outcome: 'not-found' });
  });
});
