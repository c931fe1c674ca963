import { expect } from 'chai';
import type { ContextLedger } from '../../src/access/context-ledger.js';
import type { Store } from '../../src/store/store.js';
import { memoryStore } from '../support/memory-store.js';
import { sessionBench } from '../support/session-bench.js';
import { StandingClock } from '../support/standing-clock.js';

const HOUR = 60 * 60_000;
const NOON = Date.parse('2025-01-15T12:00:00Z');
const storeAtNoon = (): Store => memoryStore({ clock: new StandingClock('2025-01-15T12:00:00Z') });

describe('a session from a time when the clock was ahead', () => {
  const openedAhead = async (milliseconds: number): Promise<string> => {
    const { contexts: ledger, contextSeal: seal } = storeAtNoon();
    const session = await sessionBench({ now: new Date(NOON + milliseconds), ledger, seal }).open();
    return (await sessionBench({ now: new Date(NOON), ledger, seal }).call(session)).code;
  };

  it('is good by as much as its end is remembered longer than it has to be', async () => {
    expect(await openedAhead(HOUR)).to.equal('answered');
  });

  it('is not known beyond that, or it would outlive the memory of its own cancellation', async () => {
    expect(await openedAhead(HOUR + 1)).to.equal('c:BadContextToken');
    expect(await openedAhead(400 * 24 * HOUR)).to.equal('c:BadContextToken');
  });

  it('stays cancelled for as long as it could be known', async () => {
    const store = storeAtNoon();
    const sessions = { ledger: store.contexts, seal: store.contextSeal, keyLifetimeMilliseconds: 24 * HOUR };
    const session = await sessionBench({ now: new Date(NOON + HOUR), ...sessions }).open();
    const corrected = sessionBench({ now: new Date(NOON), ...sessions });
    expect((await corrected.cancel(session)).code).to.equal('answered');
    for (let hours = 1; hours <= 50; hours += 1) {
      await corrected.bench.clock.advance(HOUR);
      store.contexts.forgetBefore(corrected.now);
      expect((await corrected.call(session)).code, `after ${hours} h`).to.equal('c:BadContextToken');
    }
  });
});

describe('a session that is cancelled while it is renewed', () => {
  it('is over under the new key, too', async () => {
    const { contexts, contextSeal: seal } = storeAtNoon();
    const ledger: ContextLedger = {
      cancel: (...end) => {
        contexts.cancel(...end);
      },
      stateOf: (...key) => contexts.stateOf(...key),
      supersede: (identifier, ...end) => {
        // The cancellation arrives after the renewal was let in, and before it is done.
        contexts.cancel(identifier, new Date(NOON + 49 * HOUR));
        contexts.supersede(identifier, ...end);
      },
    };
    const node = sessionBench({ now: new Date(NOON), ledger, seal });
    const session = await node.open();
    const renewed = await node.renewed(session);
    for (const key of [session, renewed]) {
      expect((await node.call(key)).code).to.equal('c:BadContextToken');
      expect((await node.renew(key)).code).to.equal('c:BadContextToken');
    }
  });
});
