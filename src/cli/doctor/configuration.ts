import { accountsFrom } from '../../access/accounts.js';
import { ConfigurationError, type ConfigurationProblem } from '../../config/problems.js';
import type { Configuration } from '../../config/schema.js';
import { createClientSecrets } from '../../store/client-secrets.js';
import { Sealer } from '../../store/sealer.js';
import { clientOperationProblems } from '../clients/client-operations.js';
import { routeOperationProblems, routesAfterTheEnd } from '../cutover/route-problems.js';
import { configuredLayouts } from '../filematch/configured-layouts.js';
import { sharedFolders } from '../filematch/drop-folder-problems.js';
import { plaintextListeners } from '../plaintext-listeners.js';
import { sentenceFor } from '../report.js';
import { failed, ok, warning, type Finding } from './finding.js';
import type { Examine } from './patient.js';

const SEE_CONFIGURATION =
  'docs/configuration.md has every setting; preg-adapter check-config tells this alone.';

/** What is wrong where the configuration cannot even be read. */
export function unreadableConfiguration(error: unknown): readonly Finding[] {
  if (error instanceof ConfigurationError) return error.problems.map(asFinding);
  return [failed(sentenceFor(error), SEE_CONFIGURATION)];
}

/** What becomes visible once it is read: secrets that do not open, names that nobody has, and what is allowed but unwise. */
export const examineConfiguration: Examine = async (patient) => {
  const { configuration, adapter, file, random } = patient;
  const problems = [
    ...secretProblems(configuration, random),
    ...(await layoutProblems(configuration)),
    ...[
      ...(await sharedFolders(configuration)),
      ...routeOperationProblems(configuration),
      ...clientOperationProblems(configuration),
    ].map(asFinding),
  ];
  const { clients } = configuration;
  const enabled = clients.filter((client) => client.enabled).length;
  const notes = [
    ...routesAfterTheEnd(configuration).map((note) =>
      warning(note, 'Give that route an end, or take it out: docs/cutover.md.'),
    ),
    ...plaintextListeners(adapter.listeners).map((name) =>
      warning(
        `${name} speaks without TLS to other machines`,
        'Give it a certificate (tls) and leave plaintext out.',
      ),
    ),
    ...clients.flatMap(previousPassword),
    ...(enabled === 0 ? [warning('no client is enabled', 'Enable one: nobody is answered otherwise.')] : []),
  ];
  return problems.length > 0
    ? [...problems, ...notes]
    : [ok(`${file} is valid, with ${enabled} of ${clients.length} clients enabled`), ...notes];
};

function previousPassword(client: Configuration['clients'][number]): Finding[] {
  const { id, previousPasswordHash, previousSealedPassword } = client;
  if (previousPasswordHash === undefined && previousSealedPassword === undefined) return [];
  const setting = previousSealedPassword === undefined ? 'previousPasswordHash' : 'previousSealedPassword';
  return [
    warning(
      `client ${id} may still come in by its previous password`,
      `Once the log says no more that it does, take ${setting} out and reload.`,
    ),
  ];
}

function secretProblems(configuration: Configuration, random: Parameters<Examine>[0]['random']): Finding[] {
  const { store } = configuration;
  if (store === undefined) return [];
  try {
    accountsFrom(
      configuration,
      createClientSecrets(new Sealer(store.sealingKeys, random), store.pseudonymKey),
    );
    return [];
  } catch (error) {
    return [failed(sentenceFor(error), 'Seal the password anew: preg-adapter seal-password.')];
  }
}

async function layoutProblems(configuration: Configuration): Promise<Finding[]> {
  try {
    await configuredLayouts(configuration);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(asFinding);
    return [failed(sentenceFor(error), 'preg-adapter filematch check-layout tells more of a layout.')];
  }
}

function asFinding({ path, found, expected }: ConfigurationProblem): Finding {
  return failed(`${path}: found ${found}, expected ${expected}`, SEE_CONFIGURATION);
}
