import { UpstreamDocuments } from '../../src/registry/persontjenesten/by-number/upstream-documents.js';
import { PersontjenestenClient } from '../../src/registry/persontjenesten/client.js';
import type { PersontjenestenRegistryParts } from '../../src/registry/persontjenesten/translation.js';
import type { Transport } from '../../src/registry/persontjenesten/transport.js';

/** The registry's parts that ask upstream, each question on its own. */
export function documentsOver(
  transport: Transport,
): Pick<PersontjenestenRegistryParts, 'client' | 'documents' | 'upstream'> {
  const client = new PersontjenestenClient(transport);
  const upstream = new UpstreamDocuments(client);
  return { client, documents: upstream, upstream };
}
