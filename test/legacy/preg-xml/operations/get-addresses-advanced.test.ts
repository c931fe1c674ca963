import { expect } from 'chai';
import { InvalidQuery } from '../../../../src/errors/errors.js';
import type { LookupManyQuery, PersonRegistry } from '../../../../src/registry/person-registry.js';
import { found, membersOf, serve, type Served } from '../../../support/person-service.js';
import { pregAddress, pregPerson } from '../../../support/preg-person.js';
import { rejectionOf } from '../../../support/rejection.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const A = syntheticNumber();
const B = syntheticNumber(1);
const C = syntheticNumber(2);

const asked: LookupManyQuery[] = [];
/** A and B have two addresses each, and nobody has C. */
const registry: Partial<PersonRegistry> = {
  lookupMany: (query) => {
    asked.push(query);
    return Promise.resolve(
      new Map(
        query.ids.map((nin) => {
          const addresses = [
            pregAddress({ nin, st: '0301', currentAddress: true }),
            pregAddress({ nin, st: '4601', currentAddress: false }),
          ];
          return [nin, nin === C ? { outcome: 'not-found' as const } : found(pregPerson({ nin, addresses }))];
        }),
      ),
    );
  },
};

function parameters(numbers: readonly string[], constraints: readonly (readonly [string, string])[]): string {
  const list = numbers.map((nin) => `<arr:string>${nin}</arr:string>`).join('');
  const pairs = constraints.map(
    ([key, value]) =>
      `<kvp:KeyValuePairOfstringstring><kvp:key>${key}</kvp:key><kvp:value>${value}</kvp:value></kvp:KeyValuePairOfstringstring>`,
  );
  return `<parameters><ListOfNIN>${list}</ListOfNIN><SearchConstraints>${pairs.join('')}</SearchConstraints></parameters>`;
}

const ask = (...constraints: readonly (readonly [string, string])[]): Promise<Served> =>
  serve('GetAddressesAdvanced', parameters([B, A, B, C], constraints), { registry });

describe('GetAddressesAdvanced', () => {
  beforeEach(() => {
    asked.length = 0;
  });

  it('tells all addresses in the order of the numbers, each with its owner', async () => {
    const { reply, outcome, subjects } = await ask();
    const addresses = reply.records('GetAddressesAdvancedResult');
    expect(membersOf(addresses, 'NIN')).to.deep.equal([B, B, A, A]);
    expect(membersOf(addresses, 'St')).to.deep.equal(['0301', '4601', '0301', '4601']);
    expect(asked).to.deep.equal([{ ids: [B, A, C], on: undefined, record: 'asked', addresses: 'all' }]);
    expect([outcome, subjects]).to.deep.equal(['found', [B, A, C]]);
  });

  for (const [value, wanted, municipality] of [
    ['True', 'current', '0301'],
    ['1', 'current', '0301'],
    ['false', 'all', '4601'],
    [' 0 ', 'all', '4601'],
  ] as const) {
    it(`tells the addresses whose flag is as wanted: ${value}`, async () => {
      const { reply } = await ask(['currentaddress', value]);
      expect(membersOf(reply.records('GetAddressesAdvancedResult'), 'St')).to.deep.equal([
        municipality,
        municipality,
      ]);
      expect(asked.map(({ addresses }) => addresses)).to.deep.equal([wanted]);
    });
  }

  it('asks for the addresses of a day', async () => {
    await ask(['Date', '2001-07-01'], ['DATE', '2001-07-01T12:00:00']);
    expect(asked.map(({ on, addresses }) => [on, addresses])).to.deep.equal([['2001-07-01', 'current']]);
  });

  it('passes constraints over that it does not know, and tells how many, without what they said', async () => {
    const { reply, events } = await ask(['PostalType', 'SECRET'], ['toString', 'x'], ['Date', '']);
    expect(reply.records('GetAddressesAdvancedResult')).to.have.length(4);
    expect(events.of.constraintsPassedOver.map(({ clientId, count }) => [clientId, count])).to.deep.equal([
      ['epj', 2],
    ]);
    expect(JSON.stringify(events.of)).to.not.match(/SECRET|PostalType/);
    expect((await ask()).events.of.constraintsPassedOver).to.deep.equal([]);
  });

  for (const [key, values] of [
    ['Date', ['yesterday']],
    ['Date', ['2001-02-30']],
    ['Date', ['2001-07-01', '2001-07-02']],
    ['CurrentAddress', ['yes']],
    ['CurrentAddress', ['true', 'false']],
  ] as const) {
    it(`refuses ${key} ${values.join(' and ')}`, async () => {
      const refusal = await rejectionOf(ask(...values.map((value) => [key, value] as const)));
      expect(refusal)
        .to.be.instanceOf(InvalidQuery)
        .and.to.have.property('parameter', `SearchConstraints ${key}`);
      expect(asked).to.deep.equal([]);
    });
  }

  it('is an empty list when nobody is known, and when nobody is asked for', async () => {
    const unknown = await serve('GetAddressesAdvanced', parameters([C], []), { registry });
    expect([unknown.reply.records('GetAddressesAdvancedResult'), unknown.outcome]).to.deep.equal([
      [],
      'not-found',
    ]);
    const none = await serve('GetAddressesAdvanced', '');
    expect([none.reply.records('GetAddressesAdvancedResult'), none.outcome]).to.deep.equal([[], 'not-found']);
  });

  it('tells of people known without an address that they were found', async () => {
    const homeless: Partial<PersonRegistry> = {
      lookupMany: ({ ids }) => Promise.resolve(new Map(ids.map((nin) => [nin, found(pregPerson({ nin }))]))),
    };
    const { reply, outcome } = await serve('GetAddressesAdvanced', parameters([A], []), {
      registry: homeless,
    });
    expect([reply.records('GetAddressesAdvancedResult'), outcome]).to.deep.equal([[], 'found']);
  });
});
