import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { accountsFrom } from '../access/accounts.js';
import { createClientDirectory } from '../access/client-directory.js';
import { createPasswordAuthenticator } from '../access/password-authenticator.js';
import { loadTransliteration } from '../charset/transliteration.js';
import type { AdapterConfiguration } from '../config/adapter-configuration.js';
import { loadMappings } from '../config/mapping-files.js';
import { packageRoot } from '../config/package-root.js';
import { readTlsMaterial } from '../config/tls-material.js';
import { politeTo } from '../legacy/filematch/jobs/politeness.js';
import type { Filematch } from '../legacy/filematch/service.js';
import type { Notifications } from '../legacy/hl7v2/notifications/service.js';
import { loadTypeTable } from '../legacy/hl7v3/schema/load-type-table.js';
import { loadContract } from '../legacy/preg-xml/schema/load-contract.js';
import { createLegacyListener } from '../legacy/listener.js';
import { PeopleWaiting } from '../legacy/people-waiting.js';
import { createAdapter, createFollower, createUpstream, type Adapter } from '../main.js';
import { createEventBus, type EventBus } from '../operations/event-bus.js';
import { createEventLog } from '../operations/event-log.js';
import {
  plaintextCheck,
  storeCheck,
  watchStaleAnswers,
  watchToken,
  watchUpstream,
} from '../operations/health-checks.js';
import { filematchCheck } from '../operations/filematch-check.js';
import { followerCheck } from '../operations/follower-check.js';
import { notificationsCheck } from '../operations/notifications-check.js';
import { watchClock } from '../operations/clock-check.js';
import { createHealth, type Health, type HealthCheck } from '../operations/health.js';
import { keyCheck, type KeyState } from '../operations/key-check.js';
import { createOperationsListener } from '../operations/listener.js';
import { createLogger, type Logger } from '../operations/logger.js';
import { createRetention, type Forgettable } from '../operations/retention.js';
import type { EventFollower } from '../registry/persontjenesten/events/follower.js';
import { lagLimit } from '../registry/persontjenesten/events/lag-limit.js';
import type { Clock } from '../runtime/clock.js';
import { parseNetworkList } from '../runtime/network-list.js';
import type { Random } from '../runtime/random.js';
import { JointAuditTrail } from '../store/joint-audit-trail.js';
import { openStore, type Store } from '../store/store.js';
import { certificateAuthority } from './certificate-authority.js';
import { Closing } from './closing.js';
import { openFilematch } from './filematch/open-filematch.js';
import { workOf } from './filematch/work-at-hand.js';
import {
  followingLookups,
  openNotifications,
  plaintextReceivers,
} from './notifications/open-notifications.js';
import { openMllp } from './open-mllp.js';
import { plaintextListeners } from './plaintext-listeners.js';

/** What a process around an adapter is made of. */
export interface ProcessParts {
  readonly configuration: AdapterConfiguration;
  readonly clock: Clock;
  readonly random: Random;
  /** Where log lines go. */
  readonly log: Writable;
}

/** An adapter with its store, its log and its way out, but without listeners. */
export interface OpenedAdapter {
  readonly adapter: Adapter;
  /** Works once it is run, and heeds those whom `people` sees. */
  readonly filematch: Filematch;
  readonly people: PeopleWaiting;
  readonly store: Store;
  readonly events: EventBus;
  readonly logger: Logger;
  /** Follows the event feed once it is run; undefined where nobody wants to know. */
  readonly follower: EventFollower | undefined;
  /** Tells receivers of changes once it is run; undefined where nobody is told. */
  readonly notifications: Notifications | undefined;
  /** What is known of the key that HelseID knows us by. */
  readonly keyState: () => KeyState;
  close(): Promise<void>;
}

