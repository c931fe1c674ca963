import { Command } from 'commander';
import { accountsFrom } from '../access/accounts.js';
import { loadConfiguration } from '../config/load.js';
import { ConfigurationError } from '../config/problems.js';
import type { Configuration } from '../config/schema.js';
import { createClientSecrets } from '../store/client-secrets.js';
import { Sealer } from '../store/sealer.js';
import { configurationOption } from './configuration-option.js';
import { routeOperationProblems, routesAfterTheEnd } from './cutover/route-problems.js';
import { filematchProblems } from './filematch/configured-layouts.js';
import type { Surroundings } from './surroundings.js';

/** `preg-adapter check-config`: reads everything that `start` would read, and starts nothing. */
export function checkConfigCommand({ output, environment, clock, random }: Surroundings): Command {
  return new Command('check-config')
    .summary('check the configuration without starting anything')
    .description(
      'Reads the configuration, the environment and the files that they name, and lists every problem.\n' +
        'Exit code 0 when there is none.',
    )
    .addOption(configurationOption())
    .action(async ({ config }: { config: string }) => {
      const configuration = loadConfiguration({ file: config, environment, clock });
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
      ];
      if (problems.length > 0) throw new ConfigurationError(config, problems);
      output.stdout.write(`${config} is valid: ${summary(configuration)}.\n`);
      for (const note of routesAfterTheEnd(configuration)) output.stdout.write(`Note: ${note}.\n`);
    });
}

function summary({ listeners, clients, sandbox, persontjenesten }: Configuration): string {
  const { legacy, mllp } = listeners;
  const enabled = clients.filter((client) => client.enabled).length;
  return [
    `${enabled} of ${clients.length} ${clients.length === 1 ? 'client' : 'clients'} enabled`,
    `${legacy.plaintext ? 'PLAINTEXT' : 'HTTPS'} on ${legacy.host}:${legacy.port}`,
    ...(mllp === undefined
      ? []
      : [`MLLP ${mllp.tls === undefined ? 'in PLAINTEXT' : 'with TLS'} on ${mllp.host}:${mllp.port}`]),
    sandbox === undefined
      ? `answers from ${persontjenesten?.baseUrl ?? 'nowhere'}`
      : 'answers from the sandbox',
    `by version ${persontjenesten?.version ?? sandbox?.version ?? 3} of Persontjenesten`,
  ].join(', ');
}
