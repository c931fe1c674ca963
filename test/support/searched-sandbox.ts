import { join } from 'node:path';
import { packageRoot } from '../../src/config/package-root.js';
import type { Upstream } from '../../src/upstream.js';
import type { Caller } from '../../src/registry/person-registry.js';
import { apiVersions } from '../../src/registry/persontjenesten/api-version.js';
import { PersontjenestenRegistry } from '../../src/registry/persontjenesten/registry.js';
import type { SearchAnswer, SearchQuery } from '../../src/registry/search.js';
import { systemClock } from '../../src/runtime/system-clock.js';
import { systemRandom } from '../../src/runtime/system-random.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { caller } from '../registry/registry-bench.js';
import { mappings } from './person-documents.js';
import { RecordedEvents } from './recorded-events.js';
import { serverCertificate } from './server-certificate.js';
import { documentsOver } from './documents-over.js';
import { wayToSandbox } from './way-to-sandbox.js';

/** A sandbox with ten thousand people and the fixture persons, and registries that search it by version 3, the default, and by 2. */
export interface SearchedSandbox {
  readonly sandbox: Sandbox;
  search(query: Partial<SearchQuery>, asking?: Partial<Caller>, version?: 2 | 3): Promise<SearchAnswer>;
  stop(): Promise<void>;
}

/** Starts it. */
export async function startSearchedSandbox(): Promise<SearchedSandbox> {
  const certificate = await serverCertificate();
  const sandbox = await startSandbox({
    clock: systemClock,
    random: systemRandom,
    host: '127.0.0.1',
    persontjenestenPort: 0,
    helseidPort: 0,
    population: 10_000,
    personFolders: [join(packageRoot(), 'fixtures', 'persons')],
    certificate,
  });
  const events = new RecordedEvents();
  const ways: Upstream[] = [];
  const registryBy = async (version: 2 | 3): Promise<PersontjenestenRegistry> => {
    const upstream = await wayToSandbox(sandbox, { version, events });
    ways.push(upstream);
    return new PersontjenestenRegistry({
      ...documentsOver(upstream.transport, apiVersions[version]),
      mappings,
      fill: 'faithful',
      clock: systemClock,
      events,
    });
  };
  const registries = { 2: await registryBy(2), 3: await registryBy(3) };
  return {
    sandbox,
    search: (query, asking = {}, version = 3) =>
      registries[version].search(
        { withHelpNumbers: false, limit: 100, ...query },
        caller({ organisation: sandbox.organisation, ...asking }),
      ),
    stop: async () => {
      for (const way of ways) way.close();
      await sandbox.stop();
    },
  };
}