/** Opens everything behind the front doors. @throws StoreUnavailable, UnusableKey, or what a broken mapping file gives */
export async function openAdapter({
  configuration,
  clock,
  random,
  log,
}: ProcessParts): Promise<OpenedAdapter> {
  const closing = new Closing();
  try {
    const logger = createLogger({ ...configuration.logging, stream: log, clock });
    closing.add(() => logger.close());
    const events = createEventBus(logger);
    events.subscribe(createEventLog(logger));
    const store = openStore({
      directory: configuration.data.directory,
      ...configuration.store,
      clock,
      random,
    });
    closing.add(() => {
      store.close();
    });
    const upstream = await createUpstream({
      settings: configuration,
      certificateAuthority: certificateAuthority(configuration),
      proxy: configuration.outbound.proxy,
      events,
      clock,
      random,
    });
    closing.add(() => {
      upstream.close();
    });
    const settings = configuration.events;
    const accounts = accountsFrom(configuration, store.clientSecrets);
    const folder = join(packageRoot(), 'mappings');
    const mappings = await loadMappings(folder);
    const authenticator = createPasswordAuthenticator({
      accounts,
      nonces: store.nonces,
      clock,
      random,
      events,
    });
    const audit = new JointAuditTrail(store.audit);
    const transliteration = await loadTransliteration(folder);
    const adapter = createAdapter({
      settings: configuration,
      mappings,
      types: await loadTypeTable(join(folder, 'hl7v3', 'types.yaml')),
      contract: await loadContract(
        join(folder, 'preg-xml', 'contract.yaml'),
        configuration.pregXml.contractVersion,
      ),
      transliteration,
      authenticator,
      clients: createClientDirectory(accounts),
      contexts: store.contexts,
      contextSeal: store.contextSeal,
      continuations: store.continuations,
      audit,
      helpNumbers: store.helpNumbers,
      followed: settings.enabled ? { log: store.changeLog, limits: settings } : undefined,
      transport: upstream.transport,
      followingLookups: followingLookups(configuration, store),
      events,
      clock,
      random,
    });
    const { cache } = adapter;
    if (cache !== undefined) {
      closing.add(() => {
        cache.close();
      });
    }
    const notifications = openNotifications({
      configuration,
      adapter,
      mappings,
      transliteration,
      audit,
      store,
      events,
      clock,
      random,
    });
    const follower = settings.enabled
      ? createFollower({
          settings,
          version: configuration.persontjenesten.version,
          transport: upstream.feedTransport,
          log: store.changeLog,
          onTurn: () => {
            cache?.refresh();
            notifications?.wake();
          },
          events,
          clock,
          random,
        })
      : undefined;
    const people = new PeopleWaiting(clock);
    const filematch = await openFilematch({
      configuration,
      mappings,
      // A list that is compared is no list of whom to follow.
      registry: adapter.unfollowedRegistry,
      authenticator,
      audit,
      store,
      politeness: politeTo(people, clock),
      events,
      clock,
      random,
    });
    return {
      adapter,
      filematch,
      people,
      store,
      events,
      logger,
      follower,
      notifications,
      keyState: () => upstream.keyState(),
      close: () => closing.run(),
    };
  } catch (error) {
    await closing.run();
    throw error;
  }
}

/** An adapter that serves. */
export interface RunningAdapter {
  readonly legacy: ListeningOn;
  /** Undefined where nobody is listened to over MLLP. */
  readonly mllp: ListeningOn | undefined;
  readonly operations: ListeningOn;
  /** Takes nothing new, finishes what is in flight, closes everything. */
  stop(): Promise<void>;
}

/** Where a listener listens. */
export interface ListeningOn {
  readonly host: string;
  readonly port: number;
}

/** Opens the adapter and its listeners. @throws as {@link openAdapter}, and ListenerUnavailable */
export async function serveAdapter(parts: ProcessParts): Promise<RunningAdapter> {
  const closing = new Closing();
  try {
    const opened = await openAdapter(parts);
    closing.add(() => opened.close());
    const { configuration, clock } = parts;
    const health = healthOf(opened, configuration, clock);
    let isOpen = false;
    const opening = (name: string): HealthCheck => {
      return () =>
        isOpen ? { status: 'ok' } : { status: 'failed', reason: `the ${name} listener is not open yet` };
    };
    health.register('legacy', opening('legacy'));
    if (configuration.listeners.mllp !== undefined) health.register('mllp', opening('MLLP'));
    const { follower, filematch, notifications } = opened;
    if (follower !== undefined) closing.add(untilStopped((signal) => follower.run(signal)));
    const retention = createRetention({
      audit: opened.store.audit,
      forgettable: [
        opened.store.contexts,
        opened.store.nonces,
        opened.store.continuations,
        eventsOf(opened.store, configuration),
        ...notificationsOf(opened.store, configuration),
      ],
      retentionDays: configuration.audit.retentionDays,
      clock,
      logger: opened.logger,
    });
    retention.start();
    closing.add(() => retention.stop());
    const operations = createOperationsListener({ ...configuration.listeners.operations, health });
    const operationsAt = await operations.start();
    closing.add(() => operations.stop());
    const { legacy } = configuration.listeners;
    const listener = createLegacyListener({
      doors: opened.adapter.doors.map((door) => opened.people.at(door)),
      streamingDoors: filematch.door === undefined ? [] : [filematch.door],
      settings: { ...legacy, trustedProxies: networksOf(legacy.trustedProxies) },
      tls: legacy.tls === undefined ? undefined : readTlsMaterial(legacy.tls),
      logger: opened.logger.with({ module: 'listener' }),
      clock,
    });
    const mllp = openMllp({
      configuration,
      endpoint: opened.adapter.hl7v2,
      people: opened.people,
      events: opened.events,
      clock,
    });
    // A request that has begun may take its whole deadline to end.
    const grace = legacy.requestDeadlineSeconds * 1000;
    closing.add(async () => {
      await Promise.all([listener.stop(grace), mllp?.stop(grace)]);
    });
    const legacyAt = await listener.start();
    const mllpAt = await mllp?.start();
    isOpen = true;
    // What they leave is on the disk, and goes on at the next start.
    closing.add(
      untilStopped(async (signal) => {
        await Promise.all([
          filematch.jobs.run(signal),
          filematch.folders.run(signal),
          notifications?.run(signal),
        ]);
      }),
    );
    closing.add(() => {
      health.stopping();
    });
    return { legacy: legacyAt, mllp: mllpAt, operations: operationsAt, stop: () => closing.run() };
  } catch (error) {
    await closing.run();
    throw error;
  }
}

