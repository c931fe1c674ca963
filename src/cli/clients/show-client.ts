import { Command } from 'commander';
import { clientFrom } from '../../access/accounts.js';
import type { LegacyClient } from '../../access/legacy-client.js';
import { purposesIn } from '../../config/audit-purposes.js';
import { loadConfiguration } from '../../config/load.js';
import type { Configuration } from '../../config/schema.js';
import { aligned } from '../aligned.js';
import { configurationOption } from '../configuration-option.js';
import { requireClient } from '../cutover/scope-options.js';
import type { Surroundings } from '../surroundings.js';
import { clientJson, factsOf, organisationText } from './client-summary.js';

/** `preg-adapter clients show`: what is set for one client. */
export function showClientCommand(surroundings: Surroundings): Command {
  return new Command('show')
    .argument('<id>', 'one of clients[]')
    .summary('show what is set for one client')
    .addOption(configurationOption())
    .option('--json', 'as JSON')
    .action((id: string, { config, json = false }: { config: string; json?: boolean }) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      const client = requireClient(configuration.clients, id);
      surroundings.output.stdout.write(
        json
          ? `${JSON.stringify(clientJson(client, configuration.profiles), null, 2)}\n`
          : textOf(client, configuration),
      );
    });
}

function textOf(client: Configuration['clients'][number], configuration: Configuration): string {
  const { id, enabled, access, profile, quirks } = client;
  const { effectiveAccess, password } = factsOf(client, configuration.profiles);
  const groups = configuration.profiles[profile]?.groups ?? [];
  const narrowed = access === effectiveAccess ? '' : ` (${access} for the client, narrowed by its profile)`;
  const peers = client.hl7v2.peers.map(({ addresses }) => addresses.join(' ')).join(', ');
  const rows: readonly (readonly [name: string, value: string | undefined])[] = [
    ['id', id],
    ['name', client.name],
    ['state', enabled ? 'enabled' : 'disabled'],
    ['user name', client.username],
    ['password', password === 'hash' ? 'kept as a hash' : 'kept sealed, for PasswordDigest'],
    ['protocols', client.protocols.join(', ')],
    ['operations', client.operations?.join(', ') ?? 'everything'],
    ['addresses', client.addresses?.join(', ') ?? 'anywhere'],
    ['rate', rateText(clientFrom(client, configuration.profiles))],
    ['organisation', organisationText(client)],
    ['access', `${effectiveAccess}${narrowed}`],
    ['profile', `${profile}: ${groups.join(', ')}`],
    ['purpose', purposesIn(configuration)(id)],
    [
      'quirks',
      Object.entries(quirks)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    ],
    ['drop folder', client.filematch.folder],
    ['MLLP peers', peers === '' ? undefined : peers],
  ];
  return aligned(rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function rateText({ rate }: LegacyClient): string | undefined {
  return rate === undefined ? undefined : `${rate.perSecond} requests a second, ${rate.burst} at once`;
}
