import { expect } from 'chai';
import type { LookupQuery, PersonRegistry } from '../../../../src/registry/person-registry.js';
import { found, lookupParameters, membersOf, serve } from '../../../support/person-service.js';
import { pregAddress, pregPerson } from '../../../support/preg-person.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const A = syntheticNumber();
const B = syntheticNumber(1);

function knowing(...municipalities: readonly string[]): {
  readonly registry: Partial<PersonRegistry>;
  readonly asked: LookupQuery[];
} {
  const asked: LookupQuery[] = [];
  const addresses = municipalities.map((st, index) =>
    pregAddress({ nin: A, st, currentAddress: index === 0 }),
  );
  return {
    asked,
    registry: {
      lookup: (query) => {
        asked.push(query);
        return Promise.resolve(found(pregPerson({ nin: A, addresses })));
      },
    },
  };
}

describe('GetAddresses', () => {
  it('tells the current address and the former ones in the order of the registry', async () => {
    const { registry, asked } = knowing('0301', '4601', '5001');
    const { reply, outcome, subjects } = await serve('GetAddresses', lookupParameters(B), { registry });
    const addresses = reply.records('GetAddressesResult');
    expect(membersOf(addresses, 'St')).to.deep.equal(['0301', '4601', '5001']);
    expect(addresses?.map((address) => address?.flag('CurrentAddress'))).to.deep.equal([true, false, false]);
    expect(asked).to.deep.equal([{ id: B, on: undefined, record: 'asked', addresses: 'all' }]);
    expect([outcome, subjects]).to.deep.equal(['found', [B, A]]);
  });

  it('asks for the addresses of a day alone when there is a date', async () => {
    const { registry, asked } = knowing('4601');
    await serve('GetAddresses', lookupParameters(A, '2001-07-01T00:00:00'), { registry });
    expect(asked).to.deep.equal([{ id: A, on: '2001-07-01', record: 'asked', addresses: 'current' }]);
  });

  it('is an empty list when no address is known', async () => {
    const { reply, outcome } = await serve('GetAddresses', lookupParameters(A), knowing());
    expect([reply.records('GetAddressesResult'), outcome]).to.deep.equal([[], 'found']);
  });

  it('is nil when nobody has the number, and when it is none', async () => {
    const registry: Partial<PersonRegistry> = { lookup: () => Promise.resolve({ outcome: 'not-found' }) };
    const unknown = await serve('GetAddresses', lookupParameters(A), { registry });
    expect([unknown.reply.records('GetAddressesResult'), unknown.outcome]).to.deep.equal([null, 'not-found']);
    const none = await serve('GetAddresses', lookupParameters('1'));
    expect([none.reply.records('GetAddressesResult'), none.outcome]).to.deep.equal([null, 'invalid-query']);
  });
});
