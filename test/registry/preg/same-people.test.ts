import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { numbersIn } from '../../../src/mapping/transforms/identity.js';
import type { LookupAnswer, PersonRegistry, RecordWanted } from '../../../src/registry/person-registry.js';
import { protectionOf } from '../../../src/person/protection.js';
import { PersontjenestenRegistry } from '../../../src/registry/persontjenesten/registry.js';
import { Population } from '../../../src/sandbox/population/population.js';
import { UnservedPersontjenesten } from '../../../src/sandbox/persontjenesten/unserved-persontjenesten.js';
import { documentsOver } from '../../support/documents-over.js';
import { callerBy, pregHl7v3Over, pregXmlOver } from '../../support/fake-preg.js';
import { day, mappings, personFixtures } from '../../support/person-documents.js';
import { hl7v3RegistryOver, personregisterOver } from '../../support/preg-registries.js';
import { RecordedEvents } from '../../support/recorded-events.js';
import { StandingClock } from '../../support/standing-clock.js';
import { syntheticNumber } from '../../support/synthetic-number.js';
import { toldFields } from '../../support/told-fields.js';

const persons = fileURLToPath(new URL('../../../../fixtures/persons', import.meta.url));
const ids = [
  ...personFixtures('persons').flatMap(({ document }) => numbersIn(document).map(({ nin }) => nin)),
  syntheticNumber(4711),
];

async function newRegister(): Promise<PersontjenestenRegistry> {
  const population = await Population.create({ personFolders: [persons], generated: 0, seed: 1 });
  return new PersontjenestenRegistry({
    ...documentsOver(new UnservedPersontjenesten(population)),
    mappings,
    fill: 'rich',
    clock: new StandingClock('2022-06-15T10:00:00Z'),
    events: new RecordedEvents(),
  });
}

/** Its methods as functions, for what takes a part of them. */
function registryOf(source: PersonRegistry): PersonRegistry {
  return {
    lookup: (query, by) => source.lookup(query, by),
    lookupMany: (query, by) => source.lookupMany(query, by),
    children: (id, by) => source.children(id, by),
    search: (query, by) => source.search(query, by),
  };
}

function demographicsQuery(id: string): string {
  return (
    `<t:GetDemographics xmlns:t="http://tempuri.org/" xmlns="urn:hl7-org:v3"><t:query><controlActProcess><queryByParameter><parameterList>` +
    `<identifiedPersonIdentifier><value root="2.16.578.1.12.4.1.4.1" extension="${id}"/></identifiedPersonIdentifier>` +
    `</parameterList></queryByParameter></controlActProcess></t:query></t:GetDemographics>`
  );
}

/** Each reply has an id of its own. */
function withoutId(reply: string): string {
  return reply.replace(/<id root="[^"]*"\/><creationTime/, '<creationTime');
}

/** What both tell of, by place, of one and of the other. */
function toldByBoth(one: LookupAnswer, other: LookupAnswer): readonly unknown[] {
  if (one.outcome !== 'found' || other.outcome !== 'found') return [one.outcome, other.outcome];
  const both = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      Object.entries(fields).filter(([place]) => one.lineage.has(place) && other.lineage.has(place)),
    );
  return [both(toldFields(one.person, one.lineage)), both(toldFields(other.person, other.lineage))];
}

describe('the people of the sandbox, told by a PREG that knows the same', () => {
  async function expectSame(
    preg: (registry: PersonRegistry) => PersonRegistry,
    protocol: 'preg-xml' | 'hl7v3',
    wanted: RecordWanted,
  ): Promise<void> {
    const source = await newRegister();
    const old = preg(registryOf(source));
    const caller = callerBy(protocol);
    let fields = 0;
    for (const id of ids) {
      const ours = await source.lookup({ id, ...wanted }, caller);
      const theirs = await old.lookup({ id, ...wanted }, caller);
      const [one, other] = toldByBoth(ours, theirs);
      expect(other, id).to.deep.equal(one);
      if (ours.outcome === 'found' && theirs.outcome === 'found') {
        fields += Object.keys(one ?? {}).length;
        expect(protectionOf(theirs.person) !== null, id).to.equal(protectionOf(ours.person) !== null);
        // By HL7 v3 our own service tells of every number as active.
        if (protocol === 'preg-xml') expect(theirs.isOutOfUse, id).to.equal(ours.isOutOfUse);
      }
    }
    expect(fields).to.be.greaterThan(15 * ids.length);
  }

  for (const wanted of [
    {},
    { record: 'asked' },
    { record: 'asked', on: day('2016-06-01') },
    { addresses: 'all' },
  ] as const satisfies readonly RecordWanted[]) {
    it(`are the same by Personregister-XML: ${JSON.stringify(wanted)}`, async () => {
      await expectSame((registry) => personregisterOver(pregXmlOver(registry)), 'preg-xml', wanted);
    });
  }

  it('are the same by HL7 v3', async () => {
    await expectSame((registry) => hl7v3RegistryOver(pregHl7v3Over(registry)), 'hl7v3', {});
  });

  it('are written as PREG wrote them, whichever of its services the client asks', async () => {
    const source = await newRegister();
    const registry = registryOf(source);
    const pregXml = pregXmlOver(registry);
    const pregHl7v3 = pregHl7v3Over(registry);
    const ourXml = pregXmlOver(registryOf(personregisterOver(pregXml)));
    const ourHl7v3 = pregHl7v3Over(registryOf(hl7v3RegistryOver(pregHl7v3)));
    for (const id of ids) {
      const parameters = `<parameters xmlns:cd="http://schemas.datacontract.org/2004/07/NHN.Contracts.Data"><cd:NIN>${id}</cd:NIN></parameters>`;
      const questions = [
        ['GetPerson', parameters],
        ['GetAddresses', parameters],
        ['GetChildren', `<NIN>${id}</NIN>`],
      ] as const;
      for (const [operation, content] of questions) {
        const body = `<${operation} xmlns="http://register.nhn.no/PR">${content}</${operation}>`;
        const request = { service: 'preg-xml', operation, body } as const;
        const caller = callerBy('preg-xml', operation);
        const { text } = await pregXml.call(request, caller);
        expect((await ourXml.call(request, caller)).text, `${operation} ${id}`).to.equal(text);
      }
      const body = demographicsQuery(id);
      const request = { service: 'hl7v3', operation: 'GetDemographics', body } as const;
      const { text } = await pregHl7v3.call(request, callerBy('hl7v3'));
      const ours = await ourHl7v3.call(request, callerBy('hl7v3'));
      expect(withoutId(ours.text), id).to.equal(withoutId(text));
    }
  });
});
