import { expect } from 'chai';
import { InvalidQuery, UpstreamUnavailable } from '../../../../src/errors/errors.js';
import type { LookupQuery, PersonRegistry } from '../../../../src/registry/person-registry.js';
import { found, lookupParameters, serve } from '../../../support/person-service.js';
import { pregAddress, pregPerson } from '../../../support/preg-person.js';
import { rejectionOf } from '../../../support/rejection.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const A = syntheticNumber();
const B = syntheticNumber(1);
const ola = pregPerson({
  nin: A,
  givenName: 'OLA',
  addresses: [pregAddress({ nin: A, st: '0301', currentAddress: true })],
});

/** A registry that knows one person, and what it was asked. */
function knowing(person = ola): {
  readonly registry: Partial<PersonRegistry>;
  readonly asked: LookupQuery[];
} {
  const asked: LookupQuery[] = [];
  return {
    asked,
    registry: {
      lookup: (query) => {
        asked.push(query);
        return Promise.resolve(found(person));
      },
    },
  };
}

const nobody: Partial<PersonRegistry> = { lookup: () => Promise.resolve({ outcome: 'not-found' }) };

describe('GetPerson', () => {
  it('tells the person with addresses, and the audit trail whom', async () => {
    const { reply, outcome, subjects } = await serve('GetPerson', lookupParameters(A), knowing());
    const person = reply.record('GetPersonResult');
    expect([person?.text('NIN'), person?.text('GivenName'), outcome]).to.deep.equal([A, 'OLA', 'found']);
    expect(person?.records('Addresses')?.map((address) => address?.text('St'))).to.deep.equal(['0301']);
    expect(subjects).to.deep.equal([A]);
  });

  it('asks for today and for the record of the number itself', async () => {
    const { registry, asked } = knowing();
    await serve('GetPerson', lookupParameters(A), { registry });
    expect(asked).to.deep.equal([{ id: A, on: undefined, record: 'asked' }]);
  });

  it('asks for the day that the date means in Norway', async () => {
    for (const [date, day] of [
      ['2020-06-01T00:00:00', '2020-06-01'],
      ['2020-05-31T22:30:00Z', '2020-06-01'],
    ] as const) {
      const { registry, asked } = knowing();
      await serve('GetPerson', lookupParameters(A, date), { registry });
      expect(asked.map(({ on }) => on)).to.deep.equal([day]);
    }
  });

  it('asks for the record in use where that is wanted, and puts both numbers on record', async () => {
    const { registry, asked } = knowing();
    const settings = { supersededLookup: 'current-record' } as const;
    const { subjects } = await serve('GetPerson', lookupParameters(B), { registry, settings });
    expect(asked.map(({ record }) => record)).to.deep.equal(['current']);
    expect(subjects).to.deep.equal([B, A]);
  });

  it('leaves white space around the number out, and does not judge check digits', async () => {
    const { registry, asked } = knowing();
    await serve('GetPerson', lookupParameters(`\n ${A}\t`), { registry });
    await serve('GetPerson', lookupParameters('00000000001'), { registry });
    expect(asked.map(({ id }) => id)).to.deep.equal([A, '00000000001']);
  });

  it('is nil when nobody has the number', async () => {
    const { text, outcome, subjects } = await serve('GetPerson', lookupParameters(A), { registry: nobody });
    expect(text).to.contain('<GetPersonResult i:nil="true"');
    expect([outcome, subjects]).to.deep.equal(['not-found', [A]]);
  });

  for (const [what, content] of [
    ['has ten digits', lookupParameters('0123456789')],
    ['has thirteen digits', lookupParameters('0123456789012')],
    ['has a letter', lookupParameters('1234567890O')],
    ['is empty', lookupParameters('')],
    ['is missing', '<parameters/>'],
    ['is missing with its parameters', ''],
  ] as const) {
    it(`is nil without asking anybody when the number ${what}`, async () => {
      const { reply, outcome, subjects } = await serve('GetPerson', content);
      expect(reply.record('GetPersonResult')).to.equal(null);
      expect([outcome, subjects]).to.deep.equal(['invalid-query', []]);
    });

    it(`is a fault where that is wanted when the number ${what}`, async () => {
      const settings = { malformedNumber: 'fault' } as const;
      const refusal = await rejectionOf(serve('GetPerson', content, { settings }));
      expect(refusal).to.be.instanceOf(InvalidQuery);
      expect(refusal).to.have.property('parameter', 'NIN');
    });
  }

  it('passes trouble on', async () => {
    const down = new UpstreamUnavailable('down');
    const registry: Partial<PersonRegistry> = { lookup: () => Promise.reject(down) };
    expect(await rejectionOf(serve('GetPerson', lookupParameters(A), { registry }))).to.equal(down);
  });

  it('writes blank texts as the setting says', async () => {
    const options = { ...knowing(), settings: { blankStringAs: 'empty' } as const };
    const { text } = await serve('GetPerson', lookupParameters(A), options);
    expect(text).to.contain('<MiddleName/>').and.to.contain('<DateOfBirth i:nil="true"/>');
  });
});