/** Runs something until what is given back is called. */
function untilStopped(run: (signal: AbortSignal) => Promise<void>): () => Promise<void> {
  const stopping = new AbortController();
  const running = run(stopping.signal);
  return () => {
    stopping.abort();
    return running;
  };
}

const DAY = 24 * 60 * 60_000;

/** Events grow old by a setting of their own, also where they are not followed any more. */
function eventsOf({ changeLog }: Store, { events }: AdapterConfiguration): Forgettable {
  return {
    forgetBefore: (now) => changeLog.purgeBefore(new Date(now.getTime() - events.retentionDays * DAY)),
  };
}

/** Whom clients looked up long ago, what was given up and looked at, and what is for nobody any more; also where nobody is told. */
function notificationsOf(
  { notifications, subscriptions }: Store,
  { hl7v2 }: AdapterConfiguration,
): readonly Forgettable[] {
  const { lookupDays, deadLetterDays, receivers } = hl7v2.notifications;
  const known = receivers.map(({ id }) => id);
  return [
    { forgetBefore: (now) => subscriptions.forgetBefore(new Date(now.getTime() - lookupDays * DAY)) },
    { forgetBefore: (now) => notifications.forgetBefore(new Date(now.getTime() - deadLetterDays * DAY)) },
    {
      forgetBefore: (now) =>
        notifications.forgetOthers(known, new Date(now.getTime() - deadLetterDays * DAY)),
    },
  ];
}

function healthOf(
  { store, events, logger, follower, notifications, filematch, keyState }: OpenedAdapter,
  { listeners, hl7v2, events: followed, upstream: settings }: AdapterConfiguration,
  clock: Clock,
): Health {
  const health = createHealth(logger);
  const upstream = watchUpstream(clock);
  const token = watchToken(clock);
  const clocks = watchClock();
  events.subscribe(upstream.listener);
  events.subscribe(token.listener);
  events.subscribe(clocks.listener);
  health.register('store', storeCheck(store));
  health.register('persontjenesten', upstream.check);
  health.register('token', token.check);
  health.register('key', keyCheck(keyState, clock));
  health.register('clock', clocks.check);
  if (follower !== undefined) {
    const following = {
      state: () => store.changeLog.state(),
      trouble: () => follower.trouble,
      lagLimit: lagLimit(followed.pollSeconds),
    };
    health.register('events', followerCheck(following, clock));
  }
  if (settings.cache.enabled && settings.cache.staleWhileDown) {
    const stale = watchStaleAnswers(clock);
    events.subscribe(stale.listener);
    health.register('cache', stale.check);
  }
  if (notifications !== undefined) {
    health.register(
      'notifications',
      notificationsCheck(() => notifications.state(), clock),
    );
  }
  health.register('filematch', filematchCheck(workOf(filematch), clock));
  health.register(
    'plaintext',
    plaintextCheck([...plaintextListeners(listeners), ...plaintextReceivers({ hl7v2 })]),
  );
  return health;
}

function networksOf(networks: readonly string[]): NonNullable<ReturnType<typeof parseNetworkList>> {
  const list = parseNetworkList(networks);
  if (list === undefined) throw new TypeError('listeners.legacy.trustedProxies was not checked');
  return list;
}
