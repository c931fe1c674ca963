import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { accountsFrom } from '../access/accounts.js';
import { KnownAccounts } from '../access/known-accounts.js';
import { createClientDirectory } from '../access/client-directory.js';
import { RateLimits } from '../access/rate-limits.js';
import { createPasswordAuthenticator } from '../access/password-authenticator.js';
import { loadTransliteration } from '../charset/transliteration.js';
import type { AdapterConfiguration } from '../config/adapter-configuration.js';
import { loadMappings } from '../config/mapping-files.js';
import { purposesIn } from '../config/audit-purposes.js';
import { packageRoot } from '../config/package-root.js';
import { politeTo } from '../legacy/filematch/jobs/politeness.js';
import type { Filematch } from '../legacy/filematch/service.js';
import type { Notifications } from '../legacy/hl7v2/notifications/service.js';
import { loadTypeTable } from '../legacy/hl7v3/schema/load-type-table.js';
import { loadContract } from '../contract/preg-xml/load-contract.js';
import { PeopleWaiting } from '../legacy/people-waiting.js';
import type { Mappings } from '../mapping/person-mapper.js';
import { createAdapter, type Adapter } from '../main.js';
import { createFollower, createUpstream } from '../upstream.js';
import { AuditPolicy } from '../operations/audit-policy.js';
import { createEventBus, type EventBus } from '../operations/event-bus.js';
import { createEventLog } from '../operations/event-log.js';
import { RepeatedRefusals } from '../operations/repeated-refusals.js';
import type { KeyState } from '../operations/key-check.js';
import { createLogger, type Logger } from '../operations/logger.js';
import type { Transport } from '../registry/persontjenesten/transport.js';
import type { EventFollower } from '../registry/persontjenesten/events/follower.js';
import type { Cutover, CutoverState } from '../registry/cutover/cutover.js';
import { TracedRegistry } from '../registry/traced-registry.js';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import { JointAuditTrail } from '../store/joint-audit-trail.js';
import { openStore, type Store } from '../store/store.js';
import { certificateAuthority } from './certificate-authority.js';
import { Closing } from './closing.js';
import { openCutover } from './cutover/open-cutover.js';
import { openFilematch } from './filematch/open-filematch.js';
import { LiveParts } from './live-parts.js';
import { followingLookups, openNotifications } from './notifications/open-notifications.js';

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
  readonly mappings: Mappings;
  readonly events: EventBus;
  readonly logger: Logger;
  /** Follows the event feed once it is run; undefined where nobody wants to know. */
  readonly follower: EventFollower | undefined;
  /** Tells receivers of changes once it is run; undefined where nobody is told. */
  readonly notifications: Notifications | undefined;
  /** The way to Persontjenesten, for who asks whether it is there. */
  readonly transport: Transport;
  /** What is known of the key that HelseID knows us by. */
  readonly keyState: () => KeyState;
  /** How the cutover is; undefined where there is none. */
  readonly cutoverState: () => CutoverState | undefined;
  /** Writes down from time to time what clients use, until the signal aborts. */
  readonly countUsage: (signal: AbortSignal) => Promise<void>;
  /** What can change while it runs, and who follows the change. */
  readonly live: LiveParts;
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
    const live = new LiveParts(configuration);
    live.add(({ logging }) => () => {
      logger.setLevels(logging);
    });
    const purposes = live.follow(purposesIn);
    const store = openStore({
      directory: configuration.data.directory,
      ...configuration.store,
      purposeOf: (clientId) => purposes()(clientId),
      clock,
      random,
    });
    closing.add(() => {
      store.close();
    });
    const { whenUnwritable } = configuration.audit;
    const audit = new RepeatedRefusals(
      new AuditPolicy(new JointAuditTrail(store.audit, clock), whenUnwritable, events),
      { events, clock },
    );
    closing.add(() => audit.close());
    events.subscribe(createEventLog(logger, (correlationId) => audit.isCounted(correlationId)));
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
    const accounts = new KnownAccounts(accountsFrom(configuration, store.clientSecrets));
    live.add((next) => {
      const fresh = accountsFrom(next, store.clientSecrets);
      return () => {
        accounts.replace(fresh);
      };
    });
    const folder = join(packageRoot(), 'mappings');
    const mappings = await loadMappings(folder);
    const rates = new RateLimits(clock);
    const authenticator = createPasswordAuthenticator({
      accounts,
      nonces: store.nonces,
      clock,
      random,
      events,
    });
    const transliteration = await loadTransliteration(folder);
    const contracts = join(folder, 'preg-xml', 'contract.yaml');
    const people = new PeopleWaiting(clock);
    const opened = await openCutover({
      configuration,
      live,
      folder,
      mappings,
      contract: await loadContract(contracts, '2018'),
      store,
      people,
      events,
      clock,
      random,
    });
    closing.add(() => opened.close());
    let cutover: Cutover | undefined;
    const adapter = createAdapter({
      settings: configuration,
      mappings,
      types: await loadTypeTable(join(folder, 'hl7v3', 'types.yaml')),
      contract: await loadContract(contracts, configuration.pregXml.contractVersion),
      transliteration,
      authenticator,
      rates,
      clients: createClientDirectory(accounts),
      contexts: store.contexts,
      contextSeal: store.contextSeal,
      continuations: store.continuations,
      audit,
      helpNumbers: store.helpNumbers,
      followed: settings.enabled ? { log: store.changeLog, limits: settings } : undefined,
      transport: upstream.transport,
      cutover: {
        over: (persontjenesten, withHelpNumbers) => {
          cutover = opened.over(persontjenesten, withHelpNumbers);
          return cutover.registry;
        },
        old: opened.old,
      },
      followingLookups: followingLookups(configuration, live, store),
      traced:
        configuration.logging.tracedRequests === 0
          ? undefined
          : (registry) => new TracedRegistry(registry, events, clock),
      events,
      clock,
      random,
    });
    live.add((next) => () => cutover?.reconfigure(next.cutover));
    const { cache } = adapter;
    if (cache !== undefined) {
      closing.add(() => {
        cache.close();
      });
    }
    const notifications = openNotifications({
      configuration,
      live,
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
    const filematch = await openFilematch({
      configuration,
      live,
      mappings,
      // A list that is compared is no list of whom to follow.
      registry: adapter.unfollowedRegistry,
      authenticator,
      rates,
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
      mappings,
      events,
      logger,
      follower,
      notifications,
      transport: upstream.transport,
      keyState: () => upstream.keyState(),
      cutoverState: () => cutover?.state(),
      countUsage: async (signal) => cutover?.run(signal),
      live,
      close: () => closing.run(),
    };
  } catch (error) {
    await closing.run();
    throw error;
  }
}
