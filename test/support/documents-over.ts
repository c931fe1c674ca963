import { CoalescedDocuments } from '../../src/registry/persontjenesten/by-number/coalesced-documents.js';
import { UpstreamDocuments } from '../../src/registry/persontjenesten/by-number/upstream-documents.js';
import { apiVersions } from '../../src/registry/persontjenesten/api-version.js';
import { PersontjenestenClient } from '../../src/registry/persontjenesten/client.js';
import type { PersontjenestenRegistryParts } from '../../src/registry/persontjenesten/translation.js';
import type { Transport } from '../../src/registry/persontjenesten/transport.js';
import { CountedRandom } from './counted-random.js';
import { RecordedEvents } from './recorded-events.js';
import { StandingClock } from './standing-clock.js';

/** The registry's parts that ask upstream, each question on its own. */
export function documentsOver(
  transport: Transport,
  version = apiVersions[3],
): Pick<PersontjenestenRegistryParts, 'client' | 'documents' | 'upstream'> {
  const client = new PersontjenestenClient(transport, version);
  const upstream = new UpstreamDocuments(client);
  return { client, documents: upstream, upstream };
}

/** The same, where questions that arrive together go together. */
export function coalescedOver(
  transport: Transport,
  version = apiVersions[3],
): ReturnType<typeof documentsOver> {
  const { client, upstream } = documentsOver(transport, version);
  const documents = new CoalescedDocuments({
    upstream,
    maxWaitMilliseconds: 50,
    random: new CountedRandom(),
    events: new RecordedEvents(),
    clock: new StandingClock('2025-03-01T12:00:00Z'),
  });
  return { client, documents, upstream };
}
