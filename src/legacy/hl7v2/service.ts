import type { Hl7v2Endpoint } from './endpoint.js';
import {
  createMessageEndpoint,
  type MessageEndpointParts,
  type MessageEndpointSettings,
} from './message-endpoint.js';
import {
  createHl7v2Operations,
  type Hl7v2OperationParts,
  type Hl7v2OperationSettings,
} from './operations/create-operations.js';

/** What HL7 v2 is made of. */
export interface Hl7v2ServiceParts
  extends Omit<MessageEndpointParts, 'operations' | 'settings'>, Omit<Hl7v2OperationParts, 'settings'> {
  readonly settings: MessageEndpointSettings & Hl7v2OperationSettings;
}

/** Puts HL7 v2 together: what may be asked, and the way of a message to its answer. */
export function createHl7v2Service(parts: Hl7v2ServiceParts): Hl7v2Endpoint {
  return createMessageEndpoint({ ...parts, operations: createHl7v2Operations(parts) });
}
