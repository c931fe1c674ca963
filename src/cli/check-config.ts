import { Command } from 'commander';
import type { Configuration } from '../config/schema.js';
import { checkedConfiguration } from './checked-configuration.js';
import { configurationOption } from './configuration-option.js';
import { routesAfterTheEnd } from './cutover/route-problems.js';
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
      const configuration = await checkedConfiguration({ file: config, environment, clock }, random);
      output.stdout.write(`${config} is valid: ${summary(configuration)}.\n`);
      for (const note of routesAfterTheEnd(configuration)) output.stdout.write(`Note: ${note}.\n`);
    });
}

function summary({ listeners, clients, sandbox, persontjenesten }: Configuration): string {
  const { legacy, oldTls, mllp } = listeners;
  const enabled = clients.filter((client) => client.enabled).length;
  return [
    `${enabled} of ${clients.length} ${clients.length === 1 ? 'client' : 'clients'} enabled`,
    `${legacy.plaintext ? 'PLAINTEXT' : 'HTTPS'} on ${legacy.host}:${legacy.port}`,
    ...(oldTls === undefined ? [] : [`HTTPS for TLS before 1.2 on ${oldTls.host}:${oldTls.port}`]),
    ...(mllp === undefined
      ? []
      : [`MLLP ${mllp.tls === undefined ? 'in PLAINTEXT' : 'with TLS'} on ${mllp.host}:${mllp.port}`]),
    sandbox === undefined
      ? `answers from ${persontjenesten?.baseUrl ?? 'nowhere'}`
      : 'answers from the sandbox',
    `by version ${persontjenesten?.version ?? sandbox?.version ?? 3} of Persontjenesten`,
  ].join(', ');
}
