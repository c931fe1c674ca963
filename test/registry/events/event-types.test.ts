import { expect } from 'chai';
import { informationPartsFor } from '../../../src/mapping/information-parts.js';
import { fieldGroups } from '../../../src/person/field-groups.js';
import { Concern, concernOf, isKnownType } from '../../../src/registry/changes/event-types.js';
import { EVENT_TYPES } from '../../../src/sandbox/events/event-types.js';
import { mappings } from '../../support/person-documents.js';

describe('event types', () => {
  it('of the contract are all known', () => {
    expect(EVENT_TYPES.filter((type) => !isKnownType(type))).to.deep.equal([]);
    expect(isKnownType('PersonIsBeamedUp')).to.equal(false);
  });

  it('that concern nothing of PREG’s tell of parts that nobody is ever asked for', () => {
    const asked = informationPartsFor(mappings.fields, new Set(fieldGroups), 'rich');
    const beyond = EVENT_TYPES.filter((type) => concernOf(type) === Concern.Nothing);
    expect(beyond).to.have.length(7);
    for (const type of beyond) {
      const part = type.replace('ChangeIn', '');
      expect(asked, type).to.not.include(part);
    }
  });

  it('that nobody knows may have changed the record', () => {
    expect(concernOf('PersonIsBeamedUp')).to.equal(Concern.Record);
  });
});
