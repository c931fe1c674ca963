import { expect } from 'chai';
import { PregRegistry } from '../../../src/registry/preg/preg-registry.js';
import type { Caller, PersonRegistry } from '../../../src/registry/person-registry.js';
import { callerBy } from '../../support/fake-preg.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

function dialect(name: string, asked: string[]): PersonRegistry {
  const answer = (question: string): void => {
    asked.push(`${name} ${question}`);
  };
  return {
    lookup: () => (answer('lookup'), Promise.resolve({ outcome: 'not-found' })),
    lookupMany: () => (answer('lookupMany'), Promise.resolve(new Map())),
    children: () => (answer('children'), Promise.resolve({ outcome: 'not-found' })),
    search: () => (answer('search'), Promise.resolve({ hits: [], total: 0 })),
  };
}

async function askedBy(
  protocol: Caller['protocol'],
  known: readonly ('preg-xml' | 'hl7v3')[],
): Promise<readonly string[]> {
  const asked: string[] = [];
  const of = (name: 'preg-xml' | 'hl7v3'): PersonRegistry | undefined =>
    known.includes(name) ? dialect(name, asked) : undefined;
  const registry = new PregRegistry({ 'preg-xml': of('preg-xml'), hl7v3: of('hl7v3') });
  const caller = callerBy(protocol);
  await registry.lookup({ id: syntheticNumber() }, caller);
  await registry.lookupMany({ ids: [] }, caller);
  await registry.children(syntheticNumber(), caller);
  await registry.search({ withHelpNumbers: false, limit: 1 }, caller);
  return asked;
}

const all = (name: string): readonly string[] =>
  ['lookup', 'lookupMany', 'children', 'search'].map((question) => `${name} ${question}`);

describe('the old register', () => {
  it('is asked by HL7 v3 on behalf of who asks by it', async () => {
    expect(await askedBy('hl7v3', ['preg-xml', 'hl7v3'])).to.deep.equal(all('hl7v3'));
  });

  for (const protocol of ['preg-xml', 'hl7v2', 'filematch', undefined] as const) {
    it(`is asked by Personregister-XML on behalf of ${protocol ?? 'the adapter itself'}`, async () => {
      expect(await askedBy(protocol, ['preg-xml', 'hl7v3'])).to.deep.equal(all('preg-xml'));
    });
  }

  it('is asked by the one service that has an address', async () => {
    expect(await askedBy('hl7v3', ['preg-xml'])).to.deep.equal(all('preg-xml'));
    expect(await askedBy('preg-xml', ['hl7v3'])).to.deep.equal(all('hl7v3'));
  });

  it('cannot be without any', () => {
    expect(() => new PregRegistry({ 'preg-xml': undefined, hl7v3: undefined })).to.throw(TypeError);
  });
});
