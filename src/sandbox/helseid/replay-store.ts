import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import type { Clock } from '../../runtime/clock.js';

interface Stored {
  readonly payload: AdapterPayload;
  readonly expiry: number;
}

/**
 * Where the provider keeps what has to outlive a request: in this flow only the ids of used assertions and proofs.
 * Unlike the provider's own store it forgets nothing before its time (sandbox-notes (a)).
 */
export function replayStores(clock: Clock): AdapterFactory {
  const stores = new Map<string, Adapter>();
  return (model) => {
    let store = stores.get(model);
    if (store === undefined) {
      store = expiringStore(clock);
      stores.set(model, store);
    }
    return store;
  };
}

function expiringStore(clock: Clock): Adapter {
  const entries = new Map<string, Stored>();
  let pruneAt = 1000;
  const now = (): number => clock.now().getTime();

  const prune = (): void => {
    for (const [id, { expiry }] of entries) {
      if (expiry <= now()) entries.delete(id);
    }
    pruneAt = Math.max(1000, entries.size * 2);
  };

  return {
    upsert: (id, payload, expiresIn) => {
      entries.set(id, { payload, expiry: now() + (expiresIn ?? Infinity) * 1000 });
      if (entries.size >= pruneAt) prune();
      return Promise.resolve();
    },
    find: (id) => {
      const entry = entries.get(id);
      return Promise.resolve(entry !== undefined && entry.expiry > now() ? entry.payload : undefined);
    },
    destroy: (id) => {
      entries.delete(id);
      return Promise.resolve();
    },
    // Of sessions and codes, which this flow does not have.
    findByUserCode: () => Promise.resolve(undefined),
    findByUid: () => Promise.resolve(undefined),
    consume: () => Promise.resolve(),
    revokeByGrantId: () => Promise.resolve(),
  };
}
