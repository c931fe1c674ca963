import { UpstreamDocuments } from '../../src/registry/persontjenesten/by-number/upstream-documents.js';
import { apiVersions } from '../../src/registry/persontjenesten/api-version.js';
import { PersontjenestenClient } from '../../src/registry/persontjenesten/client.js';
import type { PersontjenestenRegistryParts } from '../../src/registry/persontjenesten/translation.js';
import type { Transport } from '../../src/registry/persontjenesten/transport.js';

/** The registry's parts that ask upstream, each question on its own. */
export function documentsOver(
  transport: Transport,
  version = apiVersions[3],
): Pick<PersontjenestenRegistryParts, 'client' | 'documents' | 'upstream'> {
  const client = new PersontjenestenClient(transport, version);
  const upstream = new UpstreamDocuments(client);
  return { client, documents: upstream, upstream };
}
