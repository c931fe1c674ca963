import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Configuration } from '../../config/schema.js';

/** What decides how answers are compared, whoever asks. */
export interface ComparisonBasis {
  readonly configuration: Pick<Configuration, 'mapping'> & {
    readonly persontjenesten?: { readonly version: unknown } | undefined;
    readonly sandbox?: { readonly version: unknown } | undefined;
  };
  /** The folder of mappings/: the rules of the comparison, and what answers are mapped by. */
  readonly folder: string;
  /** Of the adapter. */
  readonly version: string;
}

/** Who asks, and what they may see. */
export interface ComparisonClients extends Pick<Configuration, 'profiles'> {
  readonly clients: readonly Pick<Configuration['clients'][number], 'id' | 'access' | 'profile'>[];
}

/** What decides how answers are compared. */
export interface ComparisonGrounds extends ComparisonBasis {
  readonly configuration: ComparisonBasis['configuration'] & ComparisonClients;
}

/**
 * By what the answers to each client are compared, as a digest that changes with anything that may change what is found: the
 * adapter, the mappings and rules, the settings of the mapping, the version of Persontjenesten, and what the client may see.
 */
export function comparisonDigest(grounds: ComparisonGrounds): (clientId: string) => string {
  return comparisonDigests(grounds)(grounds.configuration);
}

/** The same for clients that change: by files as they are now, whatever becomes of them. */
export function comparisonDigests({
  configuration,
  folder,
  version,
}: ComparisonBasis): (clients: ComparisonClients) => (clientId: string) => string {
  const { mapping } = configuration;
  // Where there is a sandbox, the running adapter has its version as that of Persontjenesten.
  const upstream = configuration.persontjenesten?.version ?? configuration.sandbox?.version;
  const common = createHash('sha256').update(JSON.stringify([version, mapping, String(upstream)]));
  for (const file of filesIn(folder)) {
    common
      .update(JSON.stringify(relative(folder, file)))
      .update(createHash('sha256').update(readFileSync(file)).digest());
  }
  return ({ clients, profiles }) => {
    const known = new Map(
      clients.map(({ id, access, profile }) => {
        const seen = JSON.stringify([access, profile, profiles[profile]]);
        return [id, common.copy().update(seen).digest('hex').slice(0, 16)] as const;
      }),
    );
    return (clientId) => known.get(clientId) ?? '';
  };
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
