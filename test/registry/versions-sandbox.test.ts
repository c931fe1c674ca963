import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/config/package-root.js';
import type { Upstream } from '../../src/upstream.js';
import { isNationalId, type NationalId } from '../../src/person/national-id.js';
import type { Caller, PersonRegistry } from '../../src/registry/person-registry.js';
import { apiVersions } from '../../src/registry/persontjenesten/api-version.js';
import { PersontjenestenRegistry } from '../../src/registry/persontjenesten/registry.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { numbersOf } from '../../src/sandbox/population/person-document.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { documentsOver } from '../support/documents-over.js';
import { mappings } from '../support/person-documents.js';
import { RecordedEvents } from '../support/recorded-events.js';
import { serverCertificate } from '../support/server-certificate.js';
import { syntheticNumber } from '../support/synthetic-number.js';
import { caller } from './registry-bench.js';
import { wayToSandbox } from '../support/way-to-sandbox.js';

/** What is told, without where it came from. */
function withoutOrigin(told: unknown): unknown {
  if (told instanceof Map) return new Map([...told].map(([key, value]) => [key, withoutOrigin(value)]));
  if (Array.isArray(told)) return told.map(withoutOrigin);
  if (typeof told !== 'object' || told === null) return told;
  return Object.fromEntries(
    Object.entries(told)
      .filter(([name]) => name !== 'lineage')
      .map(([name, value]) => [name, withoutOrigin(value)]),
  );
}

describe('both versions of the sandbox, of the same people', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  const opened: Upstream[] = [];
  let by: Readonly<Record<2 | 3, PersonRegistry>>;
  let asking: (parts?: Partial<Caller>) => Caller;
  let numbers: readonly NationalId[];

  before(async () => {
    sandbox = await startSandbox({
      clock: systemClock,
      random: systemRandom,
      host: '127.0.0.1',
      persontjenestenPort: 0,
      helseidPort: 0,
      population: 300,
      personFolders: ['persons', 'persons-irregular'].map((name) => join(packageRoot(), 'fixtures', name)),
      certificate: await serverCertificate(),
    });
    asking = (parts = {}) => caller({ organisation: sandbox.organisation, ...parts });
    by = { 2: await registryBy(2), 3: await registryBy(3) };
    numbers = [...sandbox.population.documents()]
      .flatMap((document) => numbersOf(document))
      .filter(isNationalId);
  });
  after(async () => {
    for (const one of opened) one.close();
    await sandbox.stop();
  });

  async function registryBy(version: 2 | 3): Promise<PersonRegistry> {
    const upstream = await wayToSandbox(sandbox, { version, events: new RecordedEvents() });
    opened.push(upstream);
    return new PersontjenestenRegistry({
      ...documentsOver(upstream.transport, apiVersions[version]),
      mappings,
      fill: 'rich',
      clock: systemClock,
      events: new RecordedEvents(),
    });
  }

  /** What both say to the same question, with what each was refused by. */
  async function both<Answer>(
    ask: (registry: PersonRegistry) => Promise<Answer>,
  ): Promise<readonly unknown[]> {
    // Where in a document something stood may differ: version 2 has fields for what version 3 writes into a street name.
    const outcome = async (registry: PersonRegistry): Promise<unknown> =>
      ask(registry).then(withoutOrigin, (error: unknown) => String(error));
    return [await outcome(by[2]), await outcome(by[3])];
  }

  it('say the same of everybody, by each of their numbers, alone and in bulk', async () => {
    const ids = [...numbers, syntheticNumber(4711)];
    const [many2, many3] = await both((registry) => registry.lookupMany({ ids }, asking()));
    if (!(many2 instanceof Map) || !(many3 instanceof Map)) throw new Error(String(many2 ?? many3));
    for (const id of ids) expect(many2.get(id), id).to.deep.equal(many3.get(id));
    for (const id of ids.filter((_, index) => index % 11 === 0)) {
      const [one2, one3] = await both((registry) => registry.lookup({ id }, asking()));
      expect(one2).to.deep.equal(one3);
      expect(one2).to.deep.equal(many2.get(id));
    }
    const asked = sandbox.requests.of('persontjenesten').map(({ path, status }) => [path, status]);
    expect(asked.filter(([, status]) => status === 400)).to.deep.equal([]);
  });

  it('say the same in the restricted view', async () => {
    for (const id of numbers.filter((_, index) => index % 7 === 0)) {
      const [one2, one3] = await both((registry) =>
        registry.lookup({ id }, asking({ access: 'restricted' })),
      );
      expect(one2).to.deep.equal(one3);
    }
  });

  it('say the same of children and of former addresses', async () => {
    for (const id of numbers.filter((_, index) => index % 13 === 0)) {
      const [children2, children3] = await both((registry) => registry.children(id, asking()));
      expect(children2).to.deep.equal(children3);
      const [past2, past3] = await both((registry) => registry.lookup({ id, addresses: 'all' }, asking()));
      expect(past2).to.deep.equal(past3);
    }
  });
});
