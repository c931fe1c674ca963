import { expect } from 'chai';
import { openMemoryDatabase } from '../../src/store/database.js';
import { forwardedMessageQueries } from '../../src/store/forwarded-message-queries.js';
import { StoredForwardedMessages } from '../../src/store/forwarded-message-repository.js';
import { Pseudonymiser } from '../../src/store/pseudonymiser.js';
import { ManualClock } from '../support/manual-clock.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { openTestStore } from './store-fixture.js';

const HOUR = 3_600_000;
const message = { clientId: 'epj', messageId: '1.2.3^m1' };

describe('the repository of messages to the old register', () => {
  const folder = temporaryFolders();

  it('knows a message again in another process, and none of another client or id', () => {
    const directory = folder();
    const [one, other] = [openTestStore(directory), openTestStore(directory)];
    expect(other.forwardedMessages.isKnown(message)).to.equal(false);
    one.forwardedMessages.remember(message);
    one.forwardedMessages.remember(message);
    expect(other.forwardedMessages.isKnown(message)).to.equal(true);
    expect(other.forwardedMessages.isKnown({ ...message, clientId: 'lab' })).to.equal(false);
    expect(other.forwardedMessages.isKnown({ ...message, messageId: '1.2.3^m2' })).to.equal(false);
    one.close();
    other.close();
  });

  it('keeps nothing of the ids, and forgets what is old', () => {
    const clock = new ManualClock();
    const database = openMemoryDatabase();
    const messages = new StoredForwardedMessages({
      database,
      pseudonymiser: new Pseudonymiser(new Uint8Array(32)),
      clock,
      assertInPlace: () => undefined,
    });
    messages.remember(message);
    const before = clock.now();
    clock.advance(HOUR);
    messages.remember({ ...message, messageId: '1.2.3^m2' });
    const rows = database.prepare('SELECT hex(digest) FROM forwarded_message').pluck().all();
    expect(rows).to.have.length(2);
    for (const row of rows) expect(row).to.match(/^[0-9A-F]{64}$/);
    expect(messages.forgetBefore(before)).to.equal(0);
    expect(messages.forgetBefore(new Date(before.getTime() + 1))).to.equal(1);
    expect(messages.isKnown(message)).to.equal(false);
    expect(messages.isKnown({ ...message, messageId: '1.2.3^m2' })).to.equal(true);
    const plan = JSON.stringify(
      database.prepare(`EXPLAIN QUERY PLAN ${forwardedMessageQueries.forget}`).all(0, 1),
    );
    expect(plan).to.contain('forwarded_message_by_age');
  });
});
