import { purposesIn } from '../config/audit-purposes.js';
import type { Configuration } from '../config/schema.js';
import { loadOrCreateKeys, type StoreKeys } from '../store/key-files.js';
import { openStore, type Store } from '../store/store.js';
import { CommandFailed } from './report.js';
import type { Surroundings } from './surroundings.js';

/**
 * Uses the store, whether or not a server runs beside, and closes it again.
 * @throws CommandFailed for a configuration without keys, StoreUnavailable, UnusableKey
 */
export async function withStore<Result>(
  configuration: Configuration,
  { clock, random }: Pick<Surroundings, 'clock' | 'random'>,
  use: (store: Store) => Promise<Result> | Result,
): Promise<Result> {
  const { directory } = configuration.data;
  const store = openStore({
    directory,
    ...keysOf(configuration, random),
    purposeOf: purposesIn(configuration),
    clock,
    random,
  });
  try {
    return await use(store);
  } finally {
    store.close();
  }
}

/** The keys of the store; a sandbox's are made where there are none. @throws CommandFailed for a configuration without keys */
export function keysOf({ store, sandbox, data }: Configuration, random: Surroundings['random']): StoreKeys {
  if (store !== undefined) return store;
  if (sandbox !== undefined) return loadOrCreateKeys(data.directory, random);
  throw new CommandFailed('The configuration has no store.sealingKeys to open the store with.');
}
