import type { LegacyClient } from '../access/legacy-client.js';
import type { Caller, KeptSource } from '../registry/person-registry.js';
import type { CorrelationId } from '../runtime/correlation.js';

/** What the registry is told of a request, and tells back. */
export interface AskingRequest {
  readonly correlationId: CorrelationId;
  /** Where something of the answer came from that did not come straight from the register. */
  keptSource: KeptSource | null;
}

/** The client of a request as the registry knows it, while the request lasts. */
export function callerOf(
  client: LegacyClient,
  request: AskingRequest,
  { signal, deadline }: Required<Pick<Caller, 'signal' | 'deadline'>>,
): Caller {
  return {
    clientId: client.id,
    organisation: client.organisation,
    access: client.access,
    visible: client.visible,
    correlationId: request.correlationId,
    signal,
    deadline,
    onKept: (source) => {
      // Of several, the one that tells more is what the audit trail has to say (Safety S10).
      if (request.keptSource !== 'stale-cache') request.keptSource = source;
    },
  };
}
