import { join } from 'node:path';
import { Command } from 'commander';
import { loadConfiguration } from '../../config/load.js';
import { loadMappings } from '../../config/mapping-files.js';
import { packageRoot } from '../../config/package-root.js';
import type { Configuration } from '../../config/schema.js';
import { informationPartsFor } from '../../mapping/information-parts.js';
import type { Mappings } from '../../mapping/person-mapper.js';
import { fieldGroups } from '../../person/field-groups.js';
import { aligned } from '../aligned.js';
import { configurationOption } from '../configuration-option.js';
import type { Surroundings } from '../surroundings.js';

/** `preg-adapter profiles list`: which profiles there are, and who has them. */
export function listProfilesCommand(surroundings: Surroundings): Command {
  return new Command('list')
    .summary('list the access profiles, and who has them')
    .addOption(configurationOption())
    .option('--json', 'as JSON')
    .action(async ({ config, json = false }: { config: string; json?: boolean }) => {
      const configuration = loadConfiguration({ ...surroundings, file: config });
      const mappings = await loadMappings(join(packageRoot(), 'mappings'));
      const profiles = summariesOf(configuration, mappings);
      surroundings.output.stdout.write(
        json ? `${JSON.stringify({ profiles }, null, 2)}\n` : tableOf(profiles),
      );
    });
}

interface ProfileSummary {
  readonly profile: string;
  readonly access: 'full' | 'restricted' | null;
  readonly groups: readonly string[];
  readonly clients: readonly string[];
  readonly informationParts: readonly string[];
}

function summariesOf(
  { clients, profiles, mapping }: Configuration,
  { fields }: Pick<Mappings, 'fields'>,
): readonly ProfileSummary[] {
  return Object.entries(profiles).map(([profile, { access, groups }]) => ({
    profile,
    access: access ?? null,
    groups: fieldGroups.filter((group) => groups.includes(group)),
    clients: clients.filter((client) => client.profile === profile).map(({ id }) => id),
    informationParts: informationPartsFor(fields, new Set(groups), mapping.fill),
  }));
}

function tableOf(profiles: readonly ProfileSummary[]): string {
  return aligned([
    ['PROFILE', 'ACCESS', 'PARTS ASKED', 'CLIENTS', 'GROUPS'],
    ...profiles.map(({ profile, access, groups, clients, informationParts }) => [
      profile,
      access ?? 'the client’s',
      String(informationParts.length),
      clients.length === 0 ? 'none' : clients.join(','),
      groups.length === fieldGroups.length ? 'all' : groups.join(',') || 'none',
    ]),
  ]);
}
