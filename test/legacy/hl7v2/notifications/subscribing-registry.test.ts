import { expect } from 'chai';
import { SubscribingRegistry } from '../../../../src/legacy/hl7v2/notifications/subscribing-registry.js';
import type { NationalId } from '../../../../src/person/national-id.js';
import { personOfAll } from '../../../../src/registry/person-of-all.js';
import type { Caller, LookupAnswer, PersonRegistry } from '../../../../src/registry/person-registry.js';
import { newCorrelationId } from '../../../../src/runtime/correlation.js';
import { CountedRandom } from '../../../support/counted-random.js';
import { askHl7v2, rememberedContinuations, type QueryAnswer } from '../../../support/hl7v2-query.js';
import { receiverOf } from '../../../support/notification-world.js';
import { pregPerson } from '../../../support/preg-person.js';
import { registryStub } from '../../../support/registry-stub.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const [anna, berit, carl] = [syntheticNumber(1), syntheticNumber(2), syntheticNumber(3)];

describe('a registry that has receivers follow whom their clients look up', () => {
  let followed: string[];
  let portions: number;
  const receivers = [
    receiverOf({ id: 'pas', subscribesOnLookup: true }),
    receiverOf({ id: 'ris', subscribesOnLookup: true }),
    receiverOf({ id: 'lab', subscribesOnLookup: false }),
  ];

  beforeEach(() => {
    followed = [];
    portions = 0;
  });

  function found(nin: NationalId, newNIN: string | null = null): LookupAnswer {
    return { outcome: 'found', person: pregPerson({ nin, newNIN }), lineage: new Map() };
  }

  function registry(answer: LookupAnswer = found(anna)): SubscribingRegistry {
    return registryBefore(
      registryStub({
        lookup: () => Promise.resolve(answer),
        lookupMany: ({ ids }) => Promise.resolve(new Map(ids.map((id) => [id, found(id)]))),
        search: () =>
          Promise.resolve({ hits: [{ person: pregPerson({ nin: anna }), lineage: new Map() }], total: 1 }),
        children: () => Promise.resolve({ outcome: 'found', children: [] }),
      }),
    );
  }

  function registryBefore(inner: PersonRegistry): SubscribingRegistry {
    return new SubscribingRegistry(
      inner,
      {
        addFound: (receiver, numbers) => {
          portions += 1;
          followed.push(...numbers.map((number) => `${receiver} ${number}`));
        },
      },
      receivers,
    );
  }

  function callerOf(clientId: string): Caller {
    const { organisation, access, visible } = receiverOf().client;
    const correlationId = newCorrelationId(new CountedRandom());
    return { clientId, organisation, access, visible, correlationId, signal: new AbortController().signal };
  }

  const asking = callerOf('pas-client');

  it('takes note of whoever is found by number, for each receiver of the client that wants it', async () => {
    await registry().lookup({ id: anna }, asking);
    expect(followed).to.deep.equal([`pas ${anna}`, `ris ${anna}`]);
    followed = [];
    await registry().lookupMany({ ids: [berit, carl] }, asking);
    expect(followed).to.have.members([`pas ${berit}`, `pas ${carl}`, `ris ${berit}`, `ris ${carl}`]);
  });

  it('takes note of the number in use, whatever record was asked for', async () => {
    await registry(found(anna, berit)).lookup({ id: anna, record: 'asked' }, asking);
    expect(followed).to.deep.equal([`pas ${berit}`, `ris ${berit}`]);
  });

  it('takes no note of who is not found, of hits and children, and of what other clients ask', async () => {
    await registry({ outcome: 'not-found' }).lookup({ id: anna }, asking);
    await registry().search({ withHelpNumbers: true, limit: 1 }, asking);
    await registry().children(anna, asking);
    await registry().lookup({ id: anna }, callerOf('another-client'));
    expect(followed).to.deep.equal([]);
  });

  it('takes note of everybody of a question at once, and of nothing where nobody is found', async () => {
    await registry().lookupMany({ ids: [anna, berit, carl] }, asking);
    expect(portions, 'one for each receiver').to.equal(2);
    await registry({ outcome: 'not-found' }).lookup({ id: anna }, asking);
    expect(portions).to.equal(2);
  });

  it('takes no note of who is found and not told', async () => {
    await registry().lookup({ id: anna, isTold: () => false }, asking);
    await registry().lookupMany({ ids: [berit, carl], isTold: ({ nin }) => nin === carl }, asking);
    expect(followed).to.deep.equal([`pas ${carl}`, `ris ${carl}`]);
  });

  describe('behind the questions of HL7 v2', () => {
    const people = [anna, berit, carl].map((nin) => pregPerson({ nin, sn: 'NORDMANN' }));

    async function asked(...lines: readonly string[]): Promise<QueryAnswer> {
      const setting = { people, continuations, clientId: 'pas-client' };
      return askHl7v2('QBP^Q22', lines, { ...setting, behind: (inner) => registryBefore(inner) });
    }

    let continuations: ReturnType<typeof rememberedContinuations>;

    beforeEach(() => {
      continuations = rememberedContinuations();
    });

    it('takes no note of hits, on whichever page they stand', async () => {
      const query = ['QPD|IHE PDQ Query|PDQ1|@PID.5.1^NORDMANN~@PID.7^1980', 'RCP|I|2^RD'];
      const { lines } = await asked(...query);
      const pointer = lines.find((line) => line.startsWith('DSC'))?.split('|')[1] ?? '';
      const next = await asked(...query, `DSC|${pointer}|I`);
      expect(next.manyLookups, 'the next page is looked up').to.deep.equal([[carl]]);
      expect(followed).to.deep.equal([]);
    });

    it('takes no note of whom the client is told not to exist', async () => {
      const other = await asked(`QPD|IHE PDQ Query|PDQ1|@PID.3.1^${anna}~@PID.5.1^OTHER`, 'RCP|I|2^RD');
      expect(other.outcome).to.equal('not-found');
      expect(other.lookups).to.deep.equal([anna]);
      expect(followed).to.deep.equal([]);
      const same = await asked(`QPD|IHE PDQ Query|PDQ1|@PID.3.1^${anna}~@PID.5.1^NORDMANN`, 'RCP|I|2^RD');
      expect(same.outcome).to.equal('found');
      expect(followed).to.deep.equal([`pas ${anna}`, `ris ${anna}`]);
    });

    it('takes no note of who has no number of the domain that is asked for', async () => {
      const helpNumbers = '^^^&2.16.578.1.12.4.1.4.3&ISO';
      const query = `QPD|IHE PDQ Query|PDQ1|@PID.3.1^${anna}|||||${helpNumbers}`;
      expect((await asked(query, 'RCP|I|2^RD')).outcome).to.equal('not-found');
      expect(followed).to.deep.equal([]);
    });
  });

  it('takes no note of people whose numbers are not those of one', async () => {
    const people = new Map([anna, berit].map((nin) => [nin, found(nin)]));
    const both = registryBefore(
      registryStub({ lookup: ({ id }) => Promise.resolve(people.get(id) ?? { outcome: 'not-found' }) }),
    );
    expect(await personOfAll([anna, berit], both, asking)).to.equal('different');
    expect(followed).to.deep.equal([]);
    expect(await personOfAll([anna, anna], both, asking)).to.include({ nin: anna });
    expect(followed).to.deep.equal([`pas ${anna}`, `ris ${anna}`]);
  });
});
