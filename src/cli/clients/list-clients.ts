import { Command } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import type { Configuration } from '../../config/schema.js';
import { aligned } from '../aligned.js';
import { configurationOption } from '../configuration-option.js';
import type { Surroundings } from '../surroundings.js';
import { clientJson, factsOf, organisationText } from './client-summary.js';

/** `preg-adapter clients list`: who may ask, by what and for whom. */
export function listClientsCommand(surroundings: Surroundings): Command {
  return new Command('list')
    .summary('list the clients of the configuration')
    .addOption(configurationOption())
    .option('--json', 'as JSON')
    .action(({ config, json = false }: { config: string; json?: boolean }) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      surroundings.output.stdout.write(json ? asJson(configuration) : asTable(configuration));
    });
}

function asJson({ clients, profiles }: Configuration): string {
  return `${JSON.stringify({ clients: clients.map((client) => clientJson(client, profiles)) }, null, 2)}\n`;
}

function asTable({ clients, profiles }: Configuration): string {
  return aligned([
    ['CLIENT', 'STATE', 'PROTOCOLS', 'ORGANISATION', 'ACCESS', 'PROFILE', 'PASSWORD', 'NAME'],
    ...clients.map((client) => {
      const { effectiveAccess, password } = factsOf(client, profiles);
      return [
        client.id,
        client.enabled ? 'enabled' : 'disabled',
        client.protocols.join(','),
        organisationText(client),
        effectiveAccess,
        client.profile,
        password,
        client.name ?? '',
      ];
    }),
  ]);
}
