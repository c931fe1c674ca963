import type { Authenticator } from '../access/authenticator.js';
import type { LegacyClient, Protocol } from '../access/legacy-client.js';
import { requireAdmitted } from '../access/permission.js';
import { NotAuthenticated } from '../errors/errors.js';
import { readBasicCredentials } from './http-basic.js';
import type { LegacyHttpHead } from './http.js';
import { callerLeft } from './request-deadline.js';

/** What telling a client by HTTP Basic takes, and who is told. */
export interface BasicIdentificationParts {
  readonly authenticator: Authenticator;
  readonly protocol: Protocol;
  /** Told who asks, as soon as that is proven: also where the client may not use the protocol. */
  readonly onClient: (client: LegacyClient) => void;
}

/**
 * Finds out who sent a request, by HTTP Basic alone.
 * @throws NotAuthenticated, NotAuthorised, Overloaded, CallerLeft, the signal's reason
 */
export async function identifiedByBasic(
  { authenticator, protocol, onClient }: BasicIdentificationParts,
  { headers, remoteAddress, signal }: LegacyHttpHead,
): Promise<LegacyClient> {
  const credentials = readBasicCredentials(headers['authorization']);
  if (credentials === undefined) throw new NotAuthenticated('HTTP does not say who is asking');
  const client = await authenticator.authenticate({ ...credentials, remoteAddress }, signal);
  onClient(client);
  // Nobody would hear of what is done from here on.
  if (signal.aborted) throw callerLeft();
  requireAdmitted(client, protocol, remoteAddress);
  return client;
}
