import type { Hl7v2Endpoint } from './endpoint.js';
import { createMessageEndpoint, type MessageEndpointParts } from './message-endpoint.js';

/** What HL7 v2 is made of. */
export type Hl7v2ServiceParts = Omit<MessageEndpointParts, 'operations'>;

/** Puts HL7 v2 together: what may be asked, and the way of a message to its answer. */
export function createHl7v2Service(parts: Hl7v2ServiceParts): Hl7v2Endpoint {
  return createMessageEndpoint({ ...parts, operations: [] });
}
