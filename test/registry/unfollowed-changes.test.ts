import { expect } from 'chai';
import { ChangesNotFollowed } from '../../src/errors/errors.js';
import { unfollowedChanges } from '../../src/registry/unfollowed-changes.js';
import { caller } from '../support/person-service.js';
import { rejectionOf } from '../support/rejection.js';

describe('changes that nobody follows', () => {
  for (const question of ['changes', 'identityChanges'] as const) {
    it(`are refused, never an empty list: ${question}`, async () => {
      const interval = { from: new Date(0), to: undefined };
      expect(await rejectionOf(unfollowedChanges[question](interval, caller))).to.be.instanceOf(
        ChangesNotFollowed,
      );
    });
  }
});
