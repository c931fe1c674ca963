import type { Configuration } from './schema.js';

/** The settings that tell. */
interface PurposeSettings extends Pick<Configuration, 'clients'> {
  readonly audit: Pick<Configuration['audit'], 'purpose' | 'operatorPurpose'>;
}

/** What each client asks for, by its id, as `clients[].purpose` and `audit` say; undefined where they say nothing. */
export function purposesIn({
  clients,
  audit,
}: PurposeSettings): (clientId: string | null) => string | undefined {
  const known = new Map(clients.map(({ id, purpose }) => [id, purpose ?? audit.purpose]));
  return (clientId) => {
    if (clientId === null) return undefined;
    return clientId === 'command-line' && !known.has(clientId) ? audit.operatorPurpose : known.get(clientId);
  };
}
