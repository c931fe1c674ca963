import { expect } from 'chai';
import fc from 'fast-check';
import { AdapterError } from '../../../src/errors/errors.js';
import type { LookupAnswer, PersonRegistry } from '../../../src/registry/person-registry.js';
import type { PregReply, PregRequest, PregService } from '../../../src/registry/preg/preg-service.js';
import type { XmlElement } from '../../../src/xml/element.js';
import { protectionOf } from '../../../src/person/protection.js';
import { callerBy, pregHl7v3Over, pregXmlOver, type FakePreg } from '../../support/fake-preg.js';
import { runs } from '../../support/long-runs.js';
import { found } from '../../support/person-service.js';
import { dayIn, pregAddress, pregPerson } from '../../support/preg-person.js';
import { hl7v3RegistryOver, personregisterOver } from '../../support/preg-registries.js';
import { syntheticNumber } from '../../support/synthetic-number.js';

const [id, oldNIN, newNIN] = [0, 1, 2].map(syntheticNumber);
if (id === undefined || oldNIN === undefined || newNIN === undefined) throw new RangeError('no numbers');

const STREET = 'HEMMELIGVEIEN 1';
const someone = pregPerson({
  nin: id,
  oldNIN,
  supersededNINs: [oldNIN],
  sn: 'PRØVESEN',
  givenName: 'KARI',
  dateOfBirth: dayIn('1950-12-31'),
  regStatus: 1,
  maritalStatus: 2,
  addresses: [
    pregAddress({
      nin: id,
      source: 'residential',
      postalAddress: STREET,
      streetName: STREET,
      st: '0301',
      postalCode: '0484',
      postalType: 0,
      houseNumber: 1,
      dateAdrFrom: dayIn('2020-02-29'),
    }),
  ],
});

/** Something that goes wrong with one element of a message. */
interface Damage {
  /** Which of its elements, in the document's order. */
  readonly at: number;
  readonly kind: 'lost' | 'twice' | 'emptied' | 'renamed' | 'other-text' | 'other-attributes' | 'bare';
  readonly text: string;
}

const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.nat({ max: 120 }),
  kind: fc.constantFrom('lost', 'twice', 'emptied', 'renamed', 'other-text', 'other-attributes', 'bare'),
  text: fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    'true',
    'nei',
    newNIN,
    '99999999999999999999',
    '2022-02-30',
    'NF',
    'AE',
    '7',
  ),
});

function damaged(root: XmlElement, { at, kind, text }: Damage): XmlElement {
  let passed = -1;
  const walk = (element: XmlElement): readonly XmlElement[] => {
    passed += 1;
    const isIt = passed === at;
    const children = element.children.flatMap(walk);
    const whole = { ...element, children };
    if (!isIt) return [whole];
    switch (kind) {
      case 'lost':
        return [];
      case 'twice':
        return [whole, whole];
      case 'emptied':
        return [{ ...whole, children: [], text: '', attributes: new Map() }];
      case 'renamed':
        return [{ ...whole, localName: `${element.localName}X` }];
      case 'other-text':
        return [{ ...whole, text }];
      case 'other-attributes':
        return [{ ...whole, attributes: new Map([...element.attributes].map(([name]) => [name, text])) }];
      case 'bare':
        return [{ ...whole, children: [], text }];
    }
  };
  return walk(root)[0] ?? root;
}

/** A PREG whose every answer is damaged in the same way. */
class DamagedPreg implements PregService {
  constructor(
    private readonly whole: FakePreg,
    private readonly damages: readonly Damage[],
  ) {}

  async call(request: PregRequest): Promise<PregReply> {
    const { body } = await this.whole.call(request, callerBy(undefined));
    return { body: this.damages.reduce(damaged, body), text: '' };
  }
}

const dialects = [
  ['Personregister-XML', pregXmlOver, personregisterOver, { addresses: 'all' }],
  ['HL7 v3', pregHl7v3Over, hl7v3RegistryOver, {}],
] as const satisfies readonly (readonly [
  string,
  (registry: Partial<PersonRegistry>) => FakePreg,
  (service: PregService) => PersonRegistry,
  { readonly addresses?: 'all' },
])[];

for (const [name, over, registryOver, wanted] of dialects) {
  describe(`an answer of ${name} that is damaged`, function () {
    this.timeout(20_000);

    /** What came of asking for the person; undefined for a refusal. Whatever else goes wrong is a defect. */
    async function ask(damages: readonly Damage[], person = someone): Promise<LookupAnswer | undefined> {
      const preg = over({ lookup: () => Promise.resolve(found(person)) });
      try {
        const registry = registryOver(new DamagedPreg(preg, damages));
        return await registry.lookup({ id: person.nin, ...wanted }, callerBy('hl7v3'));
      } catch (error) {
        if (!(error instanceof AdapterError)) throw error;
        expect(error.message).not.to.match(/[0-9]{11}|HEMMELIG|PRØVESEN/);
        return undefined;
      }
    }

    it('is refused, or is still about the number that was asked for', async () => {
      let given = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
          const answer = await ask(damages);
          if (answer?.outcome !== 'found') return;
          given += 1;
          const { nin, supersededNINs, alternativeNINs, dufNo } = answer.person;
          expect([nin, dufNo, ...supersededNINs, ...alternativeNINs]).to.include(id);
        }),
        { numRuns: runs(300) },
      );
      expect(given).to.be.greaterThan(10);
    });

    it('tells nothing of a protected address while it says that it is one', async () => {
      await fc.assert(
        fc.asyncProperty(damage, fc.constantFrom(4, 6, 7), async (one, postalType) => {
          const hidden = someone.addresses.map((address) => ({ ...address, postalType }));
          const answer = await ask([one], { ...someone, addresses: hidden });
          if (answer?.outcome !== 'found' || protectionOf(answer.person) === null) return;
          expect(JSON.stringify(answer.person.addresses)).not.to.match(/HEMMELIG|0301|0484/);
        }),
        { numRuns: runs(200) },
      );
    });
  });
}
