import { expect } from 'chai';
import { UpstreamInvalidAnswer } from '../../src/errors/errors.js';
import type { JsonObject } from '../../src/mapping/json.js';
import type { NationalId } from '../../src/person/national-id.js';
import type { LookupAnswer } from '../../src/registry/person-registry.js';
import { apiVersions } from '../../src/registry/persontjenesten/api-version.js';
import { manyBench, someone, type ManyBench, type ManyCall, type Upset } from '../registry/many-bench.js';
import { coalescedOver } from '../support/documents-over.js';
import { discontinued, inUse } from '../support/person-documents.js';
import { syntheticNumber } from '../support/synthetic-number.js';

const [a, b, c, unknown] = [syntheticNumber(1), syntheticNumber(2), syntheticNumber(3), syntheticNumber(9)];
const people = [someone(1), someone(2), someone(3)];

const isBulk = ({ operation }: ManyCall): boolean => operation === 'bulk-by-nin';

function bench(upset?: Upset, known: readonly JsonObject[] = people): ManyBench {
  return manyBench(known, upset, apiVersions[3], coalescedOver);
}

/** Changes bulk answers alone. */
function inBulk(upset: Upset): Upset {
  return (call, documents) => (isBulk(call) ? upset(call, documents) : documents);
}

/** Asks for all at the same time, each alone: whose name each is told, or what it ends with. */
async function asked(upstream: ManyBench, ...ids: readonly NationalId[]): Promise<readonly string[]> {
  const endings = await Promise.allSettled(ids.map((id) => upstream.lookup(id)));
  return endings.map((ending) =>
    ending.status === 'fulfilled' ? toldBy(ending.value) : classOf(ending.reason),
  );
}

function toldBy(answer: LookupAnswer): string {
  return answer.outcome === 'found' ? (answer.person.givenName ?? 'nameless') : answer.outcome;
}

function classOf(reason: unknown): string {
  return reason instanceof Error ? reason.name : 'no error';
}

function alone({ calls }: ManyBench): readonly (readonly string[])[] {
  return calls.filter((call) => !isBulk(call)).map(({ nins }) => nins);
}

describe('S5: lookups that go together are as safe as each alone', () => {
  it('each is told of its own person, from two calls for all', async () => {
    const upstream = bench();
    expect(await asked(upstream, a, b, c)).to.deep.equal(['NAVN1', 'NAVN2', 'NAVN3']);
    expect(upstream.calls.map(({ operation }) => operation)).to.deep.equal(['bulk-by-nin', 'bulk-by-nin']);
  });

  it('whatever the order of the answer', async () => {
    const upstream = bench(inBulk(({ history }, found) => (history ? found.toReversed() : found)));
    expect(await asked(upstream, c, a, b)).to.deep.equal(['NAVN3', 'NAVN1', 'NAVN2']);
    expect(alone(upstream)).to.deep.equal([]);
  });

  const lacking: Record<string, Upset> = {
    'both answers': (_, found) => found.slice(1),
    'the answer about what is shown': ({ history }, found) => (history ? found : found.slice(1)),
    'the answer about numbers': ({ history }, found) => (history ? found.slice(1) : found),
  };
  for (const [where, upset] of Object.entries(lacking)) {
    it(`a number missing from ${where} is asked for alone, and found`, async () => {
      const upstream = bench(inBulk(upset));
      expect(await asked(upstream, a, b)).to.deep.equal(['NAVN1', 'NAVN2']);
      expect(alone(upstream)).to.deep.equal([[a], [a]]);
    });
  }

  it('a number is unknown only when the register says so of it alone', async () => {
    const upstream = bench();
    expect(await asked(upstream, a, unknown, b)).to.deep.equal(['NAVN1', 'not-found', 'NAVN2']);
    expect(alone(upstream)).to.deep.equal([[unknown], [unknown]]);
  });

  const upsets: Record<string, Upset> = {
    'somebody who was not asked for': inBulk((_, found) => [...found, someone(7)]),
    'somebody else in everybody’s place': inBulk((_, found) => found.map(() => someone(7))),
    'two with one number': inBulk((_, found) => [...found, someone(1, { id: 'double' })]),
    'what is no document': inBulk((_, found) => [{ name: [] }, ...found]),
    'nobody at all': inBulk(() => []),
  };
  for (const [what, upset] of Object.entries(upsets)) {
    it(`an answer that holds ${what} gives nobody another's person, and fails nobody`, async () => {
      const upstream = bench(upset);
      expect(await asked(upstream, a, b)).to.deep.equal(['NAVN1', 'NAVN2']);
      expect(alone(upstream)).to.have.length(4);
    });
  }

  it('a document that does not list its number is told to nobody, and harms only who asked for it', async () => {
    const stranger = someone(7, { id: 'e1' });
    const upstream = bench((_, found) =>
      found.map((document) => (document['id'] === 'e1' ? stranger : document)),
    );
    expect(await asked(upstream, a, b, c)).to.deep.equal([UpstreamInvalidAnswer.name, 'NAVN2', 'NAVN3']);
  });

  it('an old number and the new one of the same person both lead there', async () => {
    const both = someone(1, { norwegianIdentificationNumber: [inUse(a), discontinued(c)] });
    const upstream = bench(undefined, [both, someone(2)]);
    expect(await asked(upstream, c, b, a)).to.deep.equal(['NAVN1', 'NAVN2', 'NAVN1']);
    expect(alone(upstream)).to.deep.equal([]);
  });
});
