import type { AuditTrail } from '../../../operations/audit-trail.js';
import type { EventSink } from '../../../operations/events.js';
import type { PersonReferences } from '../../../registry/person-references.js';
import type { PersonRegistry } from '../../../registry/person-registry.js';
import type { Clock } from '../../../runtime/clock.js';
import type { CorrelationId } from '../../../runtime/correlation.js';
import type { Random } from '../../../runtime/random.js';
import type { Decision } from './decision.js';
import type { OutgoingConnection } from './outgoing-connection.js';
import type { NotificationQueue } from './queue.js';
import type { Receiver } from './receiver.js';
import type { Subscriptions } from './subscriptions.js';

/** What a sender is made of. */
export interface SenderParts {
  readonly receiver: Receiver;
  /** Never from what is kept: what is sent has to be true when it is sent (Safety S1, S10). */
  readonly registry: Pick<PersonRegistry, 'lookupMany'>;
  readonly references: PersonReferences;
  readonly queue: NotificationQueue;
  readonly subscriptions: Subscriptions;
  readonly connection: Pick<OutgoingConnection, 'open' | 'exchange' | 'close'>;
  /** Writes the message that a decision is for. */
  readonly write: (message: MessageToWrite) => Uint8Array;
  readonly audit: AuditTrail;
  readonly limits: SenderLimits;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
}

/** Times in milliseconds. */
export interface SenderLimits {
  /** For a question to the register. */
  readonly lookup: number;
  /** For what goes over the connection, from connecting to the end of the answer. */
  readonly exchange: number;
  /** For how long a message is tried. */
  readonly retry: number;
}

/** A message that is about to be sent. */
export interface MessageToWrite {
  readonly decision: Extract<Decision, { readonly send: 'A28' | 'A31' | 'A40' }>;
  readonly controlId: string;
  /** When the change was seen. */
  readonly seenAt: Date;
  readonly correlationId: CorrelationId;
}
