import { accountsFrom } from '../access/accounts.js';
import { loadConfiguration, type ConfigurationSources } from '../config/load.js';
import { ConfigurationError } from '../config/problems.js';
import type { Configuration } from '../config/schema.js';
import type { Random } from '../runtime/random.js';
import { createClientSecrets } from '../store/client-secrets.js';
import { Sealer } from '../store/sealer.js';
import { clientOperationProblems } from './clients/client-operations.js';
import { routeOperationProblems } from './cutover/route-problems.js';
import { filematchProblems } from './filematch/configured-layouts.js';

/**
 * The configuration, with everything looked into that `start` would read: files that it names, passwords that are sealed,
 * layouts, operations of routes and clients.
 * @throws ConfigurationError that lists the problems; UnusableSecret
 */
export async function checkedConfiguration(
  sources: ConfigurationSources,
  random: Random,
): Promise<Configuration> {
  const configuration = loadConfiguration(sources);
  // The sandbox's keys are made at its first start, so that only keys that are configured can be tried.
  const { store } = configuration;
  if (store !== undefined) {
    accountsFrom(
      configuration,
      createClientSecrets(new Sealer(store.sealingKeys, random), store.pseudonymKey),
    );
  }
  const problems = [
    ...(await filematchProblems(configuration)),
    ...routeOperationProblems(configuration),
    ...clientOperationProblems(configuration),
  ];
  if (problems.length > 0) throw new ConfigurationError(sources.file, problems);
  return configuration;
}
