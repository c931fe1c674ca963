import { expect } from 'chai';
import { DifferingRegistry } from '../../../src/cli/sandbox-preg/differing-registry.js';
import type { PregPerson } from '../../../src/person/preg-person.js';
import type { Caller } from '../../../src/registry/person-registry.js';
import type { SearchHit } from '../../../src/registry/search.js';
import { newCorrelationId } from '../../../src/runtime/correlation.js';
import { ChosenDifferences } from '../../../src/sandbox/preg/chosen-differences.js';
import { CountedRandom } from '../../support/counted-random.js';
import { pregAddress, pregPerson } from '../../support/preg-person.js';
import { registryStub } from '../../support/registry-stub.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const one = pregPerson({ nin: syntheticNumber(1), sn: 'BAKKE', addresses: [pregAddress({ st: '0301' })] });
const other = pregPerson({ nin: syntheticNumber(2), sn: 'DAL', addresses: [pregAddress({ st: '0301' })] });
const unknown = syntheticNumber(3);

const caller: Caller = {
  clientId: 'epj',
  organisation: { parent: '310000027' },
  access: 'full',
  visible: new Set(),
  correlationId: newCorrelationId(new CountedRandom()),
  signal: new AbortController().signal,
};

const found = (person: PregPerson): SearchHit & { readonly outcome: 'found' } => ({
  outcome: 'found',
  person,
  lineage: new Map(),
});

const inner = registryStub({
  lookup: ({ id }) => {
    const person = [one, other].find(({ nin }) => nin === id);
    return Promise.resolve(person === undefined ? { outcome: 'not-found' } : found(person));
  },
  lookupMany: ({ ids }) =>
    Promise.resolve(
      new Map(
        ids.map((id) => [
          id,
          id === unknown ? { outcome: 'not-found' } : found(id === one.nin ? one : other),
        ]),
      ),
    ),
  children: (id) =>
    Promise.resolve(
      id === unknown
        ? { outcome: 'not-found' }
        : { outcome: 'found', children: [one, other].map((person) => ({ person, lineage: new Map() })) },
    ),
  search: () =>
    Promise.resolve({ hits: [one, other].map((person) => ({ person, lineage: new Map() })), total: 7 }),
});

describe('a register that differs', () => {
  let choice: ChosenDifferences;
  let registry: DifferingRegistry;

  beforeEach(() => {
    choice = new ChosenDifferences({ seed: 1, differingPercent: 0 });
    registry = new DifferingRegistry(inner, choice);
  });

  it('tells the same of whoever does not differ', async () => {
    expect(await registry.lookup({ id: one.nin }, caller)).to.deep.equal(found(one));
    expect(await registry.lookup({ id: unknown }, caller)).to.deep.equal({ outcome: 'not-found' });
    expect(await registry.search({ withHelpNumbers: false, limit: 9 }, caller)).to.deep.include({ total: 7 });
  });

  it('tells others otherwise, or knows nobody, alone and among many', async () => {
    choice.choose(one.nin, 'former-name');
    choice.choose(other.nin, 'missing');
    const told = { ...one, sn: 'GAMMELBAKKE' };
    expect(await registry.lookup({ id: one.nin }, caller)).to.deep.equal(found(told));
    expect(await registry.lookup({ id: other.nin }, caller)).to.deep.equal({ outcome: 'not-found' });
    const many = await registry.lookupMany({ ids: [other.nin, one.nin, unknown] }, caller);
    expect([...many]).to.deep.equal([
      [other.nin, { outcome: 'not-found' }],
      [one.nin, found(told)],
      [unknown, { outcome: 'not-found' }],
    ]);
  });

  it('tells children otherwise, and none that are missing', async () => {
    choice.choose(one.nin, 'missing');
    choice.choose(other.nin, 'former-name');
    const answer = await registry.children(one.nin, caller);
    expect(answer.outcome === 'found' && answer.children.map(({ person }) => person.sn)).to.deep.equal([
      'GAMMELDAL',
    ]);
    expect(await registry.children(unknown, caller)).to.deep.equal({ outcome: 'not-found' });
  });

  it('finds them in the order of what it tells, and counts nobody who is missing', async () => {
    choice.choose(other.nin, 'former-name');
    const query = { withHelpNumbers: false, limit: 9 };
    const named = async (): Promise<readonly (string | null)[]> =>
      (await registry.search(query, caller)).hits.map(({ person }) => person.sn);
    expect(await named()).to.deep.equal(['BAKKE', 'GAMMELDAL']);
    choice.choose(one.nin, 'former-name');
    choice.choose(other.nin, 'none');
    expect(await named()).to.deep.equal(['DAL', 'GAMMELBAKKE']);
    choice.choose(one.nin, 'missing');
    expect(await named()).to.deep.equal(['DAL']);
    expect(await registry.search(query, caller)).to.deep.include({ total: 6 });
  });

  it('finds nobody by an address that it hides', async () => {
    choice.choose(one.nin, 'protected-in-preg');
    const byName = await registry.search({ withHelpNumbers: false, limit: 9 }, caller);
    expect(byName.hits).to.have.length(2);
    const query = { withHelpNumbers: false, limit: 9, address: { municipality: '0301' } };
    const byAddress = await registry.search(query, caller);
    expect(byAddress.hits.map(({ person }) => person.nin)).to.deep.equal([other.nin]);
    expect(byAddress.total).to.equal(6);
  });
});
