import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { loadOrCreateKeys } from '../../src/store/key-files.js';
import { openStore, type Store } from '../../src/store/store.js';

/** Opens what a sandbox left in its data folder, with the keys that lie beside it, and closes it again. */
export function withStore<Result>(directory: string, use: (store: Store) => Result): Result {
  const store = openStore({
    directory,
    ...loadOrCreateKeys(directory, systemRandom),
    clock: systemClock,
    random: systemRandom,
  });
  try {
    return use(store);
  } finally {
    store.close();
  }
}
