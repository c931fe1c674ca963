import { openMemoryStore, type Store, type StoreOptions } from '../../src/store/store.js';
import { CountedRandom } from './counted-random.js';
import { StandingClock } from './standing-clock.js';

/** A store that is gone when it is closed, under keys that protect nothing. */
export function memoryStore(options: Partial<StoreOptions> = {}): Store {
  return openMemoryStore({
    sealingKeys: [{ id: 'test', key: new Uint8Array(32).fill(1) }],
    pseudonymKey: new Uint8Array(32).fill(2),
    clock: new StandingClock('2025-03-01T12:00:00Z'),
    random: new CountedRandom(),
    ...options,
  });
}
