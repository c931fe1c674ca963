import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { clientFrom } from '../../access/accounts.js';
import type { Authenticator } from '../../access/authenticator.js';
import type { RateLimits } from '../../access/rate-limits.js';
import type { AdapterConfiguration } from '../../config/adapter-configuration.js';
import { packageRoot } from '../../config/package-root.js';
import { ConfigurationError } from '../../config/problems.js';
import type { ClientSettings, Configuration } from '../../config/schema.js';
import type { Politeness } from '../../legacy/filematch/jobs/politeness.js';
import {
  createFilematch,
  type Filematch,
  type FilematchClientParts,
} from '../../legacy/filematch/service.js';
import { loadFilematchTexts } from '../../legacy/filematch/writing/filematch-texts.js';
import type { Mappings } from '../../mapping/person-mapper.js';
import type { AuditTrail } from '../../operations/audit-trail.js';
import type { EventSink } from '../../operations/events.js';
import type { PersonRegistry } from '../../registry/person-registry.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import type { Store } from '../../store/store.js';
import type { LiveParts } from '../live-parts.js';
import type { LiveSettings } from '../live-settings.js';
import { configuredLayouts, requireKnownLayouts } from './configured-layouts.js';
import { sharedFolders } from './drop-folder-problems.js';

/** What Filematch is opened on. */
export interface FilematchSources {
  readonly configuration: AdapterConfiguration;
  readonly live: LiveParts;
  readonly mappings: Mappings;
  /** Behind the access profiles. */
  readonly registry: PersonRegistry;
  readonly authenticator: Authenticator;
  readonly rates: RateLimits;
  readonly audit: AuditTrail;
  readonly store: Store;
  readonly politeness: Politeness;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Reads the layouts and texts, and puts Filematch together on the store.
 * @throws InvalidLayout, ConfigurationError, InvalidFilematchTexts
 */
export async function openFilematch({
  configuration,
  live,
  mappings,
  store,
  ...sources
}: FilematchSources): Promise<Filematch> {
  const { filematch: settings, listeners } = configuration;
  const shared = await sharedFolders(configuration);
  if (shared.length > 0) throw new ConfigurationError('the settings', shared);
  const layouts = await configuredLayouts(configuration);
  let clients = filematchClients(configuration);
  live.add((next) => {
    requireKnownLayouts(next, [...layouts.keys()]);
    const fresh = filematchClients(next);
    const before = live.settings;
    return () => {
      clients = new Map(
        [...fresh].map(([id, one]) => [id, isSame(id, before, next) ? (clients.get(id) ?? one) : one]),
      );
    };
  });
  return createFilematch({
    ...sources,
    settings,
    requestDeadlineSeconds: listeners.legacy.requestDeadlineSeconds,
    clients: () => clients,
    folders: configuration.clients.map(({ id, filematch }) => ({ clientId: id, settings: filematch })),
    layouts,
    texts: await loadFilematchTexts(join(packageRoot(), 'mappings')),
    tables: mappings,
    rows: store.filematchJobs,
    spool: store.spool,
    installation: store.installation,
  });
}

/** Whether a client is what it was before: then it stays the same object, so that no job of its begins anew for nothing. */
function isSame(id: string, before: LiveSettings, next: LiveSettings): boolean {
  const [known, found] = [before, next].map(({ clients, profiles }) => {
    const client = clients.find((one) => one.id === id);
    return client && [client, profiles[client.profile]];
  });
  return isDeepStrictEqual(known, found);
}

/** The clients that may bring files, by id. */
export function filematchClients({
  clients,
  profiles,
}: Pick<Configuration, 'clients' | 'profiles'>): ReadonlyMap<string, FilematchClientParts> {
  return new Map(
    clients
      .filter(speaksFilematch)
      .map((client) => [client.id, { client: clientFrom(client, profiles), settings: client.filematch }]),
  );
}

/** Whether the client is switched on and may bring files. */
export function speaksFilematch({ enabled, protocols }: ClientSettings): boolean {
  return enabled && protocols.includes('filematch');
}
