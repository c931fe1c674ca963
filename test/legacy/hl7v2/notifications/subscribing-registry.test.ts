import { expect } from 'chai';
import { SubscribingRegistry } from '../../../../src/legacy/hl7v2/notifications/subscribing-registry.js';
import type { NationalId } from '../../../../src/person/national-id.js';
import type { Caller, LookupAnswer } from '../../../../src/registry/person-registry.js';
import { newCorrelationId } from '../../../../src/runtime/correlation.js';
import { CountedRandom } from '../../../support/counted-random.js';
import { receiverOf } from '../../../support/notification-world.js';
import { pregPerson } from '../../../support/preg-person.js';
import { registryStub } from '../../../support/registry-stub.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const [anna, berit, carl] = [syntheticNumber(1), syntheticNumber(2), syntheticNumber(3)];

describe('a registry that has receivers follow whom their clients look up', () => {
  let followed: string[];
  const receivers = [
    receiverOf({ id: 'pas', subscribesOnLookup: true }),
    receiverOf({ id: 'ris', subscribesOnLookup: true }),
    receiverOf({ id: 'lab', subscribesOnLookup: false }),
  ];

  beforeEach(() => {
    followed = [];
  });

  function found(nin: NationalId, newNIN: string | null = null): LookupAnswer {
    return { outcome: 'found', person: pregPerson({ nin, newNIN }), lineage: new Map() };
  }

  function registry(answer: LookupAnswer = found(anna)): SubscribingRegistry {
    return new SubscribingRegistry(
      registryStub({
        lookup: () => Promise.resolve(answer),
        lookupMany: ({ ids }) => Promise.resolve(new Map(ids.map((id) => [id, found(id)]))),
        search: () =>
          Promise.resolve({ hits: [{ person: pregPerson({ nin: anna }), lineage: new Map() }], total: 1 }),
        children: () => Promise.resolve({ outcome: 'found', children: [] }),
      }),
      {
        addFound: (receiver, number) => {
          followed.push(`${receiver} ${number}`);
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
});
