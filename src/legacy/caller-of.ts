import type { LegacyClient, Protocol } from '../access/legacy-client.js';
import type { Route } from '../registry/cutover/route.js';
import type { AnsweredBy, Caller, KeptSource } from '../registry/person-registry.js';
import type { CorrelationId } from '../runtime/correlation.js';

/** What the registry tells of a request, for the audit trail. */
export interface RequestProvenance {
  /** Where something of the answer came from that did not come straight from the register. */
  keptSource: KeptSource | null;
  /** Who answered while there are two registers, each way once. */
  answeredBy: readonly AnsweredBy[];
}

/** What the registry is told of a request, and tells back. */
export interface AskingRequest extends RequestProvenance {
  readonly correlationId: CorrelationId;
}

/** What is asked, and within which time. */
export interface Asking extends Required<Pick<Caller, 'signal' | 'deadline'>> {
  readonly protocol: Protocol;
  readonly operation: string;
  /** As a tester's header says. */
  readonly wantedRoute?: Route | undefined;
}

/** The client of a request as the registry knows it, while the request lasts. */
export function callerOf(client: LegacyClient, request: AskingRequest, asking: Asking): Caller {
  return {
    clientId: client.id,
    organisation: client.organisation,
    access: client.access,
    visible: client.visible,
    correlationId: request.correlationId,
    ...asking,
    onKept: (source) => {
      // Of several, the one that tells more is what the audit trail has to say (Safety S10).
      if (request.keptSource !== 'stale-cache') request.keptSource = source;
    },
    onAnswered: (by) => {
      const known = request.answeredBy.some(
        ({ route, source }) => route === by.route && source === by.source,
      );
      if (!known) request.answeredBy = [...request.answeredBy, by];
    },
  };
}
