import type { Transliteration } from '../../../charset/transliteration.js';
import type { AuditTrail } from '../../../operations/audit-trail.js';
import type { EventSink } from '../../../operations/events.js';
import type { ChangeNews } from '../../../registry/change-news.js';
import type { PersonReferences } from '../../../registry/person-references.js';
import type { PersonRegistry } from '../../../registry/person-registry.js';
import type { Clock } from '../../../runtime/clock.js';
import type { Random } from '../../../runtime/random.js';
import type { HeaderParty } from '../message/header.js';
import type { PersonSegments } from '../person/person-segments.js';
import { messageWriter } from './messages.js';
import { OutgoingConnection, type ReceiverAddress } from './outgoing-connection.js';
import { Planner } from './planner.js';
import type { NotificationQueue, QueueCounts } from './queue.js';
import type { Receiver } from './receiver.js';
import { Sender } from './sender.js';
import type { Subscriptions } from './subscriptions.js';

/** A receiver, and where it listens. */
export interface AddressedReceiver extends Receiver {
  readonly address: ReceiverAddress;
}

/** What telling receivers of changes takes. */
export interface NotificationsParts {
  readonly receivers: readonly AddressedReceiver[];
  /** MSH-3 and MSH-4. */
  readonly sender: HeaderParty;
  readonly news: ChangeNews;
  readonly references: PersonReferences;
  /** Behind the access profiles. */
  readonly registry: Pick<PersonRegistry, 'lookupMany'>;
  readonly people: PersonSegments;
  readonly transliteration: Transliteration;
  readonly queue: NotificationQueue;
  readonly subscriptions: Subscriptions;
  readonly audit: AuditTrail;
  readonly settings: NotificationSettings;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
}

/** How long things may take. */
export interface NotificationSettings {
  readonly retryHours: number;
  readonly answerSeconds: number;
  readonly requestDeadlineSeconds: number;
}

/** Tells receivers of changes, once it is run. */
export interface Notifications {
  /** Runs until the signal aborts; resolves when nothing is touched any more. */
  run(signal: AbortSignal): Promise<void>;
  /** There may be news. */
  wake(): void;
  /** How it stands; for health. @throws StoreFailed */
  state(): NotificationsState;
}

/** How it stands. */
export interface NotificationsState extends QueueCounts {
  /** Receivers that could not be reached at the last attempt. */
  readonly unreachable: readonly string[];
  /** The code of what keeps changes from being looked through. */
  readonly trouble: string | undefined;
  /** The codes of what keeps people from being looked up for some receiver. */
  readonly lookupTroubles: readonly string[];
}

const CONNECT_MILLISECONDS = 10_000;

/** Puts it together. Nothing is touched before it is run. */
export function createNotifications(parts: NotificationsParts): Notifications {
  const { settings, events, clock } = parts;
  const answer = settings.answerSeconds * 1_000;
  const senders = parts.receivers.map(
    (receiver) =>
      new Sender({
        ...parts,
        receiver,
        connection: new OutgoingConnection(
          receiver.address,
          { connect: CONNECT_MILLISECONDS, answer },
          clock,
        ),
        write: messageWriter({ ...parts, receiver }),
        limits: {
          lookup: settings.requestDeadlineSeconds * 1_000,
          exchange: CONNECT_MILLISECONDS + answer,
          retry: settings.retryHours * 60 * 60_000,
        },
      }),
  );
  const planner = new Planner({
    ...parts,
    onQueued: () => {
      for (const sender of senders) sender.wake();
    },
    events,
  });
  return {
    run: async (signal) => {
      await Promise.all([planner, ...senders].map((one) => one.run(signal)));
    },
    wake: () => {
      planner.wake();
    },
    state: () => ({
      ...parts.queue.counts(),
      unreachable: senders.flatMap(({ receiver, unreachable }) =>
        unreachable === undefined ? [] : [receiver],
      ),
      trouble: planner.trouble,
      lookupTroubles: [...new Set(senders.flatMap(({ trouble }) => trouble ?? []))],
    }),
  };
}
