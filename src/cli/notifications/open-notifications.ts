import { readFileSync } from 'node:fs';
import { clientFrom } from '../../access/accounts.js';
import type { LegacyClient } from '../../access/legacy-client.js';
import type { Transliteration } from '../../charset/transliteration.js';
import { tlsSource, type AdapterConfiguration } from '../../config/adapter-configuration.js';
import type { NotificationSettings } from '../../config/schema.js';
import { readTlsMaterial } from '../../config/tls-material.js';
import { Hl7v2Codes } from '../../legacy/hl7v2/codes.js';
import type { OutgoingTls } from '../../legacy/hl7v2/notifications/outgoing-connection.js';
import {
  createNotifications,
  type AddressedReceiver,
  type Notifications,
} from '../../legacy/hl7v2/notifications/service.js';
import { SubscribingRegistry } from '../../legacy/hl7v2/notifications/subscribing-registry.js';
import { PersonSegments } from '../../legacy/hl7v2/person/person-segments.js';
import type { Adapter } from '../../main.js';
import type { Mappings } from '../../mapping/person-mapper.js';
import type { AuditTrail } from '../../operations/audit-trail.js';
import type { EventSink } from '../../operations/events.js';
import { NewsOfLog } from '../../registry/changes/news-of-log.js';
import type { PersonRegistry } from '../../registry/person-registry.js';
import type { Clock } from '../../runtime/clock.js';
import { isLoopback } from '../../runtime/loopback.js';
import type { Random } from '../../runtime/random.js';
import type { Store } from '../../store/store.js';
import type { LiveParts } from '../live-parts.js';
import type { LiveSettings } from '../live-settings.js';

/** What telling receivers of changes is opened on. */
export interface NotificationSources {
  readonly configuration: AdapterConfiguration;
  readonly live: LiveParts;
  readonly adapter: Pick<Adapter, 'unfollowedRegistry' | 'references'>;
  readonly mappings: Mappings;
  readonly transliteration: Transliteration;
  readonly audit: AuditTrail;
  readonly store: Store;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly random: Random;
}

/** Puts together what tells receivers of changes; undefined where nobody is told. @throws what node:fs throws for certificates */
export function openNotifications({
  configuration,
  live,
  adapter,
  mappings,
  store,
  ...sources
}: NotificationSources): Notifications | undefined {
  const { hl7v2, listeners } = configuration;
  const { notifications: settings } = hl7v2;
  if (!settings.enabled) return undefined;
  const { requestDeadlineSeconds } = listeners.legacy;
  return createNotifications({
    ...sources,
    receivers: receiversOf(configuration, live),
    sender: { application: settings.application, facility: settings.facility ?? '' },
    news: new NewsOfLog(store.changeLog),
    references: adapter.references,
    // Whom a message tells of is nobody whom the client looked up.
    registry: adapter.unfollowedRegistry,
    people: new PersonSegments(new Hl7v2Codes(mappings.codes, hl7v2.identifierTypes)),
    queue: store.notifications,
    subscriptions: store.subscriptions,
    settings: { ...settings, requestDeadlineSeconds },
  });
}

/** Has receivers follow whom their clients look up; undefined where nobody wants that. */
export function followingLookups(
  configuration: AdapterConfiguration,
  live: LiveParts,
  { subscriptions }: Store,
): ((registry: PersonRegistry) => PersonRegistry) | undefined {
  const { enabled, receivers } = configuration.hl7v2.notifications;
  if (!enabled || !receivers.some(({ subscribeOnLookup }) => subscribeOnLookup)) return undefined;
  const all = receiversOf(configuration, live);
  return (registry) => new SubscribingRegistry(registry, subscriptions, all);
}

/** The receivers whose messages can be read on the way to another machine, by the names they have in the configuration. */
export function plaintextReceivers({
  hl7v2: { notifications },
}: Pick<AdapterConfiguration, 'hl7v2'>): readonly string[] {
  if (!notifications.enabled) return [];
  return notifications.receivers
    .filter(({ host, tls }) => tls === undefined && !isLoopback(host))
    .map(({ id }) => `hl7v2.notifications.receivers (${id})`);
}

function receiversOf({ hl7v2 }: AdapterConfiguration, live: LiveParts): readonly AddressedReceiver[] {
  return hl7v2.notifications.receivers.map((receiver): AddressedReceiver => {
    const client = live.follow((settings) => clientOf(receiver, settings));
    const atStart = client();
    if (atStart === undefined) throw new TypeError('hl7v2.notifications.receivers was not checked');
    const { id, host, port, application, facility = '', version, charset, processingId, events } = receiver;
    return {
      id,
      // Nothing is told any more on behalf of a client that is gone, so that it does not matter what it was.
      get client() {
        return client() ?? atStart;
      },
      isOff: () => client() === undefined,
      party: { application, facility },
      version,
      charset,
      processingId,
      events: new Set(events),
      subscribesOnLookup: receiver.subscribeOnLookup,
      address: { host, port, tls: tlsOf(receiver) },
    };
  });
}

/** On whose behalf the receiver is told; undefined when that client is gone, switched off, or without HL7 v2 by now. */
function clientOf(
  receiver: NotificationSettings['receivers'][number],
  { clients, profiles }: LiveSettings,
): LegacyClient | undefined {
  const settings = clients.find(
    ({ id, enabled, protocols }) => id === receiver.client && enabled && protocols.includes('hl7v2'),
  );
  return settings && clientFrom(settings, profiles);
}

/** TLS unless there is none by name, or nobody but this machine is at the other end. */
function tlsOf({ tls }: NotificationSettings['receivers'][number]): OutgoingTls | undefined {
  if (tls === undefined) return undefined;
  const source = tlsSource(tls);
  return {
    ...(source === undefined ? {} : readTlsMaterial(source)),
    ...(tls.caFile === undefined ? {} : { ca: readFileSync(tls.caFile) }),
  };
}
