import { expect } from 'chai';
import { UpstreamUnavailable } from '../../src/errors/errors.js';
import { blankPerson } from '../../src/person/blank-person.js';
import { fieldGroups } from '../../src/person/field-groups.js';
import type { NationalId } from '../../src/person/national-id.js';
import type { Lineage } from '../../src/person/lineage.js';
import type { Caller, LookupAnswer } from '../../src/registry/person-registry.js';
import { TracedRegistry } from '../../src/registry/traced-registry.js';
import { newCorrelationId } from '../../src/runtime/correlation.js';
import { CountedRandom } from '../support/counted-random.js';
import { ManualClock } from '../support/manual-clock.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { registryStub } from '../support/registry-stub.js';
import { rejectionOf } from '../support/rejection.js';
import { syntheticNumber } from '../support/synthetic-number.js';

const id = syntheticNumber(1);
const lineage: Lineage = new Map([
  ['sn', { row: 'sn', sources: ['name[0].familyName'] }],
  ['middleName', { row: 'middleName', sources: [], blank: 'nothing in the document' }],
]);
const found: LookupAnswer = {
  outcome: 'found',
  person: { ...blankPerson, nin: id, sn: 'Hemmelig' },
  lineage,
};

describe('a traced registry', () => {
  const clock = new ManualClock();
  let events: RecordedEvents;
  let told: string[];
  let caller: Caller;

  beforeEach(() => {
    events = new RecordedEvents();
    told = [];
    caller = {
      clientId: 'epj',
      organisation: { parent: '310000027' },
      access: 'full',
      visible: new Set(fieldGroups),
      correlationId: newCorrelationId(new CountedRandom()),
      signal: new AbortController().signal,
      onAnswered: ({ source }) => told.push(source),
      onKept: (source) => told.push(source),
    };
  });

  const traced = (answers: Parameters<typeof registryStub>[0]): TracedRegistry =>
    new TracedRegistry(registryStub(answers), events, clock);

  it('tells of a lookup who answered, how long it took, and which fields are blank and why, and of no value', async () => {
    const registry = traced({
      lookup: (_query, { onAnswered, onKept }) => {
        clock.advance(37);
        onAnswered?.({ route: 'shadow-preg', source: 'persontjenesten' });
        onKept?.('cache');
        return Promise.resolve(found);
      },
    });
    expect(await registry.lookup({ id }, caller)).to.equal(found);
    expect(events.of.registersAsked).to.deep.equal([
      {
        correlationId: caller.correlationId,
        clientId: 'epj',
        question: 'lookup',
        outcome: 'found',
        people: 1,
        answeredBy: { route: 'shadow-preg', source: 'persontjenesten' },
        kept: 'cache',
        milliseconds: 37,
        blanks: [{ field: 'middleName', reason: 'nothing in the document' }],
      },
    ]);
    expect(told).to.deep.equal(['persontjenesten', 'cache']);
    expect(JSON.stringify(events.of.registersAsked)).to.not.contain('Hemmelig').and.to.not.contain(id);
  });

  it('tells the same of somebody protected as of anybody else', async () => {
    const blanksOf = async (told: Lineage): Promise<unknown> => {
      const answer: LookupAnswer = { outcome: 'found', person: { ...blankPerson, nin: id }, lineage: told };
      await traced({ lookup: () => Promise.resolve(answer) }).lookup({ id }, caller);
      return events.of.registersAsked.pop()?.blanks;
    };
    const ofProtected = new Map(lineage);
    for (const field of ['addresses[0].st', 'addresses[0].addressLine1', 'dateRegistered', 'telecoms'])
      ofProtected.set(field, { row: field, sources: [], blank: 'protected' });
    ofProtected.set('birthPlace', { row: 'birthPlace', sources: [], blank: 'protected' });
    const ofNobodySpecial = new Map(lineage)
      .set('addresses[0].st', { row: 'addresses.st', sources: ['residentialAddress'] })
      .set('addresses[1].addressLine1', { row: 'addresses.addressLine1', sources: [], blank: 'no value' });
    expect(await blanksOf(ofProtected)).to.deep.equal([
      { field: 'middleName', reason: 'nothing in the document' },
    ]);
    expect(await blanksOf(ofNobodySpecial)).to.deep.equal(await blanksOf(ofProtected));
  });

  it('tells how many were found of several, of children and of a search', async () => {
    const answers = new Map<NationalId, LookupAnswer>([
      [id, found],
      [syntheticNumber(2), { outcome: 'not-found' }],
    ]);
    const registry = traced({
      lookupMany: () => Promise.resolve(answers),
      children: () => Promise.resolve({ outcome: 'not-found' }),
      search: () => Promise.resolve({ hits: [found, found], total: 2 }),
    });
    await registry.lookupMany({ ids: [id] }, caller);
    await registry.children(id, caller);
    await registry.search({ limit: 10, withHelpNumbers: false }, caller);
    expect(
      events.of.registersAsked.map(({ question, outcome, people }) => [question, outcome, people]),
    ).to.deep.equal([
      ['lookup-many', 'found', 1],
      ['children', 'not-found', 0],
      ['search', 'found', 2],
    ]);
  });

  it('tells of trouble by its code, and lets it through', async () => {
    const error = new UpstreamUnavailable('down');
    const registry = traced({ lookup: () => Promise.reject(error) });
    expect(await rejectionOf(registry.lookup({ id }, caller))).to.equal(error);
    expect(events.of.registersAsked[0]).to.include({ outcome: 'upstream-unavailable', people: 0 });
  });
});
