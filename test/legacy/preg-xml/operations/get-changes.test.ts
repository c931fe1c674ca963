import { expect } from 'chai';
import { ChangesNotFollowed, InvalidQuery, MalformedRequest } from '../../../../src/errors/errors.js';
import type { ChangeInterval } from '../../../../src/registry/change-feed.js';
import { membersOf, serve, told, type ServiceOptions } from '../../../support/person-service.js';
import { dayIn, pregPerson } from '../../../support/preg-person.js';
import { rejectionOf } from '../../../support/rejection.js';
import { syntheticNumber } from '../../../support/synthetic-number.js';

const A = syntheticNumber();
const B = syntheticNumber(1);
const C = syntheticNumber(2);
const FROM = '<from>2025-01-10T00:00:00</from>';

const asked: ChangeInterval[] = [];
const feed: ServiceOptions = {
  changes: {
    changes: (interval) => {
      asked.push(interval);
      return Promise.resolve([told(pregPerson({ nin: B, regStatus: 5 })), told(pregPerson({ nin: A }))]);
    },
    identityChanges: (interval) => {
      asked.push(interval);
      return Promise.resolve([
        { nin: A, oldNIN: B, dateStatus: dayIn('2025-01-11') },
        { nin: C, oldNIN: null, dateStatus: null },
      ]);
    },
  },
};
const quiet: ServiceOptions = {
  changes: { changes: () => Promise.resolve([]), identityChanges: () => Promise.resolve([]) },
};

describe('GetChanges', () => {
  it('tells everybody who changed, and puts them on record', async () => {
    const { reply, outcome, subjects } = await serve('GetChanges', FROM, feed);
    expect(membersOf(reply.records('GetChangesResult'), 'NIN')).to.deep.equal([B, A]);
    expect([outcome, subjects]).to.deep.equal(['found', [B, A]]);
  });

  it('is never cut, whatever the client reads', async () => {
    const people = Array.from({ length: 200 }, (_, index) =>
      told(pregPerson({ nin: syntheticNumber(index) })),
    );
    const options = { changes: { changes: () => Promise.resolve(people) }, quirks: { maxReplyBytes: 8192 } };
    const { reply } = await serve('GetChanges', FROM, options);
    expect(reply.records('GetChangesResult')).to.have.length(200);
  });
});

describe('GetIdentityChanges', () => {
  it('tells each number that gave way, and puts both on record', async () => {
    const { reply, outcome, subjects } = await serve('GetIdentityChanges', FROM, feed);
    const changes = reply.records('GetIdentityChangesResult');
    expect([membersOf(changes, 'NIN'), membersOf(changes, 'OldNIN')]).to.deep.equal([
      [A, C],
      [B, null],
    ]);
    expect(changes?.map((change) => change?.time('DateStatus')?.day)).to.deep.equal([
      '2025-01-11',
      undefined,
    ]);
    expect([outcome, subjects]).to.deep.equal(['found', [A, B, C]]);
  });
});

for (const operation of ['GetChanges', 'GetIdentityChanges'] as const) {
  describe(`the interval of ${operation}`, () => {
    beforeEach(() => {
      asked.length = 0;
    });

    it('is in Norwegian time where it has no zone, and ends now when it has no end', async () => {
      await serve(operation, FROM, feed);
      await serve(
        operation,
        `${FROM}<to i:nil="true" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"/>`,
        feed,
      );
      const open = { from: new Date('2025-01-09T23:00:00Z'), to: undefined };
      expect(asked).to.deep.equal([open, open]);
    });

    it('is to the second, and of any zone', async () => {
      await serve(operation, '<from>2025-06-10T12:30:15+02:00</from><to>2025-06-10T10:31:00Z</to>', feed);
      expect(asked).to.deep.equal([
        { from: new Date('2025-06-10T10:30:15Z'), to: new Date('2025-06-10T10:31:00Z') },
      ]);
    });

    it('needs a beginning', async () => {
      const refusal = await rejectionOf(serve(operation, '<to>2025-06-10T12:30:15</to>', feed));
      expect(refusal).to.be.instanceOf(InvalidQuery).and.to.have.property('parameter', 'from');
      expect(asked).to.deep.equal([]);
    });

    it('has to be of times', async () => {
      const refusal = await rejectionOf(serve(operation, '<from>yesterday</from>', feed));
      expect(refusal).to.be.instanceOf(MalformedRequest);
    });

    it('may hold nothing', async () => {
      const { reply, outcome, subjects } = await serve(operation, FROM, quiet);
      expect([reply.records(`${operation}Result`), outcome, subjects]).to.deep.equal([[], 'not-found', []]);
    });

    it('is refused where nobody follows the feed', async () => {
      const unfollowed = new ChangesNotFollowed('not followed');
      const reject = (): Promise<never> => Promise.reject(unfollowed);
      const changes = { changes: reject, identityChanges: reject };
      expect(await rejectionOf(serve(operation, FROM, { changes }))).to.equal(unfollowed);
    });
  });
}
